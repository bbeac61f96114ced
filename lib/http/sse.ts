import type { Event } from "@/lib/domain/event";
import { errorBody } from "@/lib/domain/error";
import type { Engine } from "@/lib/server/engine";

const KEEP_ALIVE_MS = 10_000;

interface StreamOptions {
  engine: Pick<Engine, "log" | "redactor">;
  request: Request;
  headers?: Record<string, string>;
  /** What the `data:` line holds. */
  data: (event: Event) => unknown;
  /** Called at every keep-alive; the stream ends when it throws, as when a permission was taken away. */
  recheck?: () => Promise<unknown>;
}

/** The cursor a client wants to go on from. */
export function lastEventId(request: Request): string | undefined {
  const given = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("lastEventId");
  return given !== null && /^\d{1,18}$/.test(given) ? given : undefined;
}

// A line break in a type would let its author write lines of the stream.
function frame(event: Event, data: unknown): string {
  const type = event.type.replace(/[\r\n]/g, " ");
  return `event: ${type}\nid: ${event.id}\ndata: ${JSON.stringify(data)}\n\n`;
}

// Also when reading the events fails, the last line is of the form that scripts look for.
function failure(error: unknown): string {
  const payload = { errors: [errorBody(error)], mergeConflictWorkspaceIds: [] };
  return `event: error\ndata: ${JSON.stringify(payload)}\n\n`;
}

/**
 * Answers with stored events as they come; the client's leaving ends the reading and nothing else. One batch is read
 * for each that the client took, so a slow one costs little memory.
 */
export function eventStream(
  follow: (signal: AbortSignal) => AsyncGenerator<Event | Event[], void, void>,
  { engine, request, headers, data, recheck }: StreamOptions,
): Response {
  const gone = new AbortController();
  const leave = () => gone.abort();
  if (request.signal.aborted) leave();
  request.signal.addEventListener("abort", leave, { once: true });
  const events = follow(gone.signal);
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    clearInterval(timer);
    request.signal.removeEventListener("abort", leave);
    leave();
  };

  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(": connected\n\n"));
      timer = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(": keep-alive\n\n"));
        recheck?.().catch(() => leave());
      }, KEEP_ALIVE_MS);
    },
    async pull(controller) {
      try {
        const next = await events.next();
        if (!next.done) {
          const batch = Array.isArray(next.value) ? next.value : [next.value];
          const frames = batch.map((event) => frame(event, engine.redactor.value(data(event))));
          controller.enqueue(encoder.encode(frames.join("")));
          return;
        }
      } catch (error) {
        if (gone.signal.aborted) return;
        engine.log.error({ err: error }, "Following events failed.");
        controller.enqueue(encoder.encode(failure(error)));
      }
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
