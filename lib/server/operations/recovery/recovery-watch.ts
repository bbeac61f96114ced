import { AppError } from "@/lib/domain/error";
import type { UnfinishedOperation } from "@/lib/store/contract";
import { isDeadNeighbour } from "@/lib/runtime/instance";
import { endByError, LiveOperation } from "../live-operation";
import { interruptedError, type RecoveryEngine } from "./by-kind";
import { recoverOperation } from "./recover-operation";
import type { Runner } from "../../runner";

export interface RecoveryTimes {
  /** Without a sign for this long, an operation's process counts as dead. */
  deadMs: number;
  /** How often to look for such operations. */
  lookMs: number;
  /** How long a remote that is away is asked again before an interrupted push is given up. */
  giveUpMs: number;
  /** How long a remote that does not have an interrupted push is asked again before the push counts as lost. */
  settleMs: number;
}

const TIMES: RecoveryTimes = { deadMs: 30_000, lookMs: 10_000, giveUpMs: 60 * 60_000, settleMs: 4000 };

/** Looks after operations whose process died: at start, and while this process lives. */
export class RecoveryWatch {
  readonly #pending = new Map<string, UnfinishedOperation & { since: number }>();
  readonly #stop = new AbortController();
  readonly #times: RecoveryTimes;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(
    private readonly engine: RecoveryEngine & { runner: Runner },
    times: Partial<RecoveryTimes> = {},
  ) {
    this.#times = { ...TIMES, ...times };
  }

  /** One look; ends when every operation found is ended or waits for its remote. */
  look(): Promise<void> {
    this.#round = this.#round.then(() => this.#lookNow());
    return this.#round;
  }

  /** Looks again and again until closed. */
  start(): void {
    this.#timer = setTimeout(() => {
      void this.look().finally(() => {
        if (!this.#stop.signal.aborted) this.start();
      });
    }, this.#times.lookMs);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    this.#stop.abort(new AppError("Interrupted", "The server is shutting down."));
    clearTimeout(this.#timer);
    await this.#round;
  }

  async #lookNow(): Promise<void> {
    try {
      await this.#takeOver();
      await this.#prolong();
    } catch (error) {
      this.engine.log.warn({ err: error }, "Looking for interrupted operations failed; it is tried again");
    }
    // A remote may take longer to answer than a lease lasts.
    const beat = setInterval(() => void this.#prolong().catch(() => undefined), this.#times.lookMs);
    await Promise.all([...this.#pending.values()].map((operation) => this.#recover(operation)));
    clearInterval(beat);
  }

  /** Keeps what waits for its remote, but for what another process recovers by now. */
  async #prolong(): Promise<void> {
    const { store, instanceId } = this.engine;
    for (const id of await store.operations.heartbeat(instanceId, [...this.#pending.keys()]))
      this.#pending.delete(id);
  }

  async #takeOver(): Promise<void> {
    const { store, instanceId, runner } = this.engine;
    const found = await store.operations.takeOver(instanceId, {
      leaseMs: this.#times.deadMs,
      // Only with an embedded database are all processes sure to be on this machine.
      isDead: (owner) => store.provider === "sqlite" && isDeadNeighbour(owner, instanceId),
      isRunning: (id) => runner.isRunning(id) || this.#pending.has(id),
    });
    for (const operation of found) {
      this.engine.log.warn({ operationId: operation.id, kind: operation.kind }, "Recovering an operation");
      this.#pending.set(operation.id, { ...operation, since: Date.now() });
    }
  }

  async #recover(operation: UnfinishedOperation & { since: number }): Promise<void> {
    try {
      const outcome = await recoverOperation(this.engine, operation, {
        signal: this.#stop.signal,
        settleMs: this.#times.settleMs,
      });
      if (outcome === "ask-again") {
        if (Date.now() - operation.since < this.#times.giveUpMs) return;
        await this.#giveUp(operation);
      }
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.engine.log.error({ err: error, operationId: operation.id }, "Recovering an operation failed");
      if (error instanceof AppError && error.code === "Unavailable") return;
      await this.#giveUp(operation).catch((cause: unknown) => {
        this.engine.log.error({ err: cause, operationId: operation.id }, "An operation could not be ended");
      });
    }
    this.#pending.delete(operation.id);
  }

  /** Ends the operation without knowing more; a later push or pull finds out what the remote has. */
  async #giveUp(operation: UnfinishedOperation): Promise<void> {
    const { userId, correlationId } = operation;
    const live = new LiveOperation(
      this.engine,
      { ...operation, source: { userId, correlationId } },
      this.engine.redactor,
    );
    live.giveUp();
    const error = interruptedError(
      operation,
      "It is unknown whether the remote received the last push. Pull to find out.",
    );
    await live.finish(await endByError(this.engine.store, live.operation, error));
  }
}
