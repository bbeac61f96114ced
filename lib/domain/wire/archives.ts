import { z } from "zod";
import { MatchedBy, Processing } from "../bulk";
import { ImportError, ImportResult, ImportWarning } from "../version";
import { PublishedApp, WorkspaceSummary } from "../workspace";

const OneOrMore = z
  .union([z.string().max(200), z.array(z.string().max(200)).max(1000)])
  .transform((given) => (typeof given === "string" ? [given] : given));

/** Body of `POST /v2/workspaces/export`; the query has the filters of the list of workspaces. */
export const ExportRequest = z.strictObject({
  workspaces: z.strictObject({
    query: z
      .strictObject({
        id: OneOrMore.optional(),
        ids: OneOrMore.optional(),
        slug: z.string().max(200).optional(),
        name: z.string().max(200).optional(),
        labels: OneOrMore.optional(),
        search: z.string().max(200).optional(),
        dirty: z.boolean().optional(),
        owned: z.boolean().optional(),
        group: z.string().max(100).optional(),
      })
      .default({}),
  }),
  includeApps: z.boolean().default(false),
});
export type ExportRequest = z.output<typeof ExportRequest>;

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
