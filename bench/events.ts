// Measures lists and searches among many events: `npx tsx bench/events.ts [--count 200000] [--database postgresql://…]`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { NewEvent } from "@/lib/domain/event";
import { listEvents, type EventFilters } from "@/lib/server/events/list";
import { searchEvents, SearchRequest } from "@/lib/server/events/search";
import { openStore, type Store } from "@/lib/store";

const TYPES = ["order.placed", "order.paid", "workspaces.updated", "workspaces.versions.progress", "visit"];
const AT_ONCE = 2000;
const ROUNDS = 40;
/** One workspace has a quarter of all events; the others share the rest. */
const BUSY = "busy";

function anEvent(number: number): NewEvent {
  return {
    type: TYPES[number % TYPES.length] ?? "visit",
    workspaceId: number % 4 === 0 ? BUSY : `w${String(number % 1000)}`,
    payload: {
      number,
      city: `City ${String(number % 500)}`,
      note: "Lorem ipsum dolor sit amet ".repeat(6),
      rare: number % 40_000 === 0,
    },
    source: { userId: `user${String(number % 50)}`, correlationId: `c${String(number % 20_000)}` },
  };
}

async function fill(store: Store, count: number): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE)
    await store.events.append(
      Array.from({ length: Math.min(AT_ONCE, count - done) }, (_, index) => anEvent(done + index)),
    );
}

function cases(store: Store, count: number): [string, (round: number) => Promise<unknown>][] {
  const engine = { store };
  const scope = { workspaceId: BUSY };
  const list = (filters: Partial<EventFilters>, where: Parameters<typeof listEvents>[1] = scope) =>
    listEvents(engine, where, { paths: {}, page: 0, limit: 50, ...filters });
  const search = (query: unknown) => searchEvents(engine, scope, SearchRequest.parse({ query }));
  const middle = (round: number) => String(Math.floor(count / 2) - round * 100);
  return [
    ["list, newest", () => list({})],
    ["list, keyset page", (round) => list({ beforeId: middle(round) })],
    ["list, by type", () => list({ types: ["order.paid"] })],
    ["list, by wildcard", () => list({ types: ["workspaces.*"] })],
    ["list, before a date", () => list({ beforeDate: new Date(Date.now() + 1000) })],
    ["list, after a date with none", () => list({ afterDate: new Date(Date.now() + 86_400_000) })],
    ["list, by correlation", (round) => list({ correlationId: `c${String(round * 4)}` })],
    ["list, by path", (round) => list({ paths: { "payload.city": `City ${String(round * 4)}` } })],
    ["list, by rare path", () => list({ paths: { "payload.rare": "true" } })],
    ["list, by text", () => list({ text: "City 4" })],
    ["list, by text that is nowhere", () => list({ text: "nowhere at all" })],
    ["list, of everything", () => list({}, {})],
    [
      "list, of thirty workspaces",
      () => list({}, { readable: Array.from({ length: 30 }, (_, n) => `w${String(n)}`) }),
    ],
    ["search, match all", () => search({ match_all: {} })],
    ["search, term on type", () => search({ term: { type: "order.placed" } })],
    ["search, term on payload", (round) => search({ term: { "payload.number": round * 4 } })],
    [
      "search, bool",
      () =>
        search({
          bool: {
            filter: [
              { term: { type: "order.paid" } },
              { range: { "payload.number": { gte: count - 1000 } } },
            ],
          },
        }),
    ],
    ["search, match", () => search({ match: { "payload.city": "City 44" } })],
  ];
}

async function measure(work: (round: number) => Promise<unknown>): Promise<{ median: number; p95: number }> {
  await work(0);
  const times: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const begin = performance.now();
    await work(round);
    times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { median: at(0.5), p95: at(0.95) };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { count: { type: "string", default: "200000" }, database: { type: "string" } },
  });
  const folder = mkdtempSync(join(tmpdir(), "switchyard-bench-"));
  const url = values.database ?? `file:${join(folder, "events.db")}`;
  const count = Number(values.count);
  const store = await openStore({ url, lockTimeoutMinutes: 30 });
  try {
    const begin = performance.now();
    await fill(store, count);
    process.stdout.write(
      `${String(count)} events on ${store.provider} in ${((performance.now() - begin) / 1000).toFixed(0)} s\n`,
    );
    for (const [name, work] of cases(store, count)) {
      const { median, p95 } = await measure(work);
      process.stdout.write(
        `${name.padEnd(32)} ${median.toFixed(1).padStart(8)} ms  p95 ${p95.toFixed(1).padStart(8)} ms\n`,
      );
    }
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
