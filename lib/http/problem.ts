import { AppError, ERRORS, errorBody, type ErrorBody } from "@/lib/domain/error";
import type { Engine } from "@/lib/server/engine";

type Reporting = Pick<Engine, "log" | "redactor">;

export interface Problem {
  status: number;
  body: ErrorBody;
  headers: Record<string, string>;
}

/** The status and flat body of any thrown value. What nobody foresaw is logged whole and answered as Internal. */
export function problemOf(error: unknown, correlationId: string, engine: Reporting | null): Problem {
  if (!(error instanceof AppError)) {
    const facts = { err: error, correlationId };
    // Without an engine its logger is not there either; the console of the process is all that is left.
    if (engine) engine.log.error(facts, "A request failed in a way nobody foresaw.");
    else console.error(facts);
  }
  const body = errorBody(error);
  const retryAfter = body.details?.retryAfter;
  return {
    status: ERRORS[body.error],
    body: engine ? engine.redactor.value(body) : body,
    headers: {
      ...(typeof retryAfter === "number" ? { "retry-after": String(retryAfter) } : {}),
      ...(body.error === "Unauthenticated" ? { "www-authenticate": 'Bearer realm="switchyard"' } : {}),
    },
  };
}
