import { lockSentence } from "@/lib/domain/write-lock";
import type { BulkPushStatus } from "@/lib/domain/bulk";
import type { Repository } from "@/lib/domain/repository";
import { homeOf } from "../folders/home";
import type { LockRecord, RepositoryState, WorkspaceRecord } from "../ports";

export interface Categorized {
  record: WorkspaceRecord;
  status: Extract<BulkPushStatus, "candidate" | "alreadyPushed" | "mergeConflict" | "inProgress">;
  reason?: string;
}

/** What a bulk push would do with one workspace, from what is known of it and its repository. */
export function categorize(
  record: WorkspaceRecord,
  facts: {
    repository: Repository;
    state: RepositoryState | undefined;
    lock: LockRecord | undefined;
    manifestKey: string | undefined;
    force: boolean;
    /** Who holds the lock, why and since when. */
    lockedWhy?: string;
  },
): Categorized {
  const { lock, state } = facts;
  if (lock?.kind === "merge_conflict")
    return { record, status: "mergeConflict", reason: "There is an unresolved merge conflict." };
  if (lock)
    return {
      record,
      status: "inProgress",
      reason: facts.lockedWhy ?? lockSentence(lock, undefined, Date.now()),
    };
  const unchanged =
    state !== undefined &&
    state.workspaceTree === record.tree &&
    state.manifestKey === facts.manifestKey &&
    state.directory === homeOf(facts.repository, record.slug, state);
  if (unchanged && !facts.force)
    return { record, status: "alreadyPushed", reason: "Nothing changed since the last push." };
  return { record, status: "candidate" };
}
