import { MatchedBy } from "@/lib/domain/bulk";
import { z } from "zod";
import { Processing } from "@/lib/domain/bulk";
import type { Operation } from "@/lib/domain/operation";
import { ImportError, ImportResult, ImportWarning } from "@/lib/domain/version";
import { PublishedApp, WorkspaceSummary } from "@/lib/domain/workspace";
import type { Engine } from "@/lib/server/engine";
import { summarizeOne } from "@/lib/server/workspaces/summary";
import { Flag, List, WatchQuery } from "../parse";

/** The query of an archive's import. */
export const ImportQuery = WatchQuery.extend({ prune: Flag.default(false) });

/** The same for many workspaces at once; with `ids`, only these are brought in. */
export const FleetImportQuery = ImportQuery.extend({ ids: List.optional() });

/** What became of an archive: of one workspace, or of all the workspaces that it holds. */
export const ArchiveResult = z.object({
  imported: z.array(z.string()),
  deleted: z.array(z.string()),
  excluded: z.array(z.string()).optional(),
  errors: z.array(ImportError),
  // What operations of earlier releases left behind has none.
  warnings: z.array(ImportWarning).default([]),
  /** The workspace imported into or created; absent where the archive held several. */
  workspace: WorkspaceSummary.optional(),
  version: ImportResult.shape.version.optional(),
  snapshot: z.object({ name: z.string() }).optional(),
  createdWorkspaceIds: z.array(z.string()),
  updatedWorkspaceIds: z.array(z.string()),
  publishedApps: z.array(PublishedApp),
  /** Every workspace of an archive of several. */
  workspaces: z
    .array(
      z.object({
        id: z.string().optional(),
        slug: z.string(),
        name: z.string(),
        status: z.enum(["created", "updated", "skipped", "error"]),
        matchedBy: MatchedBy.optional(),
      }),
    )
    .optional(),
});
export type ArchiveResult = z.infer<typeof ArchiveResult>;

export const ImportAnswer = z.union([Processing, ArchiveResult]);

/** The answer of an import that has ended. */
export async function archiveResult(engine: Engine, { result }: Operation): Promise<ArchiveResult> {
  // Checked again when it leaves: the result was stored as JSON.
  const ended = ArchiveResult.parse(result);
  if (ended.workspaces) return ended;
  const [id] = [...ended.createdWorkspaceIds, ...ended.updatedWorkspaceIds];
  const workspace = id === undefined ? null : await engine.store.workspaces.get(id);
  if (!workspace) throw new Error("A workspace was deleted between its import and the answer.");
  return { ...ended, workspace: await summarizeOne(engine, workspace) };
}
