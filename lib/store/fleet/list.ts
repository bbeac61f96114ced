import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import type { FleetCounts } from "@/lib/domain/wire/api";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { WorkspaceQuery } from "../contract";
import { Prisma, type Sql } from "../database/client";
import type { Database } from "../database/database";
import { escapeLike } from "../database/dialect";
import { selectWorkspaces, toRecords, type WorkspaceRow } from "../workspaces/rows";

const WITHOUT_PLATFORM = Prisma.sql`"id" <> ${PLATFORM_WORKSPACE_ID}`;
const NOT_PLATFORM = Prisma.sql`w."id" <> ${PLATFORM_WORKSPACE_ID}`;
/** Rows of one query: the driver of SQLite answers nothing else meanwhile. */
const FIND_AT_ONCE = 500;
/** Of more workspaces than these a page is found by going through all in their order, rather than sorting them first. */
const FEW_READABLE = 500;
const FEW_LABELS = 20;
/** More than there can be. */
const EVERY_LABEL = 1_000_000_000;
const SORTABLE = new Set(["name", "slug", "createdAt", "updatedAt"]);

/** SQL for a lock that stands: kept beside `standing` in locks/lock-rows.ts, which decides the same for one row. */
function lockStands({ sql, clock }: Database): Sql {
  return Prisma.sql`l."kind" IS NOT NULL AND (l."expiresAt" IS NULL OR l."expiresAt" > ${sql.now(clock)}
    OR (l."kind" = 'operation' AND l."repositoryId" IS NOT NULL))`;
}

function conflictStands({ sql, clock }: Database): Sql {
  return Prisma.sql`(l."kind" = 'merge_conflict' OR (l."kind" = 'operation' AND l."repositoryId" IS NOT NULL
    AND l."expiresAt" <= ${sql.now(clock)}))`;
}

/** Sets of workspaces, which the databases find once by a query, rather than once for every workspace. */
const inLocks = (condition: Sql) =>
  Prisma.sql`w."id" IN (SELECT l."workspaceId" FROM "WriteLock" l WHERE ${condition})`;
const inStates = (condition: Sql) =>
  Prisma.sql`w."id" IN (SELECT s."workspaceId" FROM "RepositoryState" s WHERE ${condition})`;

const IS_BEHIND = inStates(Prisma.sql`s."behind" > 0 OR s."status" IN ('behind', 'diverged')`);

/** SQL for the status "synced" that lists show. A conflict whose lock was cleared is still two sides that differ. */
function isSynced(database: Database): Sql {
  return Prisma.sql`(w."dirty" = ${database.sql.boolean(false)} AND NOT ${inLocks(conflictStands(database))}
    AND NOT ${inStates(Prisma.sql`s."behind" > 0 OR s."status" <> 'synced'`)})`;
}

function isLabelled({ sql }: Database, labels: readonly string[]): Sql {
  // Told one by one, PostgreSQL knows how many workspaces to expect.
  const isFew = labels.length > 0 && labels.length <= FEW_LABELS;
  return Prisma.sql`w."id" IN (SELECT t."workspaceId" FROM "WorkspaceLabel" t
    WHERE ${isFew ? Prisma.sql`t."label" IN (${Prisma.join([...labels])})` : sql.isIn(Prisma.sql`t."label"`, labels)})`;
}

function searchCondition({ sql }: Database, text: string): Sql {
  const pattern = `%${escapeLike(text)}%`;
  const columns = ["name", "slug", "id"].map((column) => sql.like(Prisma.raw(`w."${column}"`), pattern));
  // Few labels are on many workspaces. The limit keeps the databases from comparing each workspace's after all.
  const label = Prisma.sql`w."id" IN (SELECT t."workspaceId" FROM "WorkspaceLabel" t WHERE t."label" IN (
    SELECT d."label" FROM (SELECT DISTINCT "label" FROM "WorkspaceLabel" LIMIT ${EVERY_LABEL}) AS d
    WHERE ${sql.like(Prisma.sql`d."label"`, pattern)}))`;
  return Prisma.sql`(${Prisma.join([...columns, label], " OR ")})`;
}

function isReadable({ sql }: Database, readable: readonly string[]): Sql {
  // The sign keeps SQLite from looking them up one by one.
  const isMany = sql.provider === "sqlite" && readable.length > FEW_READABLE;
  return sql.isAmong(Prisma.raw(isMany ? `+w."id"` : `w."id"`), readable);
}

function conditionsOf(database: Database, query: WorkspaceQuery): Sql[] {
  const { sql } = database;
  const conditions: Sql[] = [query.ids ? sql.isIn(Prisma.sql`w."id"`, query.ids) : NOT_PLATFORM];
  if (query.readable) conditions.push(isReadable(database, query.readable));
  if (query.dirty !== undefined) conditions.push(Prisma.sql`w."dirty" = ${sql.boolean(query.dirty)}`);
  if (query.labels) conditions.push(isLabelled(database, query.labels));
  if (query.name !== undefined) conditions.push(Prisma.sql`w."name" = ${query.name}`);
  if (query.slug !== undefined) conditions.push(Prisma.sql`w."slug" = ${query.slug}`);
  if (query.createdBy !== undefined) conditions.push(Prisma.sql`w."createdBy" = ${query.createdBy}`);
  if (query.search) conditions.push(searchCondition(database, query.search));
  if (query.locked === "any") conditions.push(inLocks(lockStands(database)));
  if (query.locked === "merge_conflict") conditions.push(inLocks(conflictStands(database)));
  if (query.synced) conditions.push(isSynced(database));
  if (query.behind !== undefined) conditions.push(query.behind ? IS_BEHIND : Prisma.sql`NOT ${IS_BEHIND}`);
  return conditions;
}

