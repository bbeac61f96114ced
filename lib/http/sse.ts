import type { Event } from "@/lib/domain/event";
import { AppError, errorBody } from "@/lib/domain/error";
import type { Engine } from "@/lib/server/engine";
import { unlessClosing } from "./answers/refusal";

const KEEP_ALIVE_MS = 10_000;
/** Streams without an end that one user may follow at once, in one server process. */
const MAX_FOLLOWED = 50;

// On globalThis: the bundler may load this module more than once in one process.
const shared = globalThis as typeof globalThis & { switchyardFollowed?: Map<string, number> };

/** Counts one more stream of a user; answers what gives it back. Throws TooManyRequests. */
function takeStream(userId: string): () => void {
  const followed = (shared.switchyardFollowed ??= new Map<string, number>());
  const before = followed.get(userId) ?? 0;
  if (before >= MAX_FOLLOWED)
    throw new AppError(
      "TooManyRequests",
      `You are already following ${String(before)} event streams. Close one of them first.`,
      { retryAfter: KEEP_ALIVE_MS / 1000, limit: MAX_FOLLOWED },
    );
  followed.set(userId, before + 1);
  return () => {
    const left = (followed.get(userId) ?? 1) - 1;
    if (left > 0) followed.set(userId, left);
    else followed.delete(userId);
  };
}

interface StreamOptions {
  engine: Pick<Engine, "log" | "redactor" | "shutdown">;
  request: Request;
  headers?: Record<string, string>;
  /** What the `data:` line holds. */
  data: (event: Event) => unknown;
  /** Called at every keep-alive; the stream ends when it throws, as when a permission was taken away. */
  recheck?: () => Promise<unknown>;
  /** The last thing such a stream says is why it ended, in the form of a completed payload. */
  tellsWhy?: boolean;
  /** Who follows a stream that has no end of its own; they may follow so many at once. */
  follower?: string;
}

/** The cursor a client wants to go on from. */
export function lastEventId(request: Request): string | undefined {
  const given = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("lastEventId");
  return given !== null && /^\d{1,18}$/.test(given) ? given : undefined;
}

// A line break in a type would let its author write lines of the stream.
function frame(event: Event, data: string): string {
  const type = event.type.replace(/[\r\n]/g, " ");
  return `event: ${type}\nid: ${event.id}\ndata: ${data}\n\n`;
}

// Also when reading the events fails, the last line is of the form that scripts look for.
function failure(error: unknown): string {
  const payload = { errors: [errorBody(error)], mergeConflictWorkspaceIds: [] };
  return `event: error\ndata: ${JSON.stringify(payload)}\n\n`;
}

/**
 * Answers with stored events as they come; the client's leaving ends the reading and nothing else. One batch is read
 * for each that the client took, so a slow one costs little memory. Throws TooManyRequests for too many of a follower.
 */
export function eventStream(
  follow: (signal: AbortSignal) => AsyncGenerator<Event | Event[], void, void>,
  { engine, request, headers, data, recheck, tellsWhy = false, follower }: StreamOptions,
): Response {
  let giveBack = follower === undefined ? undefined : takeStream(follower);
  const gone = new AbortController();
  const leave = () => gone.abort();
  if (request.signal.aborted) leave();
  request.signal.addEventListener("abort", leave, { once: true });
  const events = follow(gone.signal);
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  let refusal: unknown;
  const end = () => {
    clearInterval(timer);
    giveBack?.();
    giveBack = undefined;
    request.signal.removeEventListener("abort", leave);
    leave();
  };

  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(": connected\n\n"));
      timer = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(": keep-alive\n\n"));
        recheck?.().catch((error: unknown) => {
          refusal ??= error;
          leave();
        });
      }, KEEP_ALIVE_MS);
    },
    async pull(controller) {
      try {
        const next = await events.next();
        if (!next.done) {
          const batch = Array.isArray(next.value) ? next.value : [next.value];
          const frames = batch.map((event) => frame(event, engine.redactor.json(data(event))));
          controller.enqueue(encoder.encode(frames.join("")));
          return;
        }
      } catch (thrown) {
        if (gone.signal.aborted) {
          end();
          return;
        }
        const error = unlessClosing(thrown, engine);
        if (!(error instanceof AppError)) engine.log.error({ err: error }, "Following events failed.");
        controller.enqueue(encoder.encode(failure(error)));
      }
      if (tellsWhy && refusal !== undefined) controller.enqueue(encoder.encode(failure(refusal)));
      end();
      controller.close();
    },
    cancel: end,
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      // Proxies that buffer would hold the events back.
      "x-accel-buffering": "no",
      ...headers,
    },
  });
}
