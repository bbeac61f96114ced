import { z } from "zod";
import { FileSides } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { shownTo } from "@/lib/server/workspaces/edits/credentials";
import { syncFile } from "@/lib/server/versions/sync";

export const GET = route(
  {
    access: "workspace:read",
    summary: "Both sides of a changed file; of a conflict, also what they started from",
    query: z.object({
      repository: z.string().max(100).optional(),
      path: z.string(),
      side: z.enum(["changes", "updates", "conflict"]).default("changes"),
    }),
    response: FileSides,
  },
  async ({ engine, viewer, workspace, grants, query: { repository, path, side } }) =>
    syncFile(engine, viewer, workspace, {
      path,
      side,
      shown: shownTo(grants, workspace.id),
      ...(repository ? { repositoryId: repository } : {}),
    }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
