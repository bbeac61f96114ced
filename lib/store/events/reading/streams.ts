import { Prisma, type Sql } from "../../database/client";
import type { Database } from "../../database/database";
import type { Dialect } from "../../database/dialect";
import type { Columns } from "./plan";

export type Direction = "asc" | "desc";

/** So many indexed runs are asked at once for a whole page each. */
export const FEW = 64;

/** A run of cursors that one index has in order: those of a workspace, of a type, of both. */
export type Stream = readonly [workspaceId: string | null, type: string | null];

const ONLY: Stream = [null, null];

/** The runs of what the columns say. */
export function streamsOf({ operationId, correlationId, workspaceIds, types }: Columns): Stream[] {
  if (operationId !== undefined || correlationId !== undefined) return [ONLY];
  return (workspaceIds ?? [null]).flatMap((w) => (types ?? [null]).map((t): Stream => [w, t]));
}

/** Whether every run of these columns can be asked at once. */
export function isFew({ operationId, correlationId, workspaceIds, types }: Columns): boolean {
  if (operationId !== undefined || correlationId !== undefined) return true;
  return (workspaceIds?.length ?? 1) * (types?.length ?? 1) <= FEW;
}

/** Conditions on the columns that do not depend on which index is used. */
function columnConditions(sql: Dialect, columns: Columns): Sql[] {
  const { operationId, correlationId, workspaceIds, manyIds, types } = columns;
  return [
    ...boundsOf(columns),
    ...(operationId === undefined ? [] : [Prisma.sql`"operationId" = ${operationId}`]),
    ...(correlationId === undefined ? [] : [Prisma.sql`"correlationId" = ${correlationId}`]),
    ...(workspaceIds && !manyIds ? [isOneOf(sql, "workspaceId", workspaceIds)] : []),
    ...(types ? [isOneOf(sql, "type", types)] : []),
    ...columns.checks,
  ];
}

function isOneOf(sql: Dialect, name: string, values: readonly string[]): Sql {
  const column = Prisma.raw(`"${name}"`);
  const [only] = values;
  return values.length === 1 && only !== undefined
    ? Prisma.sql`${column} = ${only}`
    : sql.isAmong(column, values);
}

function boundsOf({ from, to }: Columns): Sql[] {
  return [Prisma.sql`"cursor" >= ${BigInt(from)}`, Prisma.sql`"cursor" <= ${BigInt(to)}`];
}

/** The end of a query for cursors. */
export function ordered(direction: Direction, limit: number, offset = 0): Sql {
  const order = Prisma.raw(`ORDER BY "cursor" ${direction === "asc" ? "ASC" : "DESC"}`);
  return Prisma.sql`${order} LIMIT ${limit} OFFSET ${offset}`;
}

/** SQLite is told which index to use. */
function fromEvent(sql: Dialect, index: string): Sql {
  return Prisma.raw(sql.provider === "sqlite" ? `FROM "Event" INDEXED BY "${index}"` : `FROM "Event"`);
}

/** What a run begins with: the columns that are the same in all of it, and their values. */
function keyOf(columns: Columns, w: Sql | null, t: Sql | null): [column: string, value: Sql][] {
  const { operationId, correlationId } = columns;
  if (operationId !== undefined) return [["operationId", Prisma.sql`${operationId}`]];
  if (correlationId !== undefined) return [["correlationId", Prisma.sql`${correlationId}`]];
  return [...(w ? [["workspaceId", w] as [string, Sql]] : []), ...(t ? [["type", t] as [string, Sql]] : [])];
}

/**
 * One run: the rows of an index between two cursors. Only that index has the order which PostgreSQL is asked for; by
 * the cursor alone its planner may choose to read past everything else instead, hoping to meet enough on the way.
 */
