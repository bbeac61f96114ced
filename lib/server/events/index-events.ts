import { setTimeout as pause } from "node:timers/promises";
import type { Engine } from "../engine";

const JOB = "event-index";
const LEASE_MS = 60_000;
const EVERY_MS = 5000;
// Requests come between one run of events and the next.
const PAUSE_MS = 50;

type IndexEngine = Pick<Engine, "store" | "log" | "instanceId" | "runner">;

/** Indexes what was stored since the last turn, and whatever an earlier version stored; in turns with other work. */
async function takeTurn({ store, instanceId, runner }: IndexEngine, signal: AbortSignal): Promise<void> {
  const mayStart = () => store.jobs.acquire(JOB, instanceId, LEASE_MS);
  // What people wait for comes first; until then a search looks at the newest events themselves.
  const isIdle = () => !signal.aborted && runner.running().length === 0;
  while (isIdle() && (await store.events.indexNext(mayStart))) await pause(PAUSE_MS);
}

/** Keeps events quick to search, by one server process at a time, until the signal. */
export function startIndexingEvents(engine: IndexEngine, signal: AbortSignal): void {
  let isBusy = false;
  const turn = async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      await takeTurn(engine, signal);
    } catch (error) {
      if (!signal.aborted) engine.log.warn({ err: error }, "Indexing events failed; it is tried again");
    } finally {
      isBusy = false;
    }
  };
  const timer = setInterval(() => void turn(), EVERY_MS).unref();
  signal.addEventListener("abort", () => {
    clearInterval(timer);
  });
}
