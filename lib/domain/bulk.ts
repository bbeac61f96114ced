import { z } from "zod";
import { ErrorRecord } from "./operation";
import { VersionName } from "./version";
import { WorkspaceId } from "./workspace";

/** A group: every workspace that carries one of its labels, exactly. */
export interface Group {
  name: string;
  labels: string[];
}

export function groupsOf(labels: readonly string[], groups: readonly Group[]): string[] {
  return groups
    .filter((group) => group.labels.some((label) => labels.includes(label)))
    .map((group) => group.name);
}

const RepositoryReference = z.strictObject({ id: z.string().min(1).max(100) });
const GroupNames = z.array(z.string().min(1).max(100)).max(200);

export const BulkPushRequest = z.strictObject({
  groups: GroupNames.min(1, "Choose at least one group."),
  repository: RepositoryReference.optional(),
  name: VersionName.optional(),
  description: z.string().max(5000).optional(),
  dryRun: z.boolean().optional(),
  force: z.boolean().optional(),
  /** Folders that were deleted or moved in git are written again as they are here. */
  putBack: z.boolean().optional(),
});
export type BulkPushRequest = z.infer<typeof BulkPushRequest>;

export const BulkImportRequest = z.strictObject({
  repository: RepositoryReference.optional(),
  groups: GroupNames.optional(),
  forceReimport: z.boolean().optional(),
  dryRun: z.boolean().optional(),
  prune: z.boolean().optional(),
  /** Ids of other workspaces that may replace those here whose folders they took over. */
  otherWorkspaceIds: z.array(WorkspaceId).max(1000).optional(),
});
export type BulkImportRequest = z.infer<typeof BulkImportRequest>;

export const BulkPushStatus = z.enum([
  "candidate",
  "alreadyPushed",
  "mergeConflict",
  "inProgress",
  "pushed",
  "error",
]);
export type BulkPushStatus = z.infer<typeof BulkPushStatus>;

export const BulkImportStatus = z.enum(["create", "update", "skip", "imported", "skipped", "error"]);
export type BulkImportStatus = z.infer<typeof BulkImportStatus>;

/** How the workspace of a folder was found here, in this order. */
export const MatchedBy = z.enum(["folder", "formerFolder", "id", "slug"]);
export type MatchedBy = z.infer<typeof MatchedBy>;

/** One workspace of a bulk operation; `duration` in milliseconds. */
const BulkRow = z.object({
  slug: z.string(),
  workspaceId: z.string(),
  name: z.string(),
  reason: z.string().optional(),
  errors: z.array(ErrorRecord),
  duration: z.number(),
});

export const BulkPushSummary = z.object({
  repositoryId: z.string(),
  groups: z.array(z.string()),
  version: z.string().optional(),
  dryRun: z.boolean().optional(),
  duration: z.number(),
  errors: z.array(ErrorRecord),
  pushedWorkspaceIds: z.array(z.string()),
  mergeConflictWorkspaceIds: z.array(z.string()),
  alreadyPushedWorkspaceIds: z.array(z.string()),
  workspaces: z.array(BulkRow.extend({ status: BulkPushStatus })),
});
export type BulkPushSummary = z.infer<typeof BulkPushSummary>;

export const BulkImportSummary = z.object({
  repositoryId: z.string(),
  groups: z.array(z.string()),
  dryRun: z.boolean().optional(),
  duration: z.number(),
  errors: z.array(ErrorRecord),
  // Always empty for an import; scripts written for a bulk push read it from either summary.
  mergeConflictWorkspaceIds: z.array(z.string()),
  createdWorkspaceIds: z.array(z.string()),
  updatedWorkspaceIds: z.array(z.string()),
  skippedWorkspaceIds: z.array(z.string()),
  deletedWorkspaceIds: z.array(z.string()).optional(),
  importedFilesCount: z.number(),
  deletedFilesCount: z.number(),
  cycles: z.array(z.array(z.string())),
  warnings: z.array(z.object({ slug: z.string(), message: z.string() })),
  workspaces: z.array(
    BulkRow.extend({
      status: BulkImportStatus,
      importedFilesCount: z.number().optional(),
      deletedFilesCount: z.number().optional(),
      contentDiffers: z.boolean().optional(),
      excluded: z.array(z.string()).optional(),
      matchedBy: MatchedBy.optional(),
      /** Its slug here, where its folder has another name. */
      importedAs: z.string().optional(),
    }),
  ),
});
export type BulkImportSummary = z.infer<typeof BulkImportSummary>;

export const Processing = z.object({ processing: z.literal(true) });
