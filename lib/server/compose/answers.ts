import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";
import type { Shutdown } from "../shutdown";

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
