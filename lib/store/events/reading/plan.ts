import type { EventCondition } from "@/lib/domain/event-condition";
import { typeMatches } from "@/lib/domain/event";
import type { EventQuery } from "../../contract";
import { Prisma, type Sql } from "../../database/client";
import type { Database } from "../../database/database";
import { escapeLike, type Dialect } from "../../database/dialect";
import { termsOf, textTerms, valueHints, type TermQuery } from "../index/terms";
import { compileCondition, cursorOf, timeBounds } from "../query/compile";
import { wildcard } from "../query/json";

/** Beyond every cursor. */
export const NO_CURSOR = Number.MAX_SAFE_INTEGER;
/** More workspaces than these are not told to the database one by one. */
const FEW_IDS = 500;
/** Wildcards are looked up among so many types; an instance with more is searched type by type. */
const MOST_TYPES = 1000;

/** Which rows an index of the database yields in the order of their cursors; bounds are part of it. */
export interface Columns {
  operationId?: string;
  correlationId?: string;
  workspaceIds?: readonly string[];
  /** The same where there are many: checked here, for each query would read the list of thousands anew. */
  manyIds?: ReadonlySet<string>;
  types?: readonly string[];
  from: number;
  to: number;
  /** What is decided by a row's plain columns besides. */
  checks: readonly Sql[];
}

/** A query taken apart by what answers it. */
export interface Plan {
  columns: Columns;
  /** What only a look at the event itself decides. */
  rest: readonly Sql[];
  /** What every event has that matches; null: nothing is known. */
  terms: TermQuery | null;
  /** What a look at an event costs; one of the simplest on SQLite is 1. */
  weight: number;
  /** The cursor of the last event there is. */
  last: number;
}

type Filters = Omit<EventQuery, "page" | "limit" | "sort">;

// A condition on a nested event's own table costs nothing where there are none.
const IS_SHOWN = Prisma.sql`NOT EXISTS (SELECT 1 FROM "NestedEvent" n WHERE n."cursor" = "Event"."cursor")`;

function leavesOf(conditions: readonly EventCondition[]): EventCondition[] {
  return conditions.flatMap((condition) => ("all" in condition ? leavesOf(condition.all) : [condition]));
}

function valuesAt(leaf: EventCondition, field: string): string[] | null {
  if (!("field" in leaf) || leaf.field !== field) return null;
  if ("is" in leaf) return leaf.is.map(String);
  return "text" in leaf ? [leaf.text] : null;
}

function common(left: readonly string[] | undefined, right: readonly string[]): readonly string[] {
  if (!left) return [...new Set(right)];
  const among = new Set(right);
  return left.filter((value) => among.has(value));
}

async function cursorAt({ read, sql }: Database, time: Date, side: "<" | ">"): Promise<number | null> {
  const direction = Prisma.raw(side === "<" ? "DESC" : "ASC");
  const [row] = await read.$queryRaw<{ cursor: bigint | number }[]>`
    SELECT "cursor" FROM "Event" WHERE "createdAt" ${Prisma.raw(side)} ${sql.date(time)}
    ORDER BY "createdAt" ${direction}, "cursor" ${direction} LIMIT 1`;
  return row ? Number(row.cursor) : null;
}

/** Clocks of server processes differ; by less than this. */
const SKEW_MS = 60_000;

/** Bounds of time as bounds of the cursor, roughly: the exact ones are conditions besides. */
async function narrowByTime(database: Database, columns: Columns, bounds: { after?: Date; before?: Date }) {
  if (bounds.before) {
    const last = await cursorAt(database, new Date(bounds.before.getTime() + SKEW_MS), "<");
    columns.to = Math.min(columns.to, last ?? 0);
  }
  if (bounds.after) {
    const first = await cursorAt(database, new Date(bounds.after.getTime() - SKEW_MS), ">");
    columns.from = Math.max(columns.from, first ?? NO_CURSOR);
  }
}

