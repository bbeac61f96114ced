import type { BulkImportSummary, BulkPushSummary } from "@/lib/domain/bulk";
import type { ErrorRecord, OperationOutcome } from "@/lib/domain/operation";
import type { ImportError, Version } from "@/lib/domain/version";
import type { NewVersionRecord } from "@/lib/versioning/ports";
import type { Pushed } from "@/lib/versioning/push";
import type { OperationEnd } from "../runner";

/** A version as it leaves the process. */
export function publicVersion(version: NewVersionRecord): Version {
  return {
    name: version.name,
    createdAt: version.createdAt,
    createdBy: version.createdBy,
    ...(version.description === undefined ? {} : { description: version.description }),
    repository: { id: version.repositoryId },
    ...(version.commit === undefined ? {} : { commit: version.commit }),
    kind: version.kind,
  };
}

/** How a push ended that the target branch has; where the remote refused a ref beside it, that is said. */
export function pushEnd({ version, unchanged, missing }: Pushed): OperationEnd {
  return {
    outcome: missing ? "partial" : "succeeded",
    result: { version: publicVersion(version), unchanged },
    errors: missing ? [missing.toBody()] : [],
  };
}

function importErrors(errors: readonly ImportError[]): ErrorRecord[] {
  return errors.map(({ err, msg, ...details }) => ({
    error: err,
    message: msg,
    ...(Object.keys(details).length > 0 ? { details } : {}),
  }));
}

/** How a pull or rollback ended: imported, perhaps without some files. */
export function pullEnd(outcome: { errors: readonly ImportError[] }): OperationEnd {
  return {
    outcome: outcome.errors.length > 0 ? "partial" : "succeeded",
    result: { ...outcome },
    errors: importErrors(outcome.errors),
  };
}

function bulkOutcome(failed: number, done: number): OperationOutcome {
  if (failed === 0) return "succeeded";
  return done > 0 ? "partial" : "failed";
}

export function bulkPushEnd(summary: BulkPushSummary): OperationEnd {
  const failed = summary.errors.length + summary.mergeConflictWorkspaceIds.length;
  const done = summary.pushedWorkspaceIds.length + summary.alreadyPushedWorkspaceIds.length;
  return { outcome: bulkOutcome(failed, done), result: { ...summary }, errors: summary.errors };
}

export function bulkImportEnd(summary: BulkImportSummary): OperationEnd {
  const { createdWorkspaceIds, updatedWorkspaceIds, skippedWorkspaceIds } = summary;
  const done = createdWorkspaceIds.length + updatedWorkspaceIds.length + skippedWorkspaceIds.length;
  return {
    outcome: bulkOutcome(summary.errors.length, done),
    result: { ...summary },
    errors: summary.errors,
  };
}
