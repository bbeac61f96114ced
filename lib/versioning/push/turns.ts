import { setTimeout as pause } from "node:timers/promises";
import type { Repository } from "@/lib/domain/repository";
import { Queues } from "@/lib/runtime/queues";

const queues = new Queues("pushTurns");

/** A remote that hangs holds up the pushes behind it for this long; then they go their own way. */
const PATIENCE_MS = 30_000;

/**
 * The place of a push among those of this process to one branch. Nobody waits while all arrive; who lost a race, and who
 * comes while such a one is at work, waits its turn, so that it does not lose again and again to the others. Pushes of
 * other processes are raced with all the same.
 */
export class Turn {
  readonly #branch: string;
  #end: (() => void) | null = null;

  constructor({ url, branch }: Pick<Repository, "url" | "branch">) {
    this.#branch = `${url}\n${branch}`;
  }

  /** Waits behind those who wait already. Throws the signal's reason. */
  async join(signal: AbortSignal): Promise<void> {
    if (queues.isTaken(this.#branch)) await this.take(signal);
  }

  /** Waits until it is this push's turn, which lasts until `end`. Throws the signal's reason. */
  async take(signal: AbortSignal): Promise<void> {
    if (this.#end) return;
    const { turn, leave } = queues.enter(this.#branch);
    this.#end = leave;
    const isHere = new AbortController();
    const ended = AbortSignal.any([signal, isHere.signal]);
    const patience = pause(PATIENCE_MS, undefined, { signal: ended }).catch(() => undefined);
    await Promise.race([turn, patience]);
    isHere.abort();
    signal.throwIfAborted();
  }

  end(): void {
    this.#end?.();
    this.#end = null;
  }
}
