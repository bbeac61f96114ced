import { AppError } from "@/lib/domain/error";
import { lockSentence, type WriteLock } from "@/lib/domain/write-lock";
import { newEvent } from "@/lib/domain/event";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import { namesOf } from "../access/users/names";
import type { Engine } from "../engine";
import { redactorOf } from "../secrets/hiding";
import type { Viewer } from "../viewer";

type LockEngine = Pick<Engine, "store">;
type TellingEngine = Pick<Engine, "store" | "env" | "masterKey" | "redactor">;

/** The part of a lock that people see. */
export function publicLock({ lockedAt, lockedBy, reason }: WriteLock, lockedByName?: string): WriteLock {
  return { lockedAt, lockedBy, ...(lockedByName ? { lockedByName } : {}), reason };
}

/** A manual lock; edits are refused while it stands. Throws WorkspaceLocked when another one stands. */
export async function setWriteLock(
  engine: TellingEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  reason: string | undefined,
): Promise<WriteLock> {
  const redactor = await redactorOf(engine, workspace);
  const text = reason ? redactor.text(reason) : "manual";
  return publicLock(
    await engine.store.locks.set(workspace.id, {
      reason: text,
      userId: viewer.user.id,
      events: [newEvent(viewer, "workspaces.writeLock.set", workspace.id, { reason: text })],
    }),
  );
}

/** Frees the workspace from whatever lock stands, so that its holder cannot write any more. */
export async function clearWriteLock(
  engine: TellingEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  reason: string | undefined,
): Promise<WriteLock | null> {
  const standing = (await engine.store.locks.current([workspace.id])).get(workspace.id);
  if (!standing) return null;
  const writeLock = publicLock(standing);
  const event = newEvent(viewer, "workspaces.writeLock.cleared", workspace.id, {
    writeLock,
    ...(reason ? { reason: (await redactorOf(engine, workspace)).text(reason) } : {}),
  });
  const cleared = await engine.store.locks.clear(workspace.id, [event]);
  return cleared ? publicLock(cleared) : null;
}

/** The refusal of an edit: says who holds the lock, why, and since when. */
export async function lockedError(engine: LockEngine, lock: WriteLock, userId?: string): Promise<AppError> {
  const next =
    lock.reason === "merge_conflict"
      ? "Resolve the conflict on the intermediate branch and pull, or clear the lock."
      : "Wait for it to end, or clear the lock.";
  const lockedByName = (await namesOf(engine, [lock.lockedBy])).get(lock.lockedBy);
  const sentence = lockSentence(lock, lock.lockedBy === userId ? "you" : lockedByName, Date.now());
  return new AppError("WorkspaceLocked", `${sentence} ${next}`, {
    writeLock: { ...publicLock(lock), ...(lockedByName ? { lockedByName } : {}) },
  });
}

/** Throws WorkspaceLocked while a lock stands. */
export async function refuseLocked(engine: LockEngine, workspaceId: string, userId?: string): Promise<void> {
  const lock = (await engine.store.locks.current([workspaceId])).get(workspaceId);
  if (lock) throw await lockedError(engine, lock, userId);
}