function runSql(
  sql: Dialect,
  columns: Columns,
  [w, t]: readonly [Sql | null, Sql | null],
  { direction, limit, offset = 0 }: { direction: Direction; limit: number; offset?: number },
  more: Sql = Prisma.empty,
): Sql {
  const key = keyOf(columns, w, t);
  const names = [...key.map(([name]) => name), "cursor"];
  const isDriven = columns.operationId !== undefined || columns.correlationId !== undefined;
  const checks = isDriven ? columnConditions(sql, columns) : [...boundsOf(columns), ...columns.checks];
  // Of two columns the index is the only one that has both; asked for their order, PostgreSQL would sort a half of it.
  if (sql.provider === "sqlite" || key.length === 2) {
    const index = key.length === 0 ? "sqlite_autoindex_Event_1" : `Event_${names.join("_")}_idx`;
    const same = key.map(([name, value]) => Prisma.sql`${Prisma.raw(`"${name}"`)} = ${value}`);
    return Prisma.sql`SELECT "cursor" ${more} ${fromEvent(sql, index)}
      WHERE ${Prisma.join([...same, ...checks], " AND ")} ${ordered(direction, limit, offset)}`;
  }
  const row = Prisma.raw(`(${names.map((name) => `"${name}"`).join(", ")})`);
  const edge = (cursor: number) =>
    Prisma.join([...key.map(([, value]) => value), Prisma.sql`CAST(${BigInt(cursor)} AS bigint)`]);
  const order = names.map((name) => `"${name}" ${direction === "asc" ? "ASC" : "DESC"}`).join(", ");
  return Prisma.sql`SELECT "cursor" ${more} FROM "Event"
    WHERE ${row} >= (${edge(columns.from)}) AND ${row} <= (${edge(columns.to)})
      AND ${Prisma.join(checks, " AND ")}
    ORDER BY ${Prisma.raw(order)} LIMIT ${limit} OFFSET ${offset}`;
}

/** The rows of several runs, each with the first of its cursors. */
export function runsSql(
  sql: Dialect,
  columns: Columns,
  streams: readonly Stream[],
  each: { direction: Direction; limit: number },
): Sql {
  const isGiven = (at: 0 | 1) => streams.some((stream) => stream[at] !== null);
  const w = isGiven(0) ? Prisma.sql`s."w"` : null;
  const t = isGiven(1) ? Prisma.sql`s."t"` : null;
  const one = runSql(sql, columns, [w, t], each);
  const list = JSON.stringify(streams);
  return sql.provider === "sqlite"
    ? Prisma.sql`(SELECT json_extract(value, '$[0]') AS "w", json_extract(value, '$[1]') AS "t" FROM json_each(${list})) AS s
        CROSS JOIN "Event" AS e INDEXED BY "sqlite_autoindex_Event_1" ON e."cursor" IN (${one})`
    : Prisma.sql`(SELECT value ->> 0 AS "w", value ->> 1 AS "t" FROM jsonb_array_elements(CAST(${list} AS jsonb))) AS s
        CROSS JOIN LATERAL (${one}) AS e`;
}

function valuesOf([w, t]: Stream): [Sql | null, Sql | null] {
  return [w === null ? null : Prisma.sql`${w}`, t === null ? null : Prisma.sql`${t}`];
}

/** Looks along one run at the next so many events: how many there were, the last of them, and which match. */
export async function lookAlong(
  { read, sql }: Pick<Database, "read" | "sql">,
  columns: Columns,
  stream: Stream,
  rest: readonly Sql[],
  { direction, limit }: { direction: Direction; limit: number },
): Promise<{ looked: number; last: number; found: number[] }> {
  const matches = Prisma.sql`, (${Prisma.join([...rest], " AND ")}) AS "matches"`;
  const end = Prisma.raw(direction === "asc" ? "MAX" : "MIN");
  const [row] = await read.$queryRaw<
    { looked: bigint | number; last: bigint | number | null; cursors: string | null }[]
  >`
    SELECT COUNT(*) AS "looked", ${end}("cursor") AS "last",
      ${sql.asList(Prisma.sql`"cursor"`, Prisma.sql`FILTER (WHERE "matches")`)} AS "cursors"
    FROM (${runSql(sql, columns, valuesOf(stream), { direction, limit }, matches)}) AS "found"`;
  return {
    looked: Number(row?.looked ?? 0),
    last: Number(row?.last ?? 0),
    found: sorted(JSON.parse(row?.cursors ?? "[]") as number[], direction),
  };
}

