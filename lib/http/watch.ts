import { AppError, errorCode } from "@/lib/domain/error";
import type { ErrorRecord, Operation } from "@/lib/domain/operation";
import type { Engine } from "@/lib/server/engine";
import { requireOperation } from "@/lib/server/events/operations";
import { followOperationInBatches, waitFor } from "@/lib/server/operations/follow";
import type { Started } from "@/lib/server/operations/types";
import { OPERATION_HEADER } from "./correlation";
import type { WatchQuery } from "./parse";
import { problemResponse } from "./problem";
import { Reply } from "./reply";
import { identifyAgain } from "./session/identify";
import { eventStream, lastEventId } from "./sse";

interface Watched {
  engine: Engine;
  request: Request;
  query: WatchQuery;
  correlationId: string;
}

/**
 * The stream of an operation's stored events, from `Last-Event-ID` on, up to its completed payload. It ends before that,
 * and says why, for someone who may not see the operation any more. Throws TooManyRequests for too many of a follower.
 */
export function streamOperation(
  context: Omit<Watched, "query">,
  operationId: string,
  follower?: string,
): Response {
  const { engine, request, correlationId } = context;
  const after = lastEventId(request);
  return eventStream(
    (signal) =>
      followOperationInBatches(engine, operationId, { ...(after === undefined ? {} : { after }), signal }),
    {
      engine,
      request,
      headers: { [OPERATION_HEADER]: operationId },
      data: (event) => event.payload,
      recheck: async () =>
        requireOperation(engine, await identifyAgain(engine, request, correlationId), "read", operationId),
      tellsWhy: true,
      ...(follower === undefined ? {} : { follower }),
    },
  );
}

const REMOTE_ERRORS = new Set(["RemoteUnreachable", "RemoteAuthFailed", "RemoteNotFound"]);

/** The error that answers for an operation that failed, or null when its result does. */
function failureOf({ kind, outcome, errors }: Operation): ErrorRecord | null {
  const [first] = errors;
  if (!first || outcome === "succeeded" || outcome === "partial") return null;
  if (kind !== "bulkPush" && kind !== "bulkImport") return first;
  // The summary of a bulk operation answers for it, except where it never reached the remote.
  return outcome === "failed" && errors.every(({ error }) => REMOTE_ERRORS.has(error)) ? first : null;
}

function toError({ error, message, details }: ErrorRecord): AppError {
  return new AppError(errorCode(error), message, details);
}

/**
 * Answers for an operation that was started: as a stream, as the result when it is done in time, or as
 * `{processing: true}`. The operation goes on whatever becomes of the request.
 */
export async function watch<T>(
  context: Watched,
  { operationId }: Started,
  answer: (operation: Operation) => T | Promise<T>,
): Promise<Response | Reply<T | { processing: true }>> {
  const { engine, request, query, correlationId } = context;
  if (query.sse) return streamOperation(context, operationId);
  const headers = { [OPERATION_HEADER]: operationId };
  const operation = await waitFor(engine, operationId, query.timeout * 1000, request.signal);
  if (!operation) return new Reply<T | { processing: true }>({ processing: true }, { headers });
  const failed = failureOf(operation);
  if (failed) return problemResponse(toError(failed), correlationId, engine, headers);
  return new Reply<T | { processing: true }>(await answer(operation), { headers });
}
