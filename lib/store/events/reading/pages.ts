import { Prisma } from "../../database/client";
import type { Database } from "../../database/database";
import type { Columns } from "./plan";
import {
  ask,
  askAmong,
  cursorsSql,
  FEW,
  isFew,
  nearest,
  ordered,
  runsSql,
  streamsOf,
  windowSql,
  type Direction,
  type Stream,
} from "./streams";

/** Where there are many runs, the nearest events are looked through before each run is asked. */
const NEAREST = 1000;
/** So many neighbours are looked through with one query, and for one page, when they promise to be enough. */
const NEIGHBOURS_AT_ONCE = 4000;
const MOST_NEIGHBOURS = 20_000;

/** The cursors on a page of what the columns say, in order. */
export async function pageOfCursors(
  database: Database,
  columns: Columns,
  direction: Direction,
  { limit, offset = 0 }: { limit: number; offset?: number },
): Promise<number[]> {
  if (columns.from > columns.to) return [];
  if (!isFew(columns)) {
    const close = await neighbours(database, columns, direction, limit + offset);
    if (close) return close.slice(offset, offset + limit);
  }
  const streams = streamsOf(columns);
  if (streams.length > FEW) return pageOfMany(database, columns, direction, streams, { limit, offset });
  if (streams.length === 0) return [];
  return ask(database, cursorsSql(database.sql, columns, direction, { limit, offset }), direction);
}

/** The first so many cursors, found by looking through the nearest events; null where that would take too many. */
async function neighbours(
  database: Database,
  columns: Columns,
  direction: Direction,
  wanted: number,
): Promise<number[] | null> {
  const found: number[] = [];
  let left = columns;
  for (let looked = 0, size = NEAREST; left.from <= left.to && found.length < wanted;) {
    const window = nearest(left, direction, size);
    const query = windowSql(database.sql, window, [], direction);
    found.push(...(await askAmong(database, columns, query, direction)));
    left = direction === "asc" ? { ...left, from: window.to + 1 } : { ...left, to: window.from - 1 };
    looked += window.to - window.from + 1;
    const promised = Math.ceil(((wanted - found.length) / found.length) * looked * 1.1);
    if (left.from <= left.to && !(looked + promised <= MOST_NEIGHBOURS)) return null;
    size = Math.min(Math.max(promised, NEAREST), NEIGHBOURS_AT_ONCE);
  }
  return found;
}

/**
 * Of many runs, those count whose first event is among the first of all: as many as there are events on the page, for
 * the first event of each is one of them.
 */
async function pageOfMany(
  database: Database,
  columns: Columns,
  direction: Direction,
  streams: Stream[],
  { limit, offset }: { limit: number; offset: number },
): Promise<number[]> {
  const wanted = limit + offset;
  const runs = runsSql(database.sql, columns, streams, { direction, limit: 1 });
  const heads = await database.read.$queryRaw<
    { w: string | null; t: string | null; cursor: bigint | number }[]
  >`
    SELECT s."w", s."t", e."cursor" FROM ${runs} ${ordered(direction, wanted)}`;
  const last = heads.at(-1);
  if (!last) return [];
  const bound = Number(last.cursor);
  const isFull = heads.length >= wanted;
  const narrowed = direction === "asc" ? { to: bound } : { from: bound };
  return ask(
    database,
    cursorsSql(database.sql, { ...columns, ...(isFull ? narrowed : {}) }, direction, {
      limit,
      offset,
      streams: heads.map(({ w, t }): Stream => [w, t]),
    }),
    direction,
  );
}

/** How many events there are of what the columns say; no more than `most` are counted. */
export async function countCursors(database: Database, columns: Columns, most: number): Promise<number> {
  const { sql } = database;
  const streams = streamsOf(columns);
  if (streams.length === 0 || columns.from > columns.to) return 0;
  const cursors =
    streams.length === 1
      ? cursorsSql(sql, columns, "desc", { limit: most, streams })
      : Prisma.sql`SELECT e."cursor" FROM ${runsSql(sql, columns, streams, { direction: "desc", limit: most })} LIMIT ${most}`;
  const [row] = await database.read.$queryRaw<{ found: bigint | number }[]>`
    SELECT COUNT(*) AS "found" FROM (${cursors}) AS "counted"`;
  return Number(row?.found ?? 0);
}
