import { setTimeout as sleep } from "node:timers/promises";
import { breathe } from "@/lib/runtime/pace";
import { AppError, errorBody } from "@/lib/domain/error";
import type { Event, NewEvent } from "@/lib/domain/event";
import type { OperationOutcome } from "@/lib/domain/operation";
import { OPERATIONS } from "@/lib/domain/operation/kinds";
import type { EventLog } from "@/lib/store/contract";
import type { Ports } from "@/lib/versioning/ports";
import type { Engine } from "../engine";
import { countOperation } from "../metrics/metrics";
import type { Redactor } from "../redact";
import { completedEvent, doneCount, summaryFromEvents, type EndedOperation } from "./completed";
import { LeaseKeeper } from "./leases";
import type { OperationEnd } from "../runner";

const OUTCOMES: Partial<Record<string, OperationOutcome>> = {
  Cancelled: "cancelled",
  Interrupted: "interrupted",
};

const MOST_PATIENCE_MS = 5000;

/** Every stored event of an operation, oldest first. */
async function eventsOf(events: EventLog, operationId: string): Promise<Event[]> {
  const all: Event[] = [];
  for (let cursor = "0"; ;) {
    const batch = await events.after(cursor, { operationId }, 1000);
    all.push(...batch);
    const last = batch.at(-1);
    if (!last || batch.length < 1000) return all;
    cursor = last.id;
  }
}

/** What a bulk operation reached, by its stored events. */
export async function summaryOf(
  { events, operations }: EndedStore,
  operation: EndedOperation,
  errors: OperationEnd["errors"],
): Promise<Record<string, unknown>> {
  const open = (await operations.attempts(operation.id)).filter(({ outcome }) => outcome === null);
  const inDoubt = new Set(
    open.flatMap(({ attempt }) => attempt.workspaces.map(({ workspaceId }) => workspaceId)),
  );
  const all = await eventsOf(events, operation.id);
  return summaryFromEvents(operation, { errors, inDoubt }, all, new Date()) ?? {};
}

/** Where an operation that was cut short left what it did. */
type EndedStore = Pick<Engine["store"], "events" | "operations">;

/** The end of an operation whose work threw, or never came to its end. */
export async function endByError(
  store: EndedStore,
  operation: EndedOperation,
  error: unknown,
): Promise<OperationEnd> {
  const record = errorBody(error);
  const errors = [record];
  const outcome = OUTCOMES[record.error] ?? "failed";
  if (!OPERATIONS[operation.kind].isBulk) return { outcome, result: {}, errors };
  const result = await summaryOf(store, operation, errors);
  const all = Array.isArray(result.errors) ? (result.errors as OperationEnd["errors"]) : errors;
  return {
    outcome: outcome === "failed" && doneCount(result) > 0 ? "partial" : outcome,
    result,
    errors: all,
  };
}

/** One operation that this process runs: its leases, its abort signal, and its end. */
export class LiveOperation {
  readonly keeper: LeaseKeeper;
  readonly closing: NewEvent[] = [];
  readonly #abort = new AbortController();
  readonly #givenUp = new AbortController();
  #lastProgress = Date.now();
  #ended = false;

  constructor(
    private readonly engine: Pick<Engine, "store" | "log" | "instanceId">,
    readonly operation: EndedOperation,
    private readonly redactor: Redactor,
  ) {
    this.keeper = new LeaseKeeper(engine.store.locks);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  progressed = (): void => {
    this.#lastProgress = Date.now();
  };

  idleMs(): number {
    return Date.now() - this.#lastProgress;
  }

  abort(reason: AppError): void {
    this.#abort.abort(reason);
  }

  /** From here on storing the end is tried once; a database that is away is not waited for. */
  giveUp(): void {
    this.#givenUp.abort();
  }

  /** Prolongs the leases; without its main one the operation stops. */
  async renew(): Promise<void> {
    const { lost, mainLost } = await this.keeper.renew();
    if (lost.length > 0)
      this.engine.log.warn(
        { operationId: this.operation.id, workspaceIds: lost.map(({ workspaceId }) => workspaceId) },
        "Locks of a running operation were lost",
      );
    if (mainLost)
      this.abort(
        new AppError("LockLost", "The lock was cleared or taken while this operation ran, so it ended.", {
          workspaceId: this.operation.workspaceId,
        }),
      );
  }

  /** Does the work and ends the operation, whatever happens; never throws. */
  async run(ports: Ports, work: (ports: Ports) => Promise<OperationEnd>): Promise<void> {
    try {
      const end = await this.#attempt(ports, work);
      if (end) await this.finish(end);
      else await this.#release();
    } catch (error) {
      // Recovery ends it once its lease has ended.
      this.engine.log.error(
        { err: error, operationId: this.operation.id },
        "An operation could not be ended",
      );
    }
  }

  /** How the work ended; null when that is for recovery to find out. */
  async #attempt(ports: Ports, work: (ports: Ports) => Promise<OperationEnd>): Promise<OperationEnd | null> {
    try {
      return await work(ports);
    } catch (error) {
      const reason: unknown = this.signal.aborted ? this.signal.reason : error;
      if (await this.#isUnsettled(reason)) return null;
      if (!(reason instanceof AppError))
        this.engine.log.error(
          { err: reason, operationId: this.operation.id },
          "An operation failed unexpectedly",
        );
      return this.#patiently(() => endByError(this.engine.store, this.operation, reason));
    }
  }

  /** Whether the database went away after something was sent: once the lease has ended, recovery asks the remote. */
  async #isUnsettled(reason: unknown): Promise<boolean> {
    if (!(reason instanceof AppError) || reason.code !== "Unavailable") return false;
    const { operations } = this.engine.store;
    const attempts = await this.#patiently(() => operations.attempts(this.operation.id));
    return attempts.some(({ outcome }) => outcome === null);
  }

  /** Does it again for as long as the database cannot: nobody else may end what this process runs. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    for (let waitMs = 250; ; waitMs = Math.min(2 * waitMs, MOST_PATIENCE_MS)) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== "Unavailable" || this.#givenUp.signal.aborted)
          throw error;
        this.engine.log.warn(
          { err: error, operationId: this.operation.id },
          "The end of an operation cannot be stored now; it is tried again",
        );
        await sleep(waitMs, undefined, { signal: this.#givenUp.signal });
      }
    }
  }

  /** Frees the locks, then stores the end and its completed event at once. The first end counts. */
  async finish(end: OperationEnd): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const told = this.redactor.plain(end);
    await breathe();
    const events =
      this.closing.length > 0 ? this.redactor.plain(this.closing) : [completedEvent(this.operation, told)];
    await breathe();
    const { store, log, instanceId } = this.engine;
    const { id, kind, createdAt } = this.operation;
    const isOurs = await this.#patiently(async () => {
      // Whoever reads the completed event may start the next operation at once.
      await this.#release();
      return store.operations.finish(id, instanceId, { ...told, events, at: new Date() });
    });
    if (!isOurs) {
      log.warn({ operationId: id, kind }, "Another server process ended this operation");
      return;
    }
    countOperation(kind, told.outcome, (Date.now() - createdAt.getTime()) / 1000);
    log.info({ operationId: id, kind, outcome: told.outcome, errors: told.errors }, "Operation ended");
  }

  async #release(): Promise<void> {
    try {
      await this.keeper.releaseAll();
    } catch (error) {
      if (error instanceof AppError && error.code === "Unavailable") throw error;
      this.engine.log.warn({ err: error, operationId: this.operation.id }, "Locks are left to expire");
    }
  }
}
