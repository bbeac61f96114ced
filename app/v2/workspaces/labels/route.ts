import { workspaces } from "@/lib/contract/workspaces";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { listLabels } from "@/lib/server/workspaces/list";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(workspaces.labels, async ({ engine, viewer }) => listLabels(engine, viewer)),
);
