import { AppError } from "@/lib/domain/error";

/** How long a remote may keep us waiting. */
export interface RemoteTimeouts {
  /** Until a connection stands, name and TLS included. */
  connectMs: number;
  /** Without a single byte. */
  idleMs: number;
  /** Without progress worth the name, although bytes drip. */
  totalMs: number;
  /** For one request and its answer, however much comes. */
  ceilingMs: number;
}

export const REMOTE_TIMEOUTS: RemoteTimeouts = {
  connectMs: 10_000,
  idleMs: 30_000,
  totalMs: 120_000,
  ceilingMs: 30 * 60_000,
};

// Less than this within the total deadline is a remote that drips, not one that works.
const PROGRESS_BYTES = 1024;

/** The clocks of one exchange: `onExpire` is called once, with the error to end it with. */
export class Deadlines {
  #connect: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #total: NodeJS.Timeout | undefined;
  #ceiling: NodeJS.Timeout | undefined;
  #moved = 0;

  constructor(
    private readonly host: string,
    private readonly timeouts: RemoteTimeouts,
    private readonly onExpire: (error: AppError) => void,
  ) {
    this.#connect = this.#timer(timeouts.connectMs, "did not accept a connection");
  }

  connected(): void {
    clearTimeout(this.#connect);
    this.#restartIdle();
    this.#restartTotal();
    this.#ceiling ??= this.#timer(this.timeouts.ceilingMs, "did not come to an end");
  }

  /** Bytes went either way. */
  moved(bytes: number): void {
    this.#restartIdle();
    this.#moved += bytes;
    if (this.#moved < PROGRESS_BYTES) return;
    this.#moved = 0;
    this.#restartTotal();
  }

  stop(): void {
    clearTimeout(this.#connect);
    clearTimeout(this.#idle);
    clearTimeout(this.#total);
    clearTimeout(this.#ceiling);
  }

  #restartIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = this.#timer(this.timeouts.idleMs, "was silent");
  }

  #restartTotal(): void {
    clearTimeout(this.#total);
    this.#total = this.#timer(this.timeouts.totalMs, "made no progress");
  }

  #timer(ms: number, what: string): NodeJS.Timeout {
    return setTimeout(() => {
      this.stop();
      const seconds = String(Math.max(1, Math.round(ms / 1000)));
      this.onExpire(
        new AppError(
          "RemoteUnreachable",
          `${this.host} ${what} for ${seconds} s, so the connection was ended. Check the git server's load and the network, then try again.`,
          { host: this.host, reason: "timeout" },
        ),
      );
    }, ms);
  }
}

/** Cuts bytes into slices that are sent one by one, so that each counts as progress. */
export function* slices(body: readonly Buffer[], onSlice: (bytes: number) => void): Generator<Buffer> {
  const SLICE = 256 * 1024;
  let small: Buffer[] = [];
  let held = 0;
  const release = function* () {
    if (held > 0) {
      onSlice(held);
      yield Buffer.concat(small, held);
    }
    small = [];
    held = 0;
  };
  for (const chunk of body) {
    for (let at = 0; at < chunk.length; at += SLICE) {
      const part = chunk.subarray(at, at + SLICE);
      small.push(part);
      held += part.length;
      if (held >= SLICE) yield* release();
    }
  }
  yield* release();
}
