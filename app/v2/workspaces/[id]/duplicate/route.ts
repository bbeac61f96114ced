import { WorkspaceSummary, DuplicateRequest } from "@/lib/domain/workspace";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { duplicateWorkspace } from "@/lib/server/versions/duplicate";
import { summarizeOne } from "@/lib/server/workspaces/summary";

export const POST = route(
  {
    access: "workspace:read",
    summary: "Make a new workspace from this one",
    body: DuplicateRequest,
    response: WorkspaceSummary,
  },
  async ({ engine, viewer, workspace, body }) =>
    summarizeOne(engine, await duplicateWorkspace(engine, viewer, workspace, null, body)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
