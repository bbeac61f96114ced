import { AppError, errorCode } from "@/lib/domain/error";
import type { WatchQuery } from "@/lib/contract/endpoint/query";
import type { ErrorRecord, Operation } from "@/lib/domain/operation";
import { OPERATIONS } from "@/lib/domain/operation/kinds";
import type { Engine } from "@/lib/server/engine";
import { requireOperation } from "@/lib/server/events/operations";
import { endsOperation, followOperationInBatches, waitFor } from "@/lib/server/operations/follow";
import type { Started } from "@/lib/server/runner";
import { OPERATION_HEADER } from "./correlation";
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

/** A stream begins after this time even if the checks, which ask the remote, are not done. */
const FIRST_BYTE_MS = 20_000;

const REMOTE_ERRORS = new Set(["RemoteUnreachable", "RemoteAuthFailed", "RemoteNotFound"]);

/** The error that answers for an operation that failed, or null when its result does. */
function failureOf({ kind, outcome, errors }: Operation): ErrorRecord | null {
  const [first] = errors;
  if (!first || outcome === "succeeded" || outcome === "partial") return null;
  if (!OPERATIONS[kind].isBulk) return first;
  if (first.error === "VersionAlreadyExists" && first.details?.workspaceId === undefined) return first;
  // The summary of a bulk operation answers for it, except where it never reached the remote.
  return outcome === "failed" && errors.every(({ error }) => REMOTE_ERRORS.has(error)) ? first : null;
}

function toError({ error, message, details }: ErrorRecord): AppError {
  return new AppError(errorCode(error), message, details);
}

/** The error of an operation that ended before it had begun: its only event is that of its end. Null: it goes on. */
async function refusedAtOnce(engine: Engine, operationId: string, gone: AbortSignal) {
  const signal = AbortSignal.any([gone, AbortSignal.timeout(FIRST_BYTE_MS)]);
  for await (const [first] of followOperationInBatches(engine, operationId, { signal })) {
    if (!first || !endsOperation(first)) return null;
    const operation = await engine.store.operations.get(operationId);
    const failed = operation && failureOf(operation);
    // A remote that is away is told in the stream.
    return failed && !REMOTE_ERRORS.has(failed.error) ? failed : null;
  }
  return null;
}

/**
 * Answers for an operation that was started: as a stream, as the result when it is done in time, or as
 * `{processing: true}`. The operation goes on whatever becomes of the request. `isCheckedFirst`: its stream begins when
 * its own checks have passed; what they refuse is answered with its status.
 */
export async function watch<T>(
  context: Watched,
  { operationId }: Started,
  answer: (operation: Operation) => T | Promise<T>,
  { isCheckedFirst = false }: { isCheckedFirst?: boolean } = {},
): Promise<Response | Reply<T | { processing: true }>> {
  const { engine, request, query, correlationId } = context;
  const headers = { [OPERATION_HEADER]: operationId };
  if (query.sse) {
    const refused = isCheckedFirst ? await refusedAtOnce(engine, operationId, request.signal) : null;
    if (refused) return problemResponse(toError(refused), correlationId, engine, headers);
    return streamOperation(context, operationId);
  }
  const operation = await waitFor(engine, operationId, query.timeout * 1000, request.signal);
  if (!operation) return new Reply<T | { processing: true }>({ processing: true }, { headers });
  const failed = failureOf(operation);
  if (failed) return problemResponse(toError(failed), correlationId, engine, headers);
  return new Reply<T | { processing: true }>(await answer(operation), { headers });
}
