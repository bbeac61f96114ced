import type { NewEvent } from "@/lib/domain/event";
import type { LockRecord } from "@/lib/versioning/ports";
import type { Database } from "../database/database";
import { appendEvents } from "../events/append";
import { holdLocks, lockedError, standing } from "../locks/lock-rows";
import { revokeLocks } from "../locks/locks";

/**
 * Forgets what a workspace and a repository had in common, and a conflict between the two with its lock. The events tell
 * of the lock. Throws WorkspaceLocked under any other lock.
 */
export async function forgetRepository(
  database: Database,
  workspaceId: string,
  repositoryId: string,
  events: readonly NewEvent[],
): Promise<{ forgotten: boolean; cleared: LockRecord | null }> {
  return database.transaction(async (unit) => {
    const row = (await holdLocks(unit, [workspaceId])).get(workspaceId);
    const lock = row ? standing(row) : null;
    if (lock && lock.kind !== "merge_conflict") throw lockedError(lock);
    const cleared = lock?.repositoryId === repositoryId ? lock : null;
    if (cleared) {
      await revokeLocks(unit, [workspaceId]);
      await appendEvents(unit, events);
    }
    const { count } = await unit.db.repositoryState.deleteMany({ where: { workspaceId, repositoryId } });
    return { forgotten: count > 0, cleared };
  });
}
