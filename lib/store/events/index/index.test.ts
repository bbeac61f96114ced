import Sqlite from "better-sqlite3";
import { Client } from "pg";
import { expect, test } from "vitest";
import type { EventCondition } from "@/lib/domain/event-condition";
import type { EventQuery, Store } from "@/lib/store";
import { describeOnDatabases, type TestDatabase } from "@/lib/testing/database";
import { aNewWorkspace, anEvent } from "@/lib/testing/store-builders";
import type { Sql } from "../../database/client";
import { dialectOf } from "../../database/dialect";
import { cursorsSql, matchesSql } from "../reading/streams";
import { postingsSql } from "./lookup";
import { SEGMENT_SIZE } from "./postings";

const TWO_SEGMENTS = 2 * SEGMENT_SIZE + 300;

/** Events of every kind: most alike, some with what few or none of the others have. */
function event(number: number) {
  const isRare = number % 100 === 7;
  return anEvent(isRare ? "order.returned" : number % 3 === 0 ? "order.paid" : "order.placed", {
    workspaceId: isRare ? "attic" : number % 5 === 0 ? "shop" : "blog",
    payload: {
      number,
      sum: number / 4,
      city: number % 700 === 0 ? "Ädelholm" : "Carrow",
      note: number % 899 === 1 ? 'a "quoted" PERIHELION\nword' : "nothing special",
      tags: ["plain", ...(number % 800 === 2 ? ["odd one"] : [])],
      ...(number % 1000 === 3 ? { nested: { deep: [1, { x: "hidden" }] } } : {}),
    },
    source: { userId: `user${String(number % 400)}`, sessionId: `s${String(number)}` },
  });
}

async function fill(store: Store, count = TWO_SEGMENTS): Promise<void> {
  for (let done = 0; done < count; done += 1000)
    await store.events.append(
      Array.from({ length: Math.min(1000, count - done) }, (_, n) => event(done + n)),
    );
}

async function indexAll(store: Store): Promise<void> {
  while (await store.events.indexNext());
}

const where = (...conditions: EventCondition[]) => ({ where: conditions });

const QUERIES: [string, Partial<EventQuery>, found: number][] = [
  ["text", { text: "perihelion" }, 5],
  ["part of a word", { text: "IHELI" }, 5],
  ["text across punctuation", { text: 'quoted\\" peri' }, 5],
  ["text beyond ASCII", { text: "Ädelholm" }, 7],
  ["text with what few have", { text: "perihelion", workspaceId: "shop" }, 1],
  ["text of a type", { text: "order.paid", types: ["order.p*d"], limit: 10 }, 10],
  ["text that is nowhere", { text: "aphelion" }, 0],
  ["two letters that are nowhere", { text: "qx" }, 0],
  ["a number", where({ field: "payload.number", text: "77" }), 1],
  ["a fraction", where({ field: "payload.sum", is: [77.25] }), 1],
  ["a text", where({ field: "payload.city", is: ["Ädelholm"] }), 7],
  ["an item of a list", where({ field: "payload.tags", text: "odd one" }), 6],
  ["a number in a nested list", where({ field: "payload.nested.deep", is: [1] }), 5],
  ["a path that few have", where({ field: "payload.nested", exists: true }), 5],
  ["a path that none has", where({ field: "payload.none.of", exists: true }), 0],
  ["words", where({ field: "payload.note", words: ["perihelion", "nowhere"], every: false }), 5],
  ["all words", where({ field: "payload.note", words: ["perihelion", "nowhere"], every: true }), 0],
  ["a pattern", where({ field: "payload.note", pattern: "*PERI?ELION*" }), 5],
  ["a session", where({ field: "source.sessionId", text: "s4000" }), 1],
  ["a user of a workspace", { ...where({ field: "source.userId", text: "user5" }), workspaceId: "shop" }, 11],
  [
    "one or the other",
    where({
      any: [
        { field: "payload.number", is: [5] },
        { field: "payload.city", is: ["Ädelholm"] },
      ],
    }),
    8,
  ],
  [
    "one without the other",
    where({ field: "payload.city", is: ["Ädelholm"] }, { not: { field: "payload.number", is: [700] } }),
    6,
  ],
  ["a range", where({ field: "payload.number", bounds: { gte: 10, lt: 13 } }), 3],
  ["ids", where({ field: "id", is: ["5", "2050"] }), 2],
  [
    "between ids",
    { ...where({ field: "payload.city", is: ["Ädelholm"] }), afterId: "100", beforeId: "3000" },
    4,
  ],
];

