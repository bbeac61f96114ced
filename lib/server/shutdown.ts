import { AppError } from "@/lib/domain/error";

const RETRY_SECONDS = 5;

export function shuttingDown(): AppError {
  return new AppError("Unavailable", "The server is shutting down. Try again in a moment.", {
    retryAfter: RETRY_SECONDS,
  });
}

/** The end of a server process, in its order; every part of it looks here. */
export class Shutdown {
  readonly #asked = new AbortController();
  readonly #lastCall = new AbortController();

  /** Aborted once the process was asked to stop: readiness says so, writes are refused, background work ends. */
  get asked(): AbortSignal {
    return this.#asked.signal;
  }

  /** Aborted once operations have ended: whoever follows events reads what is stored by now, and ends. */
  get lastCall(): AbortSignal {
    return this.#lastCall.signal;
  }

  begin(): void {
    this.#asked.abort(shuttingDown());
  }

  call(): void {
    this.begin();
    this.#lastCall.abort(shuttingDown());
  }

  /** Throws Unavailable once the process was asked to stop. */
  refuseWrites(): void {
    if (this.#asked.signal.aborted) throw shuttingDown();
  }
}
