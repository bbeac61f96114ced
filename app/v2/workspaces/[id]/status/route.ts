import { workspaces } from "@/lib/contract/workspaces";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { workspaceStatus } from "@/lib/server/workspaces/status";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(workspaces.status, async ({ engine, workspace }) => workspaceStatus(engine, workspace)),
);
