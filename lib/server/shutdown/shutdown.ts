import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Server, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@/lib/domain/error";
import type { Engine } from "../engine";

const RETRY_SECONDS = 5;
/** What answers that are under way get to come to an end once every operation has. */
const DRAIN_MS = 3000;

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

/** The requests of this process that have no whole answer yet. */
export interface Answers {
  underWay(): number;
  stop(): void;
}

/** Counts answers; those that a stopping process still gives are their connections' last. */
export function countAnswers(shutdown: Shutdown): Answers {
  let underWay = 0;
  const count = (message: unknown) => {
    const { response } = message as { response: ServerResponse };
    underWay += 1;
    response.once("close", () => {
      underWay -= 1;
    });
    if (shutdown.asked.aborted) response.setHeader("connection", "close");
  };
  subscribe("http.server.request.start", count);
  return {
    underWay: () => underWay,
    stop: () => unsubscribe("http.server.request.start", count),
  };
}

/** What has to come to an end, in this order. */
interface Ending {
  engine: Pick<Engine, "shutdown" | "runner" | "close">;
  recovery: { close(): Promise<void> };
  servers: readonly Server[];
  answers: Answers;
  graceMs: number;
}

/** Ends operations, then every answer under way with what there is to say, and only then the database. */
export async function shutDown({ engine, recovery, servers, answers, graceMs }: Ending): Promise<void> {
  const { shutdown, runner } = engine;
  shutdown.begin();
  await Promise.all([recovery.close(), runner.close(graceMs)]);
  for (const server of servers) server.close();
  shutdown.call();
  const until = Date.now() + DRAIN_MS;
  while (answers.underWay() > 0 && Date.now() < until) await sleep(20);
  for (const server of servers) server.closeAllConnections();
  answers.stop();
  await engine.close(0);
}
