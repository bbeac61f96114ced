import { instances } from "@/lib/contract/apps";
import { tagged } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { installApp, listInstances } from "@/lib/server/workspaces/contents/apps";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(instances.list, async ({ engine, workspace, grants }) => listInstances(engine, workspace, grants)),
  route(instances.install, async ({ engine, viewer, workspace, grants, body }) => {
    const { instance, oid } = await installApp(engine, viewer, workspace, grants, body);
    return tagged({ value: instance, oid });
  }),
);