async function answers(store: Store, sort: "asc" | "desc"): Promise<[string, string[]][]> {
  const found: [string, string[]][] = [];
  for (const [name, query] of QUERIES) {
    const events = await store.events.list({ page: 0, limit: 50, sort, ...query });
    found.push([name, events.map(({ id }) => id)]);
  }
  return found;
}

async function read(database: TestDatabase, sql: Pick<Sql, "sql" | "text" | "values">): Promise<unknown[]> {
  if (database.provider === "sqlite") {
    const file = new Sqlite(database.url.slice("file:".length));
    try {
      return file.prepare(sql.sql).all(...sql.values);
    } finally {
      file.close();
    }
  }
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql.text, sql.values)).rows as unknown[];
  } finally {
    await client.end();
  }
}

const counted = async (database: TestDatabase, table: string) => {
  const statement = `SELECT COUNT(*) AS "count" FROM "${table}"`;
  const [row] = await read(database, { sql: statement, text: statement, values: [] });
  return Number((row as { count: unknown }).count);
};

/** How the database would answer the query. */
async function planned(database: TestDatabase, query: Sql): Promise<string> {
  const words = database.provider === "sqlite" ? "EXPLAIN QUERY PLAN " : "EXPLAIN ";
  const { sql, text, values } = query;
  return JSON.stringify(await read(database, { sql: words + sql, text: words + text, values }));
}

/** Searches, and goes on from where each search ended, until one was done. */
async function follow(store: Store, query: EventQuery): Promise<[steps: number, ids: string[]]> {
  const ids: string[] = [];
  let next = query;
  for (let steps = 1; ; steps++) {
    const { events, searchedTo } = await store.events.search(next);
    ids.push(...events.map(({ id }) => id));
    if (searchedTo === undefined) return [steps, ids];
    next = { ...query, [query.sort === "asc" ? "afterId" : "beforeId"]: searchedTo };
  }
}

