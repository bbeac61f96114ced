import { AppError } from "@/lib/domain/error";
import { digest } from "@/lib/server/access/digest";
import type { Engine } from "@/lib/server/engine";
import type { Viewer } from "@/lib/server/viewer";
import type { KeptAnswer } from "@/lib/store/contract";
import { correlationIdOf, OPERATION_HEADER } from "../correlation";
import { streamOperation } from "../watch";

const IDEMPOTENCY_HEADER = "idempotency-key";
const REPLAYED_HEADER = "idempotency-replayed";

const KEPT_MS = 24 * 60 * 60 * 1000;
// Longer than any answer may take, so a request that is silent for this long died with its process.
const DEAD_MS = 15 * 60 * 1000;
const MAX_KEPT_CHARACTERS = 1024 * 1024;
const KEPT_HEADERS = ["content-type", OPERATION_HEADER, "etag", "location"];
// Answers that a later attempt may well not get again.
const PASSING = new Set([401, 403, 408, 423, 429]);

export interface IdempotentRequest {
  engine: Engine;
  request: Request;
  viewer: Viewer | null;
  /** Digest of the body, of an upload that of its file; absent where the route takes none. */
  bodyDigest: string | undefined;
  /** The answer holds a secret that is shown once and so never kept. */
  confidential: boolean;
}

function keyOf(request: Request): string | null {
  const key = request.headers.get(IDEMPOTENCY_HEADER);
  if (key === null) return null;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new AppError("InvalidRequest", "Idempotency-Key must have 1 to 255 visible ASCII characters.");
}

function fingerprint(request: Request, bodyDigest: string | undefined): string {
  const { pathname, search } = new URL(request.url);
  return digest(
    JSON.stringify([request.method, pathname, search, request.headers.get("if-match"), bodyDigest ?? ""]),
  );
}

// Stands for an answer that was given and not kept; the text says why.
const notKept = (why: string): KeptAnswer => ({ status: 0, headers: {}, text: why });

function replay(
  { engine, request, viewer }: IdempotentRequest,
  { status, headers, text }: KeptAnswer,
): Response {
  if (status === 0)
    throw new AppError(
      "IdempotencyKeyInUse",
      `This was done by an earlier request with the same Idempotency-Key. Its response ${text || "contained a secret"} and was not kept.`,
    );
  const operationId = headers[OPERATION_HEADER];
  if (headers["content-type"]?.startsWith("text/event-stream") && operationId !== undefined)
    return streamOperation(
      { engine, request, correlationId: viewer?.correlationId ?? correlationIdOf(request) },
      operationId,
    );
  return new Response(text === "" ? null : text, {
    status,
    headers: { ...headers, [REPLAYED_HEADER]: "true" },
  });
}

/** What is kept of an answer; null when the request may be sent again instead. */
async function toKeep(response: Response, confidential: boolean): Promise<KeptAnswer | null> {
  if (response.status >= 500 || PASSING.has(response.status)) return null;
  if (confidential && response.ok) return notKept("held a secret");
  const type = response.headers.get("content-type") ?? "";
  const isStream = type.startsWith("text/event-stream");
  if (!isStream && response.body !== null && !type.startsWith("application/json")) return null;
  const text = isStream || response.body === null ? "" : await response.clone().text();
  // What was done must not be done again only because its answer is long.
  if (text.length > MAX_KEPT_CHARACTERS) return notKept("was too long");
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { status: response.status, headers: Object.fromEntries(headers), text };
}

/**
 * Runs a write once for its `Idempotency-Key`: a repeated request gets the first one's answer for 24 hours. The key
 * belongs to its user. Throws IdempotencyKeyInUse while the first one works, IdempotencyKeyReused for another request.
 */
export async function once(given: IdempotentRequest, run: () => Promise<Response>): Promise<Response> {
  const { engine, request, viewer, bodyDigest, confidential } = given;
  const named = viewer ? keyOf(request) : null;
  if (named === null || !viewer) return run();
  const { idempotency } = engine.store;
  const key = digest(`${viewer.user.id}\n${named}`);
  const now = new Date();
  const claim = await idempotency.claim(
    { key, userId: viewer.user.id, requestHash: fingerprint(request, bodyDigest) },
    {
      now,
      expiredBefore: new Date(now.getTime() - KEPT_MS),
      deadBefore: new Date(now.getTime() - DEAD_MS),
    },
  );
  if (claim.kind === "other")
    throw new AppError(
      "IdempotencyKeyReused",
      "This Idempotency-Key was used for another request. Use a new key for each new request.",
    );
  if (claim.kind === "running")
    throw new AppError(
      "IdempotencyKeyInUse",
      "A request with this Idempotency-Key is in progress. Wait until it ends, then repeat yours to get the response.",
      { retryAfter: 1 },
    );
  if (claim.kind === "done") return replay(given, claim.answer);
  let response: Response;
  try {
    response = await run();
  } catch (error) {
    await remember(engine, idempotency.release(key));
    throw error;
  }
  const kept = await toKeep(response, confidential);
  await remember(engine, kept ? idempotency.finish(key, kept) : idempotency.release(key));
  return response;
}

/** What was done is answered also when the answer cannot be kept; the key is then free again after a while. */
async function remember({ log }: Pick<Engine, "log">, note: Promise<unknown>): Promise<void> {
  await note.catch((error: unknown) => {
    log.warn({ err: error }, "The answer to an Idempotency-Key could not be kept");
  });
}
