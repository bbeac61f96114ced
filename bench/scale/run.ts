/**
 * Measures lists, searches and feeds of a large instance at the handlers of its API:
 * `npx tsx --conditions=react-server bench/scale/run.ts --database sqlite|postgresql [--workspaces 10000] [--events 200000]`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openStore, type Store } from "@/lib/store";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { startPostgres } from "@/lib/testing/postgres/server";
import { casesOf, type Case } from "./cases";
import { BUSY, READABLE_EVERY, anEvent } from "./content";
import { fill } from "./fill";
import { databaseServer, othersSince, processors, type DatabaseServer } from "./machine";
import { summary, time, timeUndisturbed, type Figures, type Times } from "./timing";

const DAYS = 60;
const DAY_MS = 86_400_000;

interface Reader {
  who: string;
  token: string | undefined;
}

async function measure(
  instance: TestInstance,
  reader: Reader,
  one: Case,
  rounds: number,
  server: DatabaseServer,
): Promise<Figures> {
  const ask = async (round: number) => {
    const response = await instance.request(one.json ? "POST" : "GET", one.path(round), {
      ...(reader.token ? { token: reader.token } : {}),
      ...(one.json ? { json: one.json(round) } : {}),
    });
    const text = await response.text();
    if (response.status !== 200)
      throw new Error(`${one.path(round)}: ${String(response.status)} ${text.slice(0, 500)}`);
  };
  await ask(0);
  await server.look();
  return summary(`${one.name}${reader.who}`, await timeUndisturbed(ask, rounds, server.work));
}

/** One who may read single workspaces, and one whom a group lets read half of them. */
async function readersOf(instance: TestInstance, workspaces: number): Promise<Reader[]> {
  const { accounts } = instance.engine.store;
  const [some, half] = [await instance.user(), await instance.user()];
  const bind = (id: string, subject: string, scopeKind: "workspace" | "group", scope: string) =>
    accounts.bind({ id, subjectKind: "user", subject, scopeKind, scope, role: "viewer", createdBy: subject });
  for (let number = 0; number < workspaces; number += READABLE_EVERY)
    await bind(`${some.id}-${String(number)}`, some.id, "workspace", `w${String(number)}`);
  await bind(`${half.id}-group`, half.id, "group", "even");
  await bind(`${half.id}-busy`, half.id, "workspace", BUSY);
  return [
    { who: " (reader of some)", token: some.token },
    { who: " (reader of a group)", token: half.token },
  ];
}

async function measureAll(
  url: string,
  count: { workspaces: number; events: number; rounds: number },
  only: RegExp,
) {
  const instance = await startEngine({
    database: { url },
    env: {
      WORKSPACES_GROUP_even_LABELS: "group:even",
      WORKSPACES_GROUP_odd_LABELS: "group:odd",
      SWITCHYARD_RATE_LIMIT_PER_MINUTE: "0",
      // The same in every run, so that a database that was kept can be opened again.
      SWITCHYARD_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
    },
  });
  const { store } = instance.engine;
  const server = await databaseServer(url);
  const found: Figures[] = [];
  const note = (figures: Figures) => {
    found.push(figures);
    process.stdout.write(
      `${figures.name.padEnd(64)} ${figures.median.toFixed(1).padStart(8)} ms  p95 ${figures.p95.toFixed(1).padStart(8)} ms  processor ${figures.cpuMedian.toFixed(1).padStart(8)} ms  p95 ${figures.cpu.toFixed(1).padStart(8)} ms${figures.p95 > 50 ? "  SLOW" : ""}\n`,
    );
  };
  try {
    const readers = await readersOf(instance, count.workspaces);
    for (const one of casesOf(count.workspaces, count.events).filter(({ name }) => only.test(name)))
      for (const reader of [{ who: "", token: undefined }, ...(one.shared ? readers : [])])
        note(await measure(instance, reader, one, count.rounds, server));
    for (const [name, filter] of [
      ["feed, next of everything", {}],
      ["feed, next of a workspace", { workspaceId: BUSY }],
      ["feed, next of a type from far back", { types: ["nothing.*"] }],
    ] as const) {
      if (!only.test(name)) continue;
      const next = (round: number) => store.events.after(String(round * 1000), filter, 500);
      note(summary(name, await timeUndisturbed(next, count.rounds, server.work)));
    }
    if (only.test("write")) {
      const events = Array.from({ length: 10_000 }, (_, n) => anEvent(count.events + n, count.workspaces));
      const times: Times = { wall: [], cpu: [] };
      for (let start = 0; start < events.length; start += 500)
        await time(() => store.events.append(events.slice(start, start + 500)), times);
      const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0).toFixed(0);
      process.stdout.write(
        `write of 10,000 events, 500 at a time: ${sum(times.wall)} ms, processor ${sum(times.cpu)} ms\n`,
      );
    }
  } finally {
    await server.close();
    await instance.close();
  }
  return found;
}

