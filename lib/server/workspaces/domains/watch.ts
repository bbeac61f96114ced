import { randomUUID } from "node:crypto";
import type { Engine } from "../../engine";
import { systemViewer } from "../../viewer";
import { noteDomain } from "./domains";

type WatchEngine = Pick<Engine, "store" | "env" | "masterKey" | "redactor" | "dns" | "log" | "instanceId">;

const JOB = "customDomains";
const LEASE_MS = 5 * 60_000;
const EVERY_MS = 5 * 60_000;
const ACTIVE_MS = 60 * 60_000;
const OTHERS_MS = 10 * 60_000;
const AT_ONCE = 100;

/** Looks at the domains whose turn it is: active ones every hour, the others every ten minutes. Answers how many. */
export async function checkDueDomains(engine: WatchEngine, now: Date): Promise<number> {
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const due = await engine.store.domains.due({ active: ago(ACTIVE_MS), others: ago(OTHERS_MS) }, AT_ONCE);
  const viewer = systemViewer("schedule", randomUUID());
  for (const record of due) await noteDomain(engine, viewer, record);
  return due.length;
}

async function takeTurn(engine: WatchEngine): Promise<void> {
  const { jobs } = engine.store;
  try {
    if (!(await jobs.acquire(JOB, engine.instanceId, LEASE_MS))) return;
    try {
      await checkDueDomains(engine, new Date());
    } finally {
      await jobs.release(JOB, engine.instanceId);
    }
  } catch (error) {
    engine.log.warn({ err: error }, "Looking at custom domains failed; it is tried again soon");
  }
}

/** Checks custom domains on a schedule, in one server process at a time, until the signal. */
export function startDomainWatch(engine: WatchEngine, signal: AbortSignal): void {
  const timer = setInterval(() => void takeTurn(engine), EVERY_MS).unref();
  signal.addEventListener("abort", () => {
    clearInterval(timer);
  });
}
