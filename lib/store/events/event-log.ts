import type { EventLog, EventQuery } from "../contract";
import { Prisma, type Sql } from "../database/client";
import type { Database } from "../database/database";
import { escapeLike, type Dialect } from "../database/dialect";
import { appendEvents, toEvent } from "./append";
import { compileCondition, cursorBounds, cursorOf, timeBounds } from "./query/compile";
import { pruneEvents } from "./retention";
import type { Watch } from "./watch";

type Row = Parameters<typeof toEvent>[0];

function typeCondition(types: readonly string[]): Sql {
  const conditions = types.map((type) =>
    type.includes("*")
      ? Prisma.sql`"type" LIKE ${type.split("*").map(escapeLike).join("%")} ESCAPE '\\'`
      : Prisma.sql`"type" = ${type}`,
  );
  return conditions.length === 0 ? Prisma.sql`1 = 0` : Prisma.sql`(${Prisma.join(conditions, " OR ")})`;
}

function conditionsOf(query: Omit<EventQuery, "page" | "limit" | "sort">, sql: Dialect): Sql[] {
  const conditions: Sql[] = [Prisma.sql`1 = 1`];
  if (query.workspaceId !== undefined) conditions.push(Prisma.sql`"workspaceId" = ${query.workspaceId}`);
  if (query.operationId !== undefined) conditions.push(Prisma.sql`"operationId" = ${query.operationId}`);
  if (query.correlationId !== undefined)
    conditions.push(Prisma.sql`"correlationId" = ${query.correlationId}`);
  if (query.types !== undefined) conditions.push(typeCondition(query.types));
  if (query.text) {
    const pattern = `%${escapeLike(query.text)}%`;
    conditions.push(
      Prisma.sql`(${sql.like(sql.asText(Prisma.sql`"payload"`), pattern)} OR ${sql.like(Prisma.sql`"type"`, pattern)})`,
    );
  }
  if (query.afterDate) conditions.push(Prisma.sql`"createdAt" > ${sql.date(query.afterDate)}`);
  if (query.beforeDate) conditions.push(Prisma.sql`"createdAt" < ${sql.date(query.beforeDate)}`);
  if (query.beforeId !== undefined) conditions.push(Prisma.sql`"cursor" < ${cursorOf(query.beforeId)}`);
  if (query.workspaceIds) conditions.push(sql.isIn(Prisma.sql`"workspaceId"`, query.workspaceIds));
  const { where = [], afterDate, beforeDate } = query;
  const given = {
    ...(afterDate ? { gt: afterDate.toISOString() } : {}),
    ...(beforeDate ? { lt: beforeDate.toISOString() } : {}),
  };
  conditions.push(...cursorBounds(sql, timeBounds([...where, { field: "createdAt", bounds: given }])));
  conditions.push(...where.map((condition) => compileCondition(sql, condition)));
  return conditions;
}

/** The instance's one ordered log of events. */
export function eventLog(database: Database, watch: Watch): EventLog {
  const { read, sql } = database;

  function select(conditions: Sql[], order: "ASC" | "DESC", limit: number, offset: number): Promise<Row[]> {
    return read.$queryRaw<Row[]>`
      SELECT "cursor", "workspaceId", "type", "createdAt", "payload", "source", "error" FROM "Event"
      WHERE ${Prisma.join(conditions, " AND ")}
      ORDER BY "cursor" ${Prisma.raw(order)} LIMIT ${limit} OFFSET ${offset}`;
  }

  return {
    append: (events) => database.transaction((unit) => appendEvents(unit, events)),
    async list(query) {
      const order = query.sort === "asc" ? "ASC" : "DESC";
      const rows = await select(conditionsOf(query, sql), order, query.limit, query.page * query.limit);
      return rows.map(toEvent);
    },
    async count(query, most) {
      const [row] = await read.$queryRaw<{ found: bigint | number }[]>`
        SELECT COUNT(*) AS "found" FROM (SELECT 1 FROM "Event"
          WHERE ${Prisma.join(conditionsOf(query, sql), " AND ")} LIMIT ${most}) AS "counted"`;
      return Number(row?.found ?? 0);
    },
    async after(cursor, filter, limit) {
      const conditions = [...conditionsOf(filter, sql), Prisma.sql`"cursor" > ${cursorOf(cursor)}`];
      const rows = await select(conditions, "ASC", limit, 0);
      return rows.map(toEvent);
    },
    async lastCursor() {
      const row = await read.eventCounter.findUnique({ where: { id: 1 } });
      return String(row?.value ?? 0n);
    },
    prune: pruneEvents(database),
    onAppend: (callback) => watch.onAppend(callback),
  };
}
