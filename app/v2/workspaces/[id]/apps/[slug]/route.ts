import { instances } from "@/lib/contract/apps";
import { conditionsOf, tagged } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { patchInstance, readInstance, uninstallApp } from "@/lib/server/workspaces/contents/apps";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(instances.read, async ({ engine, workspace, grants, params }) => {
    const { instance, oid } = await readInstance(engine, workspace, grants, params.slug);
    return tagged({ value: instance, oid });
  }),
  route(instances.patch, async ({ engine, viewer, workspace, grants, params, body, request }) => {
    const change = { slug: params.slug, patch: body, conditions: conditionsOf(request) };
    const { instance, oid } = await patchInstance(engine, viewer, workspace, grants, change);
    return tagged({ value: instance, oid });
  }),
  route(instances.uninstall, async ({ engine, viewer, workspace, params, request }) =>
    uninstallApp(engine, viewer, workspace, { slug: params.slug, conditions: conditionsOf(request) }),
  ),
);
