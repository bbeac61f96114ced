import { AppError } from "@/lib/domain/error";
import type { Lease, LockRecord, Locks } from "@/lib/versioning/ports";
import { Prisma, type Sql } from "../database/client";
import type { Database, Unit } from "../database/database";
import { appendEvents } from "../events/append";
import {
  REASONS,
  holdLocks,
  holds,
  lockLost,
  lockedError,
  readLocks,
  readLocksOf,
  standing,
  type LockRow,
} from "./lock-rows";

export interface LockTimes {
  /** How long an operation's lock outlives the last sign of its holder. */
  leaseMs: number;
  /** The most any lock lives after its last sign, a person's lock after it was set. */
  ceilingMs: number;
}

const FREE = Prisma.raw(
  `"kind" = NULL, "reason" = NULL, "lockedBy" = NULL, "lockedAt" = NULL, "expiresAt" = NULL, "operationId" = NULL, "repositoryId" = NULL`,
);

function later(date: Date, ms: number): Date {
  return new Date(date.getTime() + ms);
}

function update(unit: Unit, ids: readonly string[], assignments: Sql): Promise<number> {
  return unit.db.$executeRaw`
    UPDATE "WriteLock" SET ${assignments} WHERE ${unit.sql.isIn(Prisma.sql`"workspaceId"`, ids)}`;
}

/** Frees rows whose holder was checked in this transaction. */
export async function freeLocks(unit: Unit, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await update(unit, ids, FREE);
}

/** Frees rows, and fences whoever may still believe to hold them. */
export async function revokeLocks(unit: Unit, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await update(unit, ids, Prisma.sql`"fence" = "fence" + 1, ${FREE}`);
}

/** Turns checked rows into a merge conflict, which never expires, of the repository named or remembered. */
export async function markConflict(unit: Unit, row: LockRow, repositoryId: string | null): Promise<void> {
  const { sql } = unit;
  await update(
    unit,
    [row.workspaceId],
    Prisma.sql`"kind" = 'merge_conflict', "reason" = 'merge_conflict', "expiresAt" = NULL,
      "lockedAt" = ${sql.date(row.now)}, "repositoryId" = ${sql.text(repositoryId ?? row.repositoryId ?? "")}`,
  );
}

