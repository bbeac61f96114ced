import { setImmediate } from "node:timers/promises";

const SLICE_MS = 20;

/** Keeps long work from holding up the event loop: ask `due` often, `rest` when it says so. */
export class Pace {
  #since = performance.now();

  constructor(private readonly signal?: AbortSignal) {}

  get due(): boolean {
    return performance.now() - this.#since > SLICE_MS;
  }

  /** Lets others run. Throws the signal's reason once it is aborted. */
  async rest(): Promise<void> {
    await setImmediate();
    this.signal?.throwIfAborted();
    this.#since = performance.now();
  }
}