/** Every type there is, in a step of the index each; null where there are too many to tell. */
async function everyType({ read }: Pick<Database, "read">): Promise<string[] | null> {
  const rows = await read.$queryRaw<{ type: string | null }[]>`
    WITH RECURSIVE "found"("type") AS (
      SELECT (SELECT MIN("type") FROM "Event")
      UNION ALL
      SELECT (SELECT MIN("type") FROM "Event" WHERE "Event"."type" > "found"."type")
      FROM "found" WHERE "found"."type" IS NOT NULL
    ) SELECT "type" FROM "found" LIMIT ${MOST_TYPES + 2}`;
  const types = rows.flatMap(({ type }) => type ?? []);
  return types.length > MOST_TYPES ? null : types;
}

function typeCondition(sql: Dialect, types: readonly string[]): Sql {
  const conditions = types.map((type) =>
    sql.provider === "sqlite"
      ? Prisma.sql`"type" GLOB ${wildcard(sql, type).replaceAll("?", "[?]")}`
      : Prisma.sql`"type" LIKE ${type.split("*").map(escapeLike).join("%")} ESCAPE '\\'`,
  );
  return Prisma.sql`(${Prisma.join(conditions, " OR ")})`;
}

/** The types that are asked for, by name; what cannot be told by name is left to `rest`. */
async function resolveTypes(database: Database, wanted: readonly string[], rest: Sql[]) {
  if (!wanted.some((type) => type.includes("*"))) return [...new Set(wanted)];
  const known = await everyType(database);
  if (known) return known.filter((type) => wanted.some((filter) => typeMatches(filter, type)));
  rest.push(typeCondition(database.sql, wanted));
  return undefined;
}

function boundsOfId(columns: Columns, leaf: EventCondition): void {
  if (!("bounds" in leaf) || leaf.field !== "id") return;
  for (const [side, value] of Object.entries(leaf.bounds) as [string, unknown][]) {
    const cursor = Number(cursorOf(String(value)));
    if (side === "lt" || side === "lte") columns.to = Math.min(columns.to, cursor - (side === "lt" ? 1 : 0));
    else columns.from = Math.max(columns.from, cursor + (side === "gt" ? 1 : 0));
  }
}

/** The cursor of the last event, and whether there are events that are hidden, as one moment of the database has them. */
async function logNow({ read }: Database): Promise<{ last: number; hasNested: boolean }> {
  const [row] = await read.$queryRaw<{ last: bigint | number; nested: bigint | number }[]>`
    SELECT "value" AS "last", (SELECT COUNT(*) FROM (SELECT 1 FROM "NestedEvent" LIMIT 1) AS "some") AS "nested"
    FROM "EventCounter" WHERE "id" = 1`;
  return { last: Number(row?.last ?? 0), hasNested: Number(row?.nested ?? 0) > 0 };
}

