import { z } from "zod";
import { WorkspaceSummary, DuplicateRequest } from "@/lib/domain/workspace";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { CURRENT } from "@/lib/server/archives/export";
import { requireVersion } from "@/lib/server/versions/versions";
import { duplicateWorkspace } from "@/lib/server/versions/duplicate";
import { summarizeOne } from "@/lib/server/workspaces/summary";

export const POST = route(
  {
    access: "workspace:read",
    summary: "Make a new workspace from a version, or from `current`",
    params: z.object({ name: z.string().max(100) }),
    query: z.object({ repository: z.string().max(100).optional() }),
    body: DuplicateRequest,
    response: WorkspaceSummary,
  },
  async ({ engine, viewer, workspace, params: { name }, query: { repository }, body }) => {
    const version = name === CURRENT ? null : await requireVersion(engine, workspace, name, repository);
    return summarizeOne(engine, await duplicateWorkspace(engine, viewer, workspace, version, body));
  },
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
