import { lockSentence } from "@/lib/domain/write-lock";
import { AppError } from "@/lib/domain/error";
import type { LockReason, WriteLock } from "@/lib/domain/write-lock";
import type { Lease, LockPurpose, LockRecord } from "@/lib/versioning/ports";
import { Prisma } from "../database/client";
import type { Database, Unit } from "../database/database";

export const REASONS: Record<LockPurpose, LockReason> = {
  push: "push_in_progress",
  pull: "pull_in_progress",
  rollback: "pull_in_progress",
  import: "import_in_progress",
  bulk: "bulk_in_progress",
};

/**
 * A row of WriteLock beside the time it was read at. An operation's row that names a repository was taken over a
 * merge conflict there: when the operation ends without a word, the conflict stands again.
 */
export interface LockRow {
  workspaceId: string;
  fence: number;
  kind: string | null;
  reason: string | null;
  lockedBy: string | null;
  lockedAt: Date | null;
  expiresAt: Date | null;
  operationId: string | null;
  repositoryId: string | null;
  now: Date;
}

const COLUMNS = Prisma.raw(
  `"workspaceId", "fence", "kind", "reason", "lockedBy", "lockedAt", "expiresAt", "operationId", "repositoryId"`,
);

type RawRow = Omit<LockRow, "now"> & { now?: Date | string };

function withTime(rows: RawRow[], clock: () => Date): Map<string, LockRow> {
  const fallback = clock();
  return new Map(rows.map((row) => [row.workspaceId, { ...row, now: timeOf(row.now, fallback) }]));
}

function timeOf(value: Date | string | undefined, fallback: Date): Date {
  return value === undefined ? fallback : new Date(value);
}

/** The rows of these workspaces, held against other writers until the transaction ends; always in one order. */
export async function holdLocks(unit: Unit, ids: readonly string[]): Promise<Map<string, LockRow>> {
  const rows = await unit.db.$queryRaw<RawRow[]>`
    SELECT ${COLUMNS} FROM "WriteLock" WHERE ${unit.sql.isIn(Prisma.sql`"workspaceId"`, ids)}
    ORDER BY "workspaceId" ${unit.sql.forUpdate}`;
  const now = await databaseTime(unit);
  return withTime(
    rows.map((row) => ({ ...row, now })),
    unit.clock,
  );
}

/** The time leases are measured by, asked once the rows are held: waiting for them may have taken long. */
export async function databaseTime(unit: Unit): Promise<Date> {
  if (unit.sql.provider === "sqlite") return unit.clock();
  const [row] = await unit.db.$queryRaw<{ now: Date }[]>`SELECT ${unit.sql.now(unit.clock)} AS "now"`;
  return row ? new Date(row.now) : unit.clock();
}

export async function readLocks(database: Database, ids: readonly string[]): Promise<Map<string, LockRow>> {
  const { sql, read, clock } = database;
  const time = sql.provider === "sqlite" ? Prisma.empty : Prisma.sql`, ${sql.now(clock)} AS "now"`;
  const rows = await read.$queryRaw<RawRow[]>`
    SELECT ${COLUMNS} ${time} FROM "WriteLock"
    WHERE "kind" IS NOT NULL AND ${sql.isIn(Prisma.sql`"workspaceId"`, ids)}`;
  return withTime(rows, clock);
}

/** Operation locks that name this operation, expired or not. */
export async function readLocksOf(database: Database, operationId: string): Promise<LockRecord[]> {
  const rows = await database.read.$queryRaw<RawRow[]>`
    SELECT ${COLUMNS} FROM "WriteLock" WHERE "operationId" = ${operationId} AND "kind" = 'operation'
    ORDER BY "workspaceId"`;
  return [...withTime(rows, database.clock).values()].map((row) => ({
    ...common(row),
    kind: "operation",
    reason: row.reason ?? "operation",
    expiresAt: row.expiresAt?.toISOString(),
  }));
}

function common(row: LockRow) {
  return {
    workspaceId: row.workspaceId,
    fence: row.fence,
    lockedAt: (row.lockedAt ?? row.now).toISOString(),
    lockedBy: row.lockedBy ?? "",
    operationId: row.operationId ?? undefined,
    repositoryId: row.repositoryId || undefined,
  };
}

function isOver(row: LockRow): boolean {
  return row.expiresAt !== null && row.expiresAt.getTime() <= row.now.getTime();
}

/** The lock that stands now, or null: free, or expired. */
export function standing(row: LockRow | undefined): LockRecord | null {
  if (!row?.kind) return null;
  const record = common(row);
  if (
    row.kind === "merge_conflict" ||
    (row.kind === "operation" && isOver(row) && row.repositoryId !== null)
  ) {
    return { ...record, kind: "merge_conflict", reason: "merge_conflict", expiresAt: undefined };
  }
  if (isOver(row)) return null;
  return {
    ...record,
    kind: row.kind === "manual" ? "manual" : "operation",
    reason: row.reason ?? row.kind,
    expiresAt: row.expiresAt?.toISOString(),
  };
}

/**
 * Whether the lease is still that of the row's holder. One that ended may be taken, and whoever changes the workspace
 * without a lock takes it too; until somebody does, a holder that was held up for long goes on.
 */
export function holds(row: LockRow | undefined, lease: Lease): boolean {
  return row?.kind === "operation" && row.fence === lease.fence && row.operationId === lease.operationId;
}

/** Whether the row's holder gave no sign until its lease ended. */
export function isForsaken(row: LockRow | undefined): row is LockRow {
  return row?.kind === "operation" && isOver(row);
}

/** Who holds the lock, why and since when, as it leaves the process. */
function writeLock(record: LockRecord): WriteLock {
  return { lockedAt: record.lockedAt, lockedBy: record.lockedBy, reason: record.reason };
}

export function lockedError(record: LockRecord): AppError {
  const hint =
    record.kind === "merge_conflict"
      ? "Resolve the conflict on the intermediate branch and pull, or clear the lock and pull with discard."
      : record.kind === "manual"
        ? "Ask the person who locked it to clear the lock."
        : "Try again when the operation has ended.";
  return new AppError("WorkspaceLocked", `${lockSentence(record, undefined, Date.now())} ${hint}`, {
    writeLock: writeLock(record),
    workspaceId: record.workspaceId,
  });
}

export function lockLost(workspaceId: string): AppError {
  return new AppError(
    "LockLost",
    "The lock on this workspace expired or was cleared. Nothing was written; start again.",
    { workspaceId },
  );
}