/** Fills the database unless it was filled before; answers how many events it has. */
async function prepare(url: string, workspaces: number, events: number): Promise<number> {
  let now = Date.now() - DAYS * DAY_MS;
  const store = await openStore({
    url,
    lockTimeoutMinutes: 30,
    isDurable: false,
    clock: () => new Date(now),
  });
  try {
    const stored = Number(await store.events.lastCursor());
    if (stored > 0) {
      await indexAll(store);
      return stored;
    }
    const step = (DAYS * DAY_MS) / (events / 2000);
    const seconds = await fill(store, workspaces, events, () => (now += step * 0.99));
    process.stdout.write(
      `${String(workspaces)} workspaces, ${String(events)} events on ${store.provider}; events written in ${seconds.toFixed(0)} s\n`,
    );
    await indexAll(store);
    return events;
  } finally {
    await store.close();
  }
}

/** What a running server does by and by. */
async function indexAll(store: Store): Promise<void> {
  const times: Times = { wall: [], cpu: [] };
  let isMore = true;
  while (isMore) await time(async () => (isMore = await store.events.indexNext()), times);
  const cpu = summary("", times).cpu.toFixed(0);
  process.stdout.write(`${String(times.wall.length - 1)} segments indexed, processor p95 ${cpu} ms each\n`);
}

/** Writes the figures beside those of the other database. */
async function writePage(
  database: string,
  { workspaces, events, rounds }: { workspaces: number; events: number; rounds: number },
  found: readonly Figures[],
  others: string,
): Promise<void> {
  const lines = found.map(({ name, median, p95, cpuMedian, cpu }) =>
    [name, ...[median, p95, cpuMedian, cpu].map((ms) => `${ms.toFixed(1)} ms`)].join(" | "),
  );
  const text = [
    `# Lists, searches and feeds on ${database === "sqlite" ? "SQLite" : "PostgreSQL"}`,
    "",
    `Written by \`bench/scale/run.ts\`: ${String(workspaces)} workspaces, ${String(events)} events, ${String(rounds)} requests of each kind,`,
    `Node ${process.versions.node}, ${String(availableParallelism())} processors, ${process.platform}. Measured at the API's handlers; the last two columns are`,
    "what the processors worked for it, in this process and in those of the database.",
    ...(others === "" ? [] : [others]),
    "",
    "| request | median | p95 | processor, median | processor, p95 |",
    "| --- | --- | --- | --- | --- |",
    ...lines.map((line) => `| ${line} |`),
    "",
  ].join("\n");
  await writeFile(join(process.cwd(), "bench", "scale", `${database}.md`), text);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      database: { type: "string", default: "sqlite" },
      workspaces: { type: "string", default: "10000" },
      events: { type: "string", default: "200000" },
      rounds: { type: "string", default: "40" },
      only: { type: "string", default: "" },
      /** Address of a database of your own: filled when it is empty, kept for the next run. */
      url: { type: "string" },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), "switchyard-bench-"));
  const count = {
    workspaces: Number(values.workspaces),
    events: Number(values.events),
    rounds: Number(values.rounds),
  };
  const server = values.database === "sqlite" || values.url ? null : await startPostgres();
  try {
    const url = values.url ?? server?.url ?? `file:${join(folder, "switchyard.db")}`;
    const stored = await prepare(url, count.workspaces, count.events);
    const before = processors();
    const found = await measureAll(url, count, new RegExp(values.only));
    const again = found.reduce((sum, { disturbed }) => sum + disturbed, 0);
    const others = othersSince(before, again);
    process.stdout.write(`${others}\n`);
    if (values.only === "") await writePage(values.database, { ...count, events: stored }, found, others);
  } finally {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
