import { groupsOf } from "@/lib/domain/bulk";
import type { SyncStatus, WorkspaceSummary } from "@/lib/domain/workspace";
import type { LockRecord, RepositoryState, WorkspaceRecord } from "@/lib/versioning/ports";
import { namesOf } from "../access/users/names";
import type { Engine } from "../engine";
import { publicLock } from "../locks/write-lock";

export type ReadEngine = Pick<Engine, "store" | "env">;

function behindOf(states: readonly RepositoryState[]): number | null | undefined {
  if (states.length === 0) return undefined;
  const known = states.flatMap(({ behind }) => (behind === null ? [] : [behind]));
  return known.length === 0 ? null : Math.max(...known);
}

function statusOf(
  record: WorkspaceRecord,
  states: readonly RepositoryState[],
  lock: LockRecord | undefined,
): SyncStatus {
  if (lock?.kind === "merge_conflict") return "conflict";
  const behind = (behindOf(states) ?? 0) > 0 || states.some(({ status }) => status === "behind");
  // A conflict whose lock was cleared is again what it was before: two sides that went on.
  if (states.some(({ status }) => status === "diverged" || status === "conflict")) return "diverged";
  if (record.dirty) return behind ? "diverged" : "dirty";
  return behind ? "behind" : "synced";
}

/** Workspaces as lists show them, with their locks and how they stand against git; three queries in all. */
export async function summarize(
  engine: ReadEngine,
  records: readonly WorkspaceRecord[],
): Promise<WorkspaceSummary[]> {
  const ids = records.map(({ id }) => id);
  const [locks, states] = await Promise.all([
    engine.store.locks.current(ids),
    engine.store.workspaces.statesOf(ids),
  ]);
  const names =
    locks.size > 0
      ? await namesOf(
          engine,
          [...locks.values()].map(({ lockedBy }) => lockedBy),
        )
      : null;
  const byWorkspace = new Map<string, RepositoryState[]>();
  for (const state of states)
    byWorkspace.set(state.workspaceId, [...(byWorkspace.get(state.workspaceId) ?? []), state]);
  return records.map((record) => {
    const lock = locks.get(record.id);
    const own = byWorkspace.get(record.id) ?? [];
    const behind = behindOf(own);
    const { id, name, description, labels, photo, dirty, lastPush, lastPull, app } = record;
    const { createdAt, createdBy, updatedAt, updatedBy } = record;
    return {
      id,
      name,
      slug: record.slug,
      ...(description === undefined ? {} : { description }),
      labels,
      ...(photo === undefined ? {} : { photo }),
      createdAt,
      createdBy,
      updatedAt,
      updatedBy,
      dirty,
      ...(lastPush ? { lastPush } : {}),
      ...(lastPull ? { lastPull } : {}),
      ...(lock ? { writeLock: publicLock(lock, names?.get(lock.lockedBy)) } : {}),
      groups: groupsOf(labels, engine.env.groups),
      syncStatus: statusOf(record, own, lock),
      ...(behind === undefined ? {} : { behind }),
      ...(app ? { app } : {}),
    };
  });
}

/** One workspace as lists show it. */
export async function summarizeOne(engine: ReadEngine, record: WorkspaceRecord): Promise<WorkspaceSummary> {
  const [summary] = await summarize(engine, [record]);
  if (!summary) throw new Error("A summary was asked for and not made.");
  return summary;
}