/** The query for the next cursors of some runs, in their order. */
export function cursorsSql(
  sql: Dialect,
  columns: Columns,
  direction: Direction,
  { limit, offset = 0, streams = streamsOf(columns) }: { limit: number; offset?: number; streams?: Stream[] },
): Sql {
  const [first = ONLY] = streams;
  if (streams.length <= 1) return runSql(sql, columns, valuesOf(first), { direction, limit, offset });
  const runs = runsSql(sql, columns, streams, { direction, limit: limit + offset });
  return Prisma.sql`SELECT e."cursor" FROM ${runs} ${ordered(direction, limit, offset)}`;
}

/** Membership in a list of cursors, passed as one parameter. */
export function isAmong(sql: Dialect, cursors: readonly number[]): Sql {
  const list = JSON.stringify(cursors);
  return sql.provider === "sqlite"
    ? Prisma.sql`"cursor" IN (SELECT value FROM json_each(${list}))`
    : Prisma.sql`"cursor" = ANY(ARRAY(SELECT CAST(value AS bigint) FROM jsonb_array_elements_text(CAST(${list} AS jsonb))))`;
}

/** The query for those of some cursors whose events match; they are looked up by their cursors. */
export function matchesSql(
  sql: Dialect,
  columns: Columns,
  rest: readonly Sql[],
  cursors: readonly number[],
  direction: Direction,
): Sql {
  const conditions = [isAmong(sql, cursors), ...columnConditions(sql, columns), ...rest];
  return Prisma.sql`SELECT "cursor", "workspaceId" ${fromEvent(sql, "sqlite_autoindex_Event_1")}
    WHERE ${Prisma.join(conditions, " AND ")} ${ordered(direction, cursors.length)}`;
}

/** The query for events among neighbours that match, whatever there is between two cursors. */
export function windowSql(sql: Dialect, columns: Columns, rest: readonly Sql[], direction: Direction): Sql {
  const conditions = [...columnConditions(sql, columns), ...rest];
  return Prisma.sql`SELECT "cursor", "workspaceId" ${fromEvent(sql, "sqlite_autoindex_Event_1")}
    WHERE ${Prisma.join(conditions, " AND ")} ${ordered(direction, Math.max(1, columns.to - columns.from + 1))}`;
}

/** Asks for cursors, and has them as one value. */
export async function ask(
  { read, sql }: Pick<Database, "read" | "sql">,
  query: Sql,
  direction: Direction,
): Promise<number[]> {
  const [row] = await read.$queryRaw<{ cursors: string }[]>`
    SELECT ${sql.asList(Prisma.sql`"cursor"`)} AS "cursors" FROM (${query}) AS "found"`;
  return sorted(JSON.parse(row?.cursors ?? "[]") as number[], direction);
}

/** The same for events of the workspaces that the columns name, which the query has not looked at if they are many. */
export async function askAmong(
  database: Pick<Database, "read" | "sql">,
  { manyIds }: Columns,
  query: Sql,
  direction: Direction,
): Promise<number[]> {
  if (!manyIds) return ask(database, query, direction);
  const { read, sql } = database;
  const [row] = await read.$queryRaw<{ cursors: string; ids: string }[]>`
    SELECT ${sql.asList(Prisma.sql`"cursor"`)} AS "cursors", ${sql.asList(Prisma.sql`"workspaceId"`)} AS "ids"
    FROM (${query}) AS "found"`;
  const ids = JSON.parse(row?.ids ?? "[]") as string[];
  const cursors = JSON.parse(row?.cursors ?? "[]") as number[];
  return sorted(
    cursors.filter((_, at) => manyIds.has(ids[at] ?? "")),
    direction,
  );
}

// No database promises to gather rows in the order of the query within.
function sorted(cursors: number[], direction: Direction): number[] {
  return cursors.sort((left, right) => (direction === "asc" ? left - right : right - left));
}

/** The cursor after the last event. */
export async function lastCursor({ read }: Pick<Database, "read">): Promise<number> {
  const [row] = await read.$queryRaw<{ value: bigint | number }[]>`
    SELECT "value" FROM "EventCounter" WHERE "id" = 1`;
  return Number(row?.value ?? 0);
}

/** The nearest so many cursors of a window at the end that is asked for. */
export function nearest(columns: Columns, direction: Direction, size: number): Columns {
  const { from, to } = columns;
  return direction === "asc"
    ? { ...columns, to: Math.min(to, from + size - 1) }
    : { ...columns, from: Math.max(from, to - size + 1) };
}
