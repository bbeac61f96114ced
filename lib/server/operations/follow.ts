import { COMPLETED_TYPES, operationPhase } from "@/lib/domain/operation/kinds";
import type { Event } from "@/lib/domain/event";
import type { Operation } from "@/lib/domain/operation";
import type { EventLog } from "@/lib/store/contract";
import type { Engine } from "../engine";
import { shuttingDown } from "../shutdown";

/** What is read from; where a process has a shutdown, its last call ends the reading. */
type Source = Pick<Engine, "store"> & Partial<Pick<Engine, "shutdown">>;

export interface FollowOptions {
  /** Cursor of the last event already seen (`Last-Event-ID`); absent: from the start, or from now for a workspace. */
  after?: string;
  signal: AbortSignal;
}

/** Whether this event is the last one of its operation. */
export function endsOperation({ type }: { type: string }): boolean {
  return operationPhase(type) === "completed";
}

const BATCH = 500;
// Events of other processes announce themselves; the timer covers an announcement that got lost.
const LOOK_AGAIN_MS = 1000;

/** Rings when an event was stored anywhere, after a while all the same, and when the follower goes away. */
class Doorbell {
  #rung = false;
  #wake: (() => void) | null = null;
  readonly #signal: AbortSignal;
  readonly #ring = () => {
    this.#rung = true;
    this.#wake?.();
  };
  readonly #silence: () => void;

  constructor(events: EventLog, signal: AbortSignal) {
    this.#signal = signal;
    this.#silence = events.onAppend(this.#ring);
    signal.addEventListener("abort", this.#ring, { once: true });
  }

  stop(): void {
    this.#silence();
    this.#signal.removeEventListener("abort", this.#ring);
  }

  async next(): Promise<void> {
    if (!this.#rung && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_AGAIN_MS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#rung = false;
    this.#wake = null;
  }
}

async function* follow(
  { store: { events }, shutdown }: Source,
  filter: { workspaceId?: string; operationId?: string; types?: readonly string[] },
  cursor: string,
  signal: AbortSignal,
): AsyncGenerator<Event[], void, void> {
  const lastCall = shutdown?.lastCall ?? new AbortController().signal;
  // The bell is hung before the first look: what is stored in between rings it.
  const bell = new Doorbell(events, AbortSignal.any([signal, lastCall]));
  try {
    while (!signal.aborted) {
      const isLast = lastCall.aborted;
      const batch = await events.after(cursor, filter, BATCH);
      if (signal.aborted) return;
      cursor = batch.at(-1)?.id ?? cursor;
      if (batch.length > 0) yield batch;
      if (batch.length < BATCH) {
        if (isLast) return;
        await bell.next();
      }
    }
  } finally {
    bell.stop();
  }
}

async function* oneByOne(
  batches: AsyncIterable<Event[]>,
  signal: AbortSignal,
): AsyncGenerator<Event, void, void> {
  for await (const batch of batches) {
    for (const event of batch) {
      if (signal.aborted) return;
      yield event;
    }
  }
}

/**
 * The stored events of an operation from a cursor on, as they come, up to and with its completed event; whichever
 * process runs it. Each exactly once.
 */
export function followOperation(
  engine: Source,
  operationId: string,
  options: FollowOptions,
): AsyncGenerator<Event, void, void> {
  return oneByOne(followOperationInBatches(engine, operationId, options), options.signal);
}

/** The same, with those that are stored already together; no batch is empty. */
export async function* followOperationInBatches(
  engine: Source,
  operationId: string,
  options: FollowOptions,
): AsyncGenerator<Event[], void, void> {
  const { events, operations } = engine.store;
  const operation = await operations.get(operationId);
  const seen = options.after ?? "0";
  if (operation?.state === "done") {
    yield* finished(events, operationId, seen, options.signal);
    return;
  }
  for await (const batch of follow(engine, { operationId }, seen, options.signal)) {
    const end = batch.findIndex(endsOperation);
    yield end < 0 ? batch : batch.slice(0, end + 1);
    if (end >= 0) return;
  }
  // Another process runs it, and goes on.
  if (!options.signal.aborted) throw shuttingDown();
}

/** What is left of a finished operation; its completed event again for those who had seen it, so no stream is empty. */
async function* finished(
  events: EventLog,
  operationId: string,
  after: string,
  signal: AbortSignal,
): AsyncGenerator<Event[], void, void> {
  let cursor = after;
  for (;;) {
    const batch = await events.after(cursor, { operationId }, BATCH);
    if (signal.aborted) return;
    cursor = batch.at(-1)?.id ?? cursor;
    const end = batch.findIndex(endsOperation);
    if (batch.length > 0) yield end < 0 ? batch : batch.slice(0, end + 1);
    if (end >= 0) return;
    if (batch.length < BATCH) break;
  }
  const [last] = await events.list({
    operationId,
    types: [...COMPLETED_TYPES],
    sort: "desc",
    page: 0,
    limit: 1,
  });
  if (last) yield [last];
}

/** Events of a workspace, or of all of them, as they are stored; never ends by itself. */
export async function* followWorkspace(
  engine: Source,
  workspaceId: string | undefined,
  options: FollowOptions & { types?: readonly string[] },
): AsyncGenerator<Event, void, void> {
  const { events } = engine.store;
  const cursor = options.after ?? (await events.lastCursor());
  const filter = {
    ...(workspaceId === undefined ? {} : { workspaceId }),
    ...(options.types ? { types: options.types } : {}),
  };
  yield* oneByOne(follow(engine, filter, cursor, options.signal), options.signal);
}

/** The operation once it has ended, or null when it still runs after `timeoutMs` or the caller went away. */
export async function waitFor(
  engine: Source,
  operationId: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Operation | null> {
  const deadline = AbortSignal.timeout(Math.max(0, Math.min(timeoutMs, 2 ** 31 - 1)));
  const lastCall = engine.shutdown?.lastCall;
  const stop = AbortSignal.any([deadline, ...(signal ? [signal] : []), ...(lastCall ? [lastCall] : [])]);
  const bell = new Doorbell(engine.store.events, stop);
  try {
    for (;;) {
      const operation = await engine.store.operations.get(operationId);
      if (operation?.state === "done") return operation;
      if (stop.aborted || !operation) return null;
      await bell.next();
    }
  } finally {
    bell.stop();
  }
}
