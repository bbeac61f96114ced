import { AppError, ERRORS, errorBody, type ErrorBody } from "@/lib/domain/error";
import type { Engine } from "@/lib/server/engine";

type Reporting = Pick<Engine, "log" | "redactor">;

/**
 * Any thrown value as a response: its status and flat body. What nobody foresaw is logged whole and answered as
 * Internal.
 */
export function problemResponse(
  error: unknown,
  correlationId: string,
  engine: Reporting | null,
  headers: Record<string, string> = {},
): Response {
  if (!(error instanceof AppError)) {
    const facts = { err: error, correlationId };
    // Without an engine its logger is not there either; the console of the process is all that is left.
    if (engine) engine.log.error(engine.redactor.value(facts), "A request failed in a way nobody foresaw.");
    else console.error(facts);
  }
  const body: ErrorBody = errorBody(error);
  const retryAfter = body.details?.retryAfter;
  const current = body.error === "PreconditionFailed" ? body.details?.oid : undefined;
  return Response.json(engine ? engine.redactor.value(body) : body, {
    status: ERRORS[body.error],
    headers: {
      ...headers,
      ...(typeof retryAfter === "number" ? { "retry-after": String(retryAfter) } : {}),
      ...(typeof current === "string" ? { etag: `"${current}"` } : {}),
      ...(body.error === "MethodNotAllowed" ? { allow: String(body.details?.allow ?? "") } : {}),
      ...(body.error === "Unauthenticated" ? { "www-authenticate": 'Bearer realm="switchyard"' } : {}),
    },
  });
}
