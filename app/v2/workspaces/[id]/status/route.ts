import { WorkspaceStatus } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { workspaceStatus } from "@/lib/server/workspaces/status";

export const GET = route(
  {
    access: "workspace:read",
    summary: "Compare the files with the checksums they came with",
    response: WorkspaceStatus,
  },
  async ({ engine, workspace }) => workspaceStatus(engine, workspace),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
