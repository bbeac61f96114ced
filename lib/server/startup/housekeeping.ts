import type { Engine } from "../engine";

const JOB = "housekeeping";
const LEASE_MS = 10 * 60_000;
const EVERY_MS = 60 * 60_000;
const FIRST_MS = 60_000;
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
// Longer than any operation lives, so nothing it prepared is swept from under it.
const SWEEP_GRACE_MS = DAY_MS;

/** One round: objects that nothing refers to, events past their time. */
export async function keepHouse(engine: Pick<Engine, "store" | "env" | "log">, now: Date): Promise<void> {
  const { store, env, log } = engine;
  const { inactivityDays, maxEvents, retentionDays } = env.eventRetention;
  const objects = await store.workspaces.sweepObjects(new Date(now.getTime() - SWEEP_GRACE_MS));
  const events = await store.events.prune({
    idleSince: new Date(now.getTime() - inactivityDays * DAY_MS),
    fewerThan: maxEvents,
    deletedBefore: new Date(now.getTime() - retentionDays * DAY_MS),
  });
  const answers = await store.idempotency.prune(new Date(now.getTime() - DAY_MS));
  const attempts = await store.attempts.prune(now);
  // The audit log has an age of its own; what becomes of events does not touch it.
  const audit = await store.audit.prune(new Date(now.getTime() - env.access.auditRetentionDays * DAY_MS));
  log.info({ objects, events, answers, attempts, audit }, "Housekeeping done");
}

async function takeTurn(engine: Pick<Engine, "store" | "env" | "log" | "instanceId">): Promise<void> {
  const { jobs } = engine.store;
  try {
    if (!(await jobs.acquire(JOB, engine.instanceId, LEASE_MS))) return;
    try {
      await keepHouse(engine, new Date());
    } finally {
      await jobs.release(JOB, engine.instanceId);
    }
  } catch (error) {
    engine.log.warn({ err: error }, "Housekeeping failed; it is tried again in an hour");
  }
}

/** Keeps house every hour, in one server process at a time, until the signal. */
export function startHousekeeping(
  engine: Pick<Engine, "store" | "env" | "log" | "instanceId">,
  signal: AbortSignal,
): void {
  const first = setTimeout(() => void takeTurn(engine), FIRST_MS).unref();
  const timer = setInterval(() => void takeTurn(engine), EVERY_MS).unref();
  signal.addEventListener("abort", () => {
    clearTimeout(first);
    clearInterval(timer);
  });
}
