import type { Figures } from "../contract";
import type { Database } from "../database/database";

/** What the metrics tell of the database's content: counts by index, and the newest event. */
export async function figures({ read, clock }: Database): Promise<Figures> {
  const [locks, operations, workspaces, dirtyWorkspaces, newest] = await Promise.all([
    read.writeLock.groupBy({
      by: ["kind"],
      where: { kind: { not: null }, OR: [{ expiresAt: null }, { expiresAt: { gt: clock() } }] },
      _count: { _all: true },
    }),
    read.operation.groupBy({ by: ["kind"], where: { state: "running" }, _count: { _all: true } }),
    read.workspace.count(),
    read.workspace.count({ where: { dirty: true } }),
    read.event.findFirst({ orderBy: { cursor: "desc" }, select: { createdAt: true } }),
  ]);
  return {
    locks: Object.fromEntries(locks.map(({ kind, _count }) => [kind ?? "", _count._all])),
    operations: Object.fromEntries(operations.map(({ kind, _count }) => [kind, _count._all])),
    workspaces,
    dirtyWorkspaces,
    lastEventAt: newest?.createdAt.toISOString() ?? null,
  };
}