await describeOnDatabases("The index of events", (database) => {
  test("answers as a look at every event does, also while a part is not indexed, whoever builds it", async () => {
    const [store, other] = [await database.open(), await database.open()];
    await fill(store);
    const [newest, oldest] = [await answers(store, "desc"), await answers(store, "asc")];
    expect(newest.map(([name, ids]) => [name, ids.length])).toEqual(
      QUERIES.map(([name, , count]) => [name, count]),
    );
    expect(await counted(database, "EventSegment")).toBe(0);

    expect(await store.events.indexNext()).toBe(true);
    expect(await counted(database, "EventSegment")).toBe(1);
    expect(await answers(store, "desc")).toEqual(newest);

    await Promise.all([indexAll(store), indexAll(other), store.events.append([event(899_001)])]);
    expect(await counted(database, "EventSegment")).toBe(2);
    expect((await store.events.list({ text: "perihelion", page: 0, limit: 1 }))[0]?.payload.number).toBe(
      899_001,
    );
    const upTo = { beforeId: String(TWO_SEGMENTS + 1) };
    for (const [sort, before] of [
      ["desc", newest],
      ["asc", oldest],
    ] as const)
      for (const [at, [name, query]] of QUERIES.entries()) {
        const page = { page: 0, limit: 50, sort, ...upTo, ...query };
        const events = await store.events.list(page);
        expect([name, events.map(({ id }) => id)]).toEqual(before[at]);
        // A search that ends before its time is gone on with.
        const [, ids] = await follow(store, page);
        expect([name, ids.slice(0, page.limit)]).toEqual(before[at]);
      }
  });

  test("forgets what retention deletes, and is made again of what is left", async () => {
    let now = new Date("2026-01-01T00:00:00Z");
    const store = await database.open({ clock: () => now });
    for (const id of ["blog", "attic"]) await store.workspaces.create(aNewWorkspace(id));
    await fill(store);
    await indexAll(store);
    const rows = await counted(database, "EventTerm");
    expect(rows).toBeGreaterThan(0);
    now = new Date("2026-06-01T00:00:00Z");
    // The shop is a workspace that is gone.
    const rules = { idleSince: now, fewerThan: 0, deletedBefore: now };
    expect(await store.events.prune(rules)).toBe(Math.ceil(TWO_SEGMENTS / 5));
    expect([await counted(database, "EventSegment"), await counted(database, "EventTerm")]).toEqual([0, 0]);
    const left = async () => (await answers(store, "desc")).map(([, ids]) => ids);
    const unindexed = await left();
    await indexAll(store);
    expect(await counted(database, "EventSegment")).toBe(2);
    expect(await counted(database, "EventTerm")).toBeLessThan(rows);
    expect(await left()).toEqual(unindexed);
  });

  test("leads a search that it cannot shorten no further than a request may take, and says how far", async () => {
    const store = await database.open();
    await fill(store, 4000);
    const page = { page: 0, limit: 50 };
    const lowest = where({ field: "payload.sum", bounds: { lt: 2 } });
    const first = await store.events.search({ ...lowest, ...page, countTo: 100 });
    expect(first).toMatchObject({ events: [], size: 0 });
    const [steps, found] = await follow(store, { ...lowest, ...page });
    expect(found).toEqual(["8", "7", "6", "5", "4", "3", "2", "1"]);
    expect(steps).toBeGreaterThan(1);
    expect(steps).toBeLessThan(6);
    const highest = {
      ...where({ field: "payload.sum", bounds: { gt: 999.6 } }),
      ...page,
      sort: "asc",
    } as const;
    expect((await store.events.search(highest)).events).toEqual([]);
    expect((await follow(store, highest))[1]).toEqual(["4000"]);
  });

  test("finds what is rare with one search, however much of the newest segment is not indexed yet", async () => {
    const store = await database.open();
    await fill(store, 3 * SEGMENT_SIZE - 20);
    await indexAll(store);
    for (const sort of ["asc", "desc"] as const) {
      const page = { page: 0, limit: 50, sort };
      const found = await store.events.search({ text: "perihelion", ...page });
      expect(found.searchedTo).toBeUndefined();
      expect(found.events).toHaveLength(7);
      const counted = await store.events.search({
        ...where({ field: "payload.number", is: [1] }),
        ...page,
        countTo: 100,
      });
      expect(counted).toMatchObject({ size: 1, events: [{ id: "2" }] });
      expect(counted.searchedTo).toBeUndefined();
    }
  });

  test("looks at no more of a workspace because others have newer events that are not indexed yet", async () => {
    const store = await database.open();
    await fill(store, 3 * SEGMENT_SIZE);
    await indexAll(store);
    const everywhere = { text: "special", workspaceId: "blog", page: 0, limit: 50, countTo: 10_000 };
    const { size: before = 0 } = await store.events.search(everywhere);
    expect(before).toBeGreaterThan(0);
    const others = Array.from({ length: SEGMENT_SIZE - 20 }, (_, n) => ({
      ...event(n),
      workspaceId: "shop",
    }));
    await store.events.append(others);
    const { size: after } = await store.events.search(everywhere);
    expect(after).toBeLessThanOrEqual(before);
    expect(after).toBeGreaterThan(before / 2);
  });

  test("and every list are served by an index of the database, in the order of the cursors", async () => {
    const store = await database.open();
    await fill(store, 2 * SEGMENT_SIZE);
    await indexAll(store);
    if (database.provider === "postgresql") await read(database, { sql: "", text: "ANALYZE", values: [] });
    const sql = dialectOf(database.provider);
    const all = { from: 0, to: 1_000_000, checks: [] };
    const page = { limit: 50 };
    const expected: [Sql, RegExp][] = [
      [
        cursorsSql(sql, { ...all, workspaceIds: ["attic"] }, "desc", page),
        /Event_workspaceId_(type_)?cursor_idx/,
      ],
      [
        cursorsSql(sql, { ...all, workspaceIds: ["attic"], types: ["order.returned"] }, "desc", page),
        /Event_workspaceId_type_cursor_idx/,
      ],
      [
        cursorsSql(sql, { ...all, types: ["order.returned", "order.sent"] }, "desc", page),
        /Event_type_cursor_idx/,
      ],
      [cursorsSql(sql, { ...all, correlationId: "c1" }, "desc", page), /Event_correlationId_cursor_idx/],
      [cursorsSql(sql, { ...all, operationId: "op1" }, "asc", page), /Event_operationId_cursor_idx/],
      [cursorsSql(sql, all, "asc", page), /Event_pkey|sqlite_autoindex_Event_1/],
      [matchesSql(sql, all, [], [5, 9], "desc"), /Event_pkey|sqlite_autoindex_Event_1/],
      [postingsSql(sql, 0, 1, [7, 8]), /EventTerm_pkey|USING PRIMARY KEY \(segment=\? AND bucket=\?\)/],
    ];
    for (const [query, index] of expected) {
      const plan = await planned(database, query);
      expect(plan).toMatch(index);
      expect(plan).not.toMatch(/Seq Scan on \\"Event(Term)?\\"|SCAN (Event|t)\b/);
    }
  });
});
