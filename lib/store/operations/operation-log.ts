import type { Operation } from "@/lib/domain/operation";
import type { OperationLog, TakeOverRule, UnfinishedOperation } from "../contract";
import { Prisma } from "../database/client";
import type { Database } from "../database/database";
import { json } from "../database/json";
import { appendEvents } from "../events/append";
import { databaseTime } from "../locks/lock-rows";
import { journalLog } from "./journal-log";

const RUNNING = ["running", "cancelling"];

interface OperationRow {
  id: string;
  kind: Operation["kind"];
  state: Operation["state"];
  outcome: Operation["outcome"] | null;
  workspaceId: string;
  repositoryId: string | null;
  initiator: Operation["initiator"];
  userId: string;
  sessionId: string | null;
  correlationId: string;
  input: Record<string, unknown>;
  result: Record<string, unknown> | null;
  errors: Operation["errors"];
  owner: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  workspaceName: string | null;
  workspaceSlug: string | null;
  userEmail: string | null;
}

const SELECT = Prisma.sql`
  SELECT o."id", o."kind", o."state", o."outcome", o."workspaceId", o."repositoryId", o."initiator", o."userId",
    o."sessionId", o."correlationId", o."input", o."result", o."errors", o."owner", o."createdAt", o."finishedAt",
    w."name" AS "workspaceName", w."slug" AS "workspaceSlug", u."email" AS "userEmail"
  FROM "Operation" o LEFT JOIN "Workspace" w ON w."id" = o."workspaceId" LEFT JOIN "User" u ON u."id" = o."userId"`;

function toOperation(row: OperationRow): Operation {
  const { id, kind, state, workspaceId, initiator, userId, correlationId, input, errors } = row;
  return {
    id,
    kind,
    state,
    ...(row.outcome ? { outcome: row.outcome } : {}),
    workspaceId,
    ...(row.workspaceName === null ? {} : { workspaceName: row.workspaceName }),
    ...(row.workspaceSlug === null ? {} : { workspaceSlug: row.workspaceSlug }),
    ...(row.repositoryId === null ? {} : { repositoryId: row.repositoryId }),
    initiator,
    userId,
    ...(row.userEmail === null ? {} : { userEmail: row.userEmail }),
    correlationId,
    createdAt: row.createdAt.toISOString(),
    ...(row.finishedAt ? { finishedAt: row.finishedAt.toISOString() } : {}),
    input,
    ...(row.result ? { result: row.result } : {}),
    errors,
  };
}

function toUnfinished(
  row: OperationRow,
  owner: string,
  takenBecause: UnfinishedOperation["takenBecause"],
): UnfinishedOperation {
  const { id, kind, state, workspaceId, initiator, userId, correlationId, input, createdAt } = row;
  return {
    id,
    kind,
    state,
    workspaceId,
    repositoryId: row.repositoryId ?? undefined,
    initiator,
    userId,
    sessionId: row.sessionId ?? undefined,
    correlationId,
    input,
    owner,
    takenBecause,
    createdAt,
  };
}

interface HeldRow {
  id: string;
  owner: string | null;
  heartbeatAt: Date | null;
}

/** Why the operation of a held row may be taken over; null: it lives. */
function whyRecoverable(
  { id, owner, heartbeatAt }: HeldRow,
  self: string,
  now: Date,
  { leaseMs, isDead, isRunning }: TakeOverRule,
): UnfinishedOperation["takenBecause"] | null {
  // Also what another process took from us and left: our own work on it has yet to notice.
  if (isRunning?.(id)) return null;
  if (owner !== self && (!owner || isDead?.(owner))) return "dead";
  const isOver = !heartbeatAt || now.getTime() - heartbeatAt.getTime() > leaseMs;
  if (!isOver) return null;
  return owner === self ? "left" : "silent";
}

