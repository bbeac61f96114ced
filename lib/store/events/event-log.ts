import type { EventLog, EventQuery } from "../contract";
import { Prisma } from "../database/client";
import type { Database } from "../database/database";
import { appendEvents, toEvent } from "./append";
import { indexNext } from "./index/build";
import { cursorOf } from "./query/compile";
import { findCursors, findPage, LOOKS } from "./reading/find";
import { planOf } from "./reading/plan";
import { countCursors, pageOfCursors } from "./reading/pages";
import { isAmong, lastCursor, type Direction } from "./reading/streams";
import { pruneEvents } from "./retention";
import type { Watch } from "./watch";

type Row = Parameters<typeof toEvent>[0];

/** The instance's one ordered log of events. */
export function eventLog(database: Database, watch: Watch): EventLog {
  const { read, sql } = database;

  async function eventsAt(cursors: readonly number[], direction: Direction) {
    if (cursors.length === 0) return [];
    const order = Prisma.raw(direction === "asc" ? "ASC" : "DESC");
    const rows = await read.$queryRaw<Row[]>`
      SELECT "cursor", "workspaceId", "type", "createdAt", "payload", "source", "error" FROM "Event"
      WHERE ${isAmong(sql, cursors)} ORDER BY "cursor" ${order}`;
    return rows.map(toEvent);
  }

  async function page(query: EventQuery & { countTo?: number }, looks?: number) {
    const direction = query.sort ?? "desc";
    const { limit, countTo } = query;
    const found = await findPage(database, await planOf(database, query), direction, {
      limit,
      offset: query.page * limit,
      ...(countTo === undefined ? {} : { countTo }),
      ...(looks === undefined ? {} : { looks }),
    });
    return { ...found, events: await eventsAt(found.cursors, direction) };
  }

  return {
    append: (events) => database.transaction((unit) => appendEvents(unit, events)),
    list: async (query) => (await page(query)).events,
    async search(query) {
      const { events, size, searchedTo } = await page(query, LOOKS);
      return {
        events,
        ...(size === undefined ? {} : { size }),
        ...(searchedTo === null ? {} : { searchedTo: String(searchedTo) }),
      };
    },
    async count(query, most) {
      const plan = await planOf(database, query);
      if (plan.rest.length === 0) return countCursors(database, plan.columns, most);
      return (await findCursors(database, plan, "desc", { wanted: most })).cursors.length;
    },
    async after(cursor, filter, limit) {
      const plan = await planOf(database, filter);
      const columns = { ...plan.columns, from: Number(cursorOf(cursor)) + 1 };
      const cursors =
        plan.rest.length === 0
          ? await pageOfCursors(database, columns, "asc", { limit })
          : (await findCursors(database, { ...plan, columns }, "asc", { wanted: limit })).cursors;
      return eventsAt(cursors, "asc");
    },
    lastCursor: async () => String(await lastCursor(database)),
    prune: pruneEvents(database),
    indexNext: (mayStart = () => Promise.resolve(true)) => indexNext(database, mayStart),
    onAppend: (callback) => watch.onAppend(callback),
  };
}
