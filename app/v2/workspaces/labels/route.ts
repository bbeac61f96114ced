import { workspaces } from "@/lib/contract/workspaces";
import { route } from "@/lib/http/route";
import { listLabels } from "@/lib/server/workspaces/list";
import { routes } from "@/lib/http/routes";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(workspaces.labels, async ({ engine, viewer }) => listLabels(engine, viewer)),
);
