import { setTimeout as pause } from "node:timers/promises";
import type { Repository } from "@/lib/domain/repository";

// The server is bundled in parts that share nothing but this process.
const KEY = Symbol.for("switchyard.pushTurns");
const shared = globalThis as unknown as { [KEY]?: Map<string, Promise<unknown>> };
const queues = (shared[KEY] ??= new Map<string, Promise<unknown>>());

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
    if (queues.has(this.#branch)) await this.take(signal);
  }

  /** Waits until it is this push's turn, which lasts until `end`. Throws the signal's reason. */
  async take(signal: AbortSignal): Promise<void> {
    if (this.#end) return;
    const before = queues.get(this.#branch);
    const mine = new Promise<void>((resolve) => (this.#end = resolve));
    const last = Promise.all([before, mine]);
    queues.set(this.#branch, last);
    void last.then(() => {
      if (queues.get(this.#branch) === last) queues.delete(this.#branch);
    });
    const isHere = new AbortController();
    const ended = AbortSignal.any([signal, isHere.signal]);
    const patience = pause(PATIENCE_MS, undefined, { signal: ended }).catch(() => undefined);
    await Promise.race([before, patience]);
    isHere.abort();
    signal.throwIfAborted();
  }

  end(): void {
    this.#end?.();
    this.#end = null;
  }
}