/** Write locks as fenced leases in the database, so they hold across server processes. */
export function locks(database: Database, times: LockTimes): Locks {
  const leaseMs = Math.min(times.leaseMs, times.ceilingMs);

  async function take(unit: Unit, rows: LockRow[], input: Parameters<Locks["acquire"]>[0]): Promise<void> {
    const first = rows[0];
    if (!first) return;
    const { sql } = unit;
    const assignments = (conflict: boolean) =>
      Prisma.sql`"fence" = "fence" + 1, "kind" = 'operation', "reason" = ${REASONS[input.purpose]},
        "lockedBy" = ${input.userId}, "lockedAt" = ${sql.date(first.now)},
        "expiresAt" = ${sql.date(later(first.now, leaseMs))}, "operationId" = ${input.operationId}
        ${conflict ? Prisma.empty : Prisma.sql`, "repositoryId" = NULL`}`;
    const conflicts = rows.filter((row) => conflictOf(row) !== null);
    const others = rows.filter((row) => conflictOf(row) === null);
    for (const [part, conflict] of [
      [conflicts, true],
      [others, false],
    ] as const) {
      const ids = part.map((row) => row.workspaceId);
      if (ids.length > 0) await update(unit, ids, assignments(conflict));
    }
  }

  return {
    async acquire(input) {
      return database.transaction(async (unit) => {
        const leases = new Map<string, Lease & { previousConflict: LockRecord | null }>();
        const refused = new Map<string, LockRecord>();
        const taken: LockRow[] = [];
        for (const row of (await holdLocks(unit, input.workspaceIds)).values()) {
          const stands = standing(row);
          // The same operation may take its own lock again: recovery does, and fences whoever held it before.
          const own = stands?.kind === "operation" && stands.operationId === input.operationId;
          const overConflict = stands?.kind === "merge_conflict" && input.overConflict === true;
          if (stands && !own && !overConflict) {
            refused.set(row.workspaceId, stands);
            continue;
          }
          taken.push(row);
          leases.set(row.workspaceId, {
            workspaceId: row.workspaceId,
            fence: row.fence + 1,
            operationId: input.operationId,
            previousConflict: conflictOf(row),
          });
        }
        await take(unit, taken, input);
        return { leases, refused };
      });
    },

    async renew(leases) {
      return database.transaction(async (unit) => {
        const rows = await holdLocks(
          unit,
          leases.map((lease) => lease.workspaceId),
        );
        const lost = leases.filter((lease) => !holds(rows.get(lease.workspaceId), lease));
        const kept = leases.filter((lease) => !lost.includes(lease));
        const now = rows.values().next().value?.now;
        if (now && kept.length > 0) {
          const ids = kept.map((lease) => lease.workspaceId);
          await update(unit, ids, Prisma.sql`"expiresAt" = ${unit.sql.date(later(now, leaseMs))}`);
        }
        return lost;
      });
    },

    async release(leases) {
      await database.transaction(async (unit) => {
        const ids = leases.map((lease) => lease.workspaceId);
        const rows = await holdLocks(unit, ids);
        const mine = leases.filter((lease) => holds(rows.get(lease.workspaceId), lease));
        await freeLocks(
          unit,
          mine.map((lease) => lease.workspaceId),
        );
      });
    },

    async restoreConflict(lease, conflict) {
      await database.transaction(async (unit) => {
        const row = (await holdLocks(unit, [lease.workspaceId])).get(lease.workspaceId);
        if (!row || !holds(row, lease)) throw lockLost(lease.workspaceId);
        await markConflict(unit, row, conflict.repositoryId);
      });
    },

    async current(workspaceIds) {
      const found = new Map<string, LockRecord>();
      for (const [id, row] of await readLocks(database, workspaceIds)) {
        const record = standing(row);
        if (record) found.set(id, record);
      }
      return found;
    },

    heldBy: (operationId) => readLocksOf(database, operationId),

    async set(workspaceId, { reason, userId, events }) {
      return database.transaction(async (unit) => {
        const row = (await holdLocks(unit, [workspaceId])).get(workspaceId);
        if (!row) throw notFound(workspaceId);
        const stands = standing(row);
        if (stands) throw lockedError(stands);
        const { sql } = unit;
        const expiresAt = later(row.now, times.ceilingMs);
        await update(
          unit,
          [workspaceId],
          Prisma.sql`"fence" = "fence" + 1, "kind" = 'manual', "reason" = ${reason}, "lockedBy" = ${userId},
            "lockedAt" = ${sql.date(row.now)}, "expiresAt" = ${sql.date(expiresAt)},
            "operationId" = NULL, "repositoryId" = NULL`,
        );
        await appendEvents(unit, events);
        return { lockedAt: row.now.toISOString(), lockedBy: userId, reason };
      });
    },

    async clear(workspaceId, events) {
      return database.transaction(async (unit) => {
        const row = (await holdLocks(unit, [workspaceId])).get(workspaceId);
        if (!row) throw notFound(workspaceId);
        const stands = standing(row);
        await revokeLocks(unit, [workspaceId]);
        if (stands) await appendEvents(unit, events);
        return stands;
      });
    },
  };
}

/** The merge conflict that stands, or over which an operation holds the lock. */
function conflictOf(row: LockRow): LockRecord | null {
  const stands = standing(row);
  if (stands?.kind === "merge_conflict") return stands;
  if (stands?.kind !== "operation" || row.repositoryId === null) return null;
  return { ...stands, kind: "merge_conflict", reason: "merge_conflict", expiresAt: undefined };
}

function notFound(workspaceId: string): AppError {
  return new AppError("NotFound", "The workspace does not exist.", { workspaceId });
}
