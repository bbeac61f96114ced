import { resolve } from "node:path";

/** Runs one piece of work at a time, in the order of the calls. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    // The caller hears of a failure; the next in line only waits for the end.
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

// On globalThis, because a bundler may load this module more than once in one process.
const REGISTRY = Symbol.for("switchyard.sqliteWriters");

/**
 * The queue of this process's writers of one SQLite file. The driver waits for another connection's lock without
 * letting anything else of the process run, so two connections of one process would wait for each other in vain.
 */
export function writersOf(path: string): Mutex {
  const holder = globalThis as { [REGISTRY]?: Map<string, Mutex> };
  const registry = (holder[REGISTRY] ??= new Map<string, Mutex>());
  const key = resolve(path);
  const writers = registry.get(key) ?? new Mutex();
  registry.set(key, writers);
  return writers;
}