function columnsOf(
  query: Filters,
  sql: Dialect,
  { last, hasNested }: Awaited<ReturnType<typeof logNow>>,
): Columns {
  const { operationId, correlationId } = query;
  const workspaceIds = query.workspaceId === undefined ? query.workspaceIds : [query.workspaceId];
  const checks = query.shownOnly && hasNested ? [IS_SHOWN] : [];
  if (query.afterDate) checks.push(Prisma.sql`"createdAt" > ${sql.date(query.afterDate)}`);
  if (query.beforeDate) checks.push(Prisma.sql`"createdAt" < ${sql.date(query.beforeDate)}`);
  return {
    ...(operationId === undefined ? {} : { operationId }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(workspaceIds ? { workspaceIds: [...new Set(workspaceIds)] } : {}),
    from: query.afterId === undefined ? 0 : Number(cursorOf(query.afterId)) + 1,
    to: Math.min(last, query.beforeId === undefined ? NO_CURSOR : Number(cursorOf(query.beforeId)) - 1),
    checks,
  };
}

/** Takes into the columns what a condition says of them; answers whether that is all it says. */
function absorb(columns: Columns, leaf: EventCondition, sql: Dialect): boolean {
  boundsOfId(columns, leaf);
  const workspaceIds = valuesAt(leaf, "source.workspaceId");
  const types = valuesAt(leaf, "type");
  if (workspaceIds) columns.workspaceIds = common(columns.workspaceIds, workspaceIds);
  if (types) columns.types = common(columns.types, types);
  if (workspaceIds || types) return true;
  const [correlationId, ...others] = valuesAt(leaf, "source.correlationId") ?? [];
  if (correlationId !== undefined && others.length === 0) columns.correlationId ??= correlationId;
  const isPlain = "bounds" in leaf && (leaf.field === "id" || leaf.field === "createdAt");
  if (isPlain) columns.checks = [...columns.checks, compileCondition(sql, leaf)];
  return isPlain;
}

function termsOfAll(query: Filters, leaves: readonly EventCondition[], columns: Columns): TermQuery | null {
  const terms = [query.text ? textTerms(query.text) : null, ...leaves.map(termsOf)].flatMap(
    (one) => one ?? [],
  );
  if (terms.length === 0) return null;
  // What an index answers narrows the events of the terms too, as long as it is little to ask for.
  for (const [field, values] of [
    ["source.workspaceId", columns.workspaceIds],
    ["type", columns.types],
  ] as const)
    if (values && values.length <= 8) terms.push(valueHints(field, values));
  return { all: terms };
}

function datesOf({ afterDate, beforeDate }: Filters): EventCondition {
  const bounds = {
    ...(afterDate ? { gt: afterDate.toISOString() } : {}),
    ...(beforeDate ? { lt: beforeDate.toISOString() } : {}),
  };
  return { field: "createdAt", bounds };
}

/** What looks cost, as measured: PostgreSQL writes a document as text for each look at its text. */
const WEIGHTS = {
  sqlite: { look: 1, text: 0, more: 0.35 },
  postgresql: { look: 1.8, text: 1.8, more: 0.5 },
} as const;

function countConditions(condition: EventCondition): number {
  if ("not" in condition) return countConditions(condition.not);
  const parts = "all" in condition ? condition.all : "any" in condition ? condition.any : null;
  if (parts) return parts.reduce((sum, part) => sum + countConditions(part), 0);
  return "words" in condition ? condition.words.length : 1;
}

/** Takes a query apart. */
export async function planOf(database: Database, query: Filters): Promise<Plan> {
  const { sql } = database;
  // Before the types: those of all events up to the last are known then, so that none is passed over for a new type.
  const now = await logNow(database);
  const columns = columnsOf(query, sql, now);
  const rest: Sql[] = [];
  const types = query.types && (await resolveTypes(database, query.types, rest));
  if (types) columns.types = types;
  const leaves = leavesOf(query.where ?? []).filter((leaf) => !absorb(columns, leaf, sql));
  rest.push(...leaves.map((leaf) => compileCondition(sql, leaf)));
  if (query.text) {
    const pattern = `%${escapeLike(query.text)}%`;
    rest.push(
      Prisma.sql`(${sql.like(sql.asText(Prisma.sql`"payload"`), pattern)} OR ${sql.like(Prisma.sql`"type"`, pattern)})`,
    );
  }
  await narrowByTime(database, columns, timeBounds([...(query.where ?? []), datesOf(query)]));
  const { workspaceIds } = columns;
  if (workspaceIds && workspaceIds.length > FEW_IDS) columns.manyIds = new Set(workspaceIds);
  const conditions = leaves.reduce((sum, leaf) => sum + countConditions(leaf), 0);
  const { look, text, more } = WEIGHTS[sql.provider];
  const weight = look + (query.text ? text : 0) + more * Math.max(0, conditions - 1);
  return { columns, rest, terms: termsOfAll(query, leaves, columns), weight, last: now.last };
}
