import { WorkspaceStatus } from "@/lib/domain/api";
import { route } from "@/lib/http/route";
import { workspaceStatus } from "@/lib/server/workspaces/status";

export const GET = route(
  { access: "workspace:read", response: WorkspaceStatus },
  async ({ engine, workspace }) => workspaceStatus(engine, workspace),
);