/** Operations and their journals, which outlive the process that runs them. */
export function operationLog(database: Database): OperationLog {
  const { read, sql } = database;
  return {
    ...journalLog(database),

    async start(operation) {
      await database.transaction(async (unit) => {
        const heartbeatAt = await databaseTime(unit);
        const { input, ...rest } = operation;
        await unit.db.operation.create({
          data: { ...rest, input: json(input), state: "running", errors: [], heartbeatAt },
        });
      });
    },

    async get(id) {
      const [row] = await read.$queryRaw<OperationRow[]>`${SELECT} WHERE o."id" = ${id}`;
      return row ? toOperation(row) : null;
    },

    async list(query) {
      const conditions = [Prisma.sql`1 = 1`];
      if (query.workspaceId !== undefined)
        conditions.push(Prisma.sql`o."workspaceId" = ${query.workspaceId}`);
      if (query.kind !== undefined) conditions.push(Prisma.sql`o."kind" = ${query.kind}`);
      if (query.state !== undefined) conditions.push(Prisma.sql`o."state" = ${query.state}`);
      if (query.readable) conditions.push(sql.isAmong(Prisma.sql`o."workspaceId"`, query.readable));
      const rows = await read.$queryRaw<OperationRow[]>`
        ${SELECT} WHERE ${Prisma.join(conditions, " AND ")}
        ORDER BY o."createdAt" DESC, o."id" DESC LIMIT ${query.limit} OFFSET ${query.page * query.limit}`;
      return rows.map(toOperation);
    },

    async heartbeat(owner, ids) {
      if (ids.length === 0) return [];
      return database.transaction(async (unit) => {
        const now = await databaseTime(unit);
        const among = sql.isIn(Prisma.sql`"id"`, ids);
        await unit.db.$executeRaw`
          UPDATE "Operation" SET "heartbeatAt" = ${sql.date(now)}
          WHERE "owner" = ${owner} AND "state" <> 'done' AND ${among}`;
        const lost = await unit.db.$queryRaw<{ id: string }[]>`
          SELECT "id" FROM "Operation" WHERE "owner" <> ${owner} AND ${among}`;
        return lost.map(({ id }) => id);
      });
    },

    async requestCancel(id, userId) {
      return database.transaction(async ({ db }) => {
        const { count } = await db.operation.updateMany({
          where: { id, state: "running" },
          data: { state: "cancelling", cancelledBy: userId },
        });
        return count > 0 || (await db.operation.count({ where: { id, state: "cancelling" } })) > 0;
      });
    },

    async cancelRequested(ids) {
      const rows = await read.$queryRaw<{ id: string }[]>`
        SELECT "id" FROM "Operation" WHERE "state" = 'cancelling' AND ${sql.isIn(Prisma.sql`"id"`, ids)}`;
      return rows.map((row) => row.id);
    },

    async finish(id, owner, ending) {
      return database.transaction(async (unit) => {
        // As one text: Prisma looks into each of the thousands of values of a summary.
        const count = await unit.db.$executeRaw`
          UPDATE "Operation" SET "state" = 'done', "outcome" = ${sql.text(ending.outcome ?? null)},
            "errors" = ${sql.json(ending.errors)}, "finishedAt" = ${sql.date(ending.at)},
            "result" = COALESCE(${sql.json(ending.result)}, "result")
          WHERE "id" = ${id} AND "owner" = ${owner} AND "state" <> 'done'`;
        if (count === 0) return false;
        await appendEvents(unit, ending.events);
        return true;
      });
    },

    async takeOver(owner, rule) {
      return database.transaction(async (unit) => {
        const held = await unit.db.$queryRaw<HeldRow[]>`
          SELECT "id", "owner", "heartbeatAt" FROM "Operation" WHERE "state" IN (${Prisma.join(RUNNING)})
          ORDER BY "createdAt", "id" ${sql.forUpdateSkipLocked}`;
        // From here on no sign can come in between; what was known before the rows were held counts for nothing.
        const now = await databaseTime(unit);
        const taken = new Map(
          held.flatMap((row) => {
            const because = whyRecoverable(row, owner, now, rule);
            return because ? [[row.id, because] as const] : [];
          }),
        );
        if (taken.size === 0) return [];
        const among = [...taken.keys()];
        await unit.db.$executeRaw`
          UPDATE "Operation" SET "owner" = ${owner}, "heartbeatAt" = ${sql.date(now)}
          WHERE ${sql.isIn(Prisma.sql`"id"`, among)}`;
        const rows = await unit.db.$queryRaw<OperationRow[]>`
          ${SELECT} WHERE ${sql.isIn(Prisma.sql`o."id"`, among)} ORDER BY o."createdAt", o."id"`;
        return rows.map((row) => toUnfinished(row, owner, taken.get(row.id) ?? "silent"));
      });
    },
  };
}