function orderOf(sort: string | undefined): Sql {
  const field = sort?.replace(/^-/, "") ?? "";
  const direction = sort?.startsWith("-") ? "DESC" : "ASC";
  const column = SORTABLE.has(field) ? field : "name";
  return Prisma.raw(`ORDER BY w."${column}" ${direction}, w."id" ${direction}`);
}

/** One page of the fleet. */
export async function listWorkspaces(database: Database, query: WorkspaceQuery) {
  const order = orderOf(query.sort);
  // The index of the order alone says what a page skips; only what is on it is read whole.
  const rows = await database.read.$queryRaw<WorkspaceRow[]>`
    SELECT w.* FROM "Workspace" w WHERE w."id" IN (
      SELECT w."id" FROM "Workspace" w WHERE ${Prisma.join(conditionsOf(database, query), " AND ")}
      ${order} LIMIT ${query.limit} OFFSET ${query.page * query.limit})
    ${order}`;
  return toRecords(database.read, database.sql, rows);
}

/** Workspaces that match every given condition, by slug. */
export async function findWorkspaces(
  database: Database,
  query: { ids?: readonly string[]; slugs?: readonly string[]; anyLabel?: readonly string[] },
) {
  const { sql, read } = database;
  const conditions = [query.ids ? sql.isIn(Prisma.sql`"id"`, query.ids) : WITHOUT_PLATFORM];
  if (query.slugs) conditions.push(sql.isIn(Prisma.sql`"slug"`, query.slugs));
  if (query.anyLabel) {
    conditions.push(
      Prisma.sql`"id" IN (SELECT "workspaceId" FROM "WorkspaceLabel" WHERE ${sql.isIn(Prisma.sql`"label"`, query.anyLabel)})`,
    );
  }
  const found: WorkspaceRecord[] = [];
  for (let after = ""; ;) {
    const page = Prisma.join([...conditions, Prisma.sql`"slug" > ${after}`], " AND ");
    const rest = Prisma.sql`ORDER BY "slug" LIMIT ${FIND_AT_ONCE}`;
    const rows = await selectWorkspaces(read, page, rest);
    found.push(...(await toRecords(read, sql, rows)));
    const last = rows.at(-1);
    if (!last || rows.length < FIND_AT_ONCE) return found;
    after = last.slug;
  }
}

/** How many workspaces there are of each sort, in one look. */
export async function countFleet(database: Database, readable?: readonly string[]): Promise<FleetCounts> {
  const { sql, read } = database;
  const mine = readable ? Prisma.sql`AND ${isReadable(database, readable)}` : Prisma.empty;
  const count = (condition: Sql) => Prisma.sql`SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END)`;
  const [row] = await read.$queryRaw<Record<keyof FleetCounts, bigint | number | null>[]>`
    SELECT COUNT(*) AS "all", ${count(isSynced(database))} AS "synced",
      ${count(Prisma.sql`w."dirty" = ${sql.boolean(true)}`)} AS "dirty",
      ${count(IS_BEHIND)} AS "behind", ${count(inLocks(conflictStands(database)))} AS "conflict",
      ${count(inLocks(lockStands(database)))} AS "locked"
    FROM "Workspace" w
    WHERE ${NOT_PLATFORM} ${mine}`;
  return {
    all: Number(row?.all ?? 0),
    synced: Number(row?.synced ?? 0),
    dirty: Number(row?.dirty ?? 0),
    behind: Number(row?.behind ?? 0),
    conflict: Number(row?.conflict ?? 0),
    locked: Number(row?.locked ?? 0),
  };
}

/** Every label in use, in the order of the alphabet. */
export async function listLabels(database: Database, readable?: readonly string[]): Promise<string[]> {
  const mine = readable
    ? Prisma.sql`WHERE ${database.sql.isAmong(Prisma.sql`"workspaceId"`, readable)}`
    : Prisma.empty;
  const rows = await database.read.$queryRaw<{ label: string }[]>`
    SELECT DISTINCT "label" FROM "WorkspaceLabel" ${mine} ORDER BY "label"`;
  return rows.map((row) => row.label);
}

/** Ids of the workspaces with any of these labels; one row, for a role in a group may cover thousands. */
export async function labelledIds({ sql, read }: Database, labels: readonly string[]): Promise<string[]> {
  if (labels.length === 0) return [];
  // A workspace may have several of the labels.
  const id = Prisma.raw(labels.length > 1 ? `DISTINCT "workspaceId"` : `"workspaceId"`);
  const [row] = await read.$queryRaw<{ ids: string }[]>`
    SELECT ${sql.asList(id)} AS "ids" FROM "WorkspaceLabel"
    WHERE "label" IN (${Prisma.join([...labels])}) AND "workspaceId" <> ${PLATFORM_WORKSPACE_ID}`;
  return JSON.parse(row?.ids ?? "[]") as string[];
}
