/** A place in a queue. */
export interface Place {
  /** Ends once everyone before has left. Never fails. */
  turn: Promise<void>;
  /** Lets the next one go on; may be called before the turn came. */
  leave: () => void;
}

/** Queues of this process by name, one of each kind, however often a bundler loads this module. */
export class Queues {
  /** What each queue waits for in the end. */
  readonly #last: Map<string, Promise<void>>;

  constructor(kind: string) {
    // The server is bundled in parts that share nothing but this process.
    const shared = globalThis as unknown as Record<symbol, Map<string, Promise<void>> | undefined>;
    this.#last = shared[Symbol.for(`switchyard.${kind}`)] ??= new Map<string, Promise<void>>();
  }

  /** Whether somebody has a place in the queue of this name. */
  isTaken(name: string): boolean {
    return this.#last.has(name);
  }

  /** Takes a place at the end of the queue. Whoever takes one has to leave it. */
  enter(name: string): Place {
    const turn = this.#last.get(name) ?? Promise.resolve();
    let leave: () => void = () => undefined;
    const left = new Promise<void>((resolve) => (leave = resolve));
    const last = turn.then(() => left);
    this.#last.set(name, last);
    void last.then(() => {
      if (this.#last.get(name) === last) this.#last.delete(name);
    });
    return { turn, leave };
  }

  /** Runs one piece of work at a time, in the order of the calls. A failure goes to its own caller alone. */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const { turn, leave } = this.enter(name);
    try {
      await turn;
      return await work();
    } finally {
      leave();
    }
  }
}
