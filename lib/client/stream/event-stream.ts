import { createParser } from "eventsource-parser";

/** One message of a server-sent event stream. */
export interface StreamMessage {
  id: string | undefined;
  event: string;
  data: string;
}

export type StreamState = "connecting" | "live" | "reconnecting" | "closed";

// The longest message is the summary of a bulk operation: a few megabytes for ten thousand workspaces. What goes on for
// longer without an end is something else, such as the download of a proxy.
const LONGEST_MESSAGE = 16 * 1024 * 1024;

/** Cuts a stream of text into messages; keeps what is incomplete for the next chunk. */
function messageReader() {
  let messages: StreamMessage[] = [];
  let isTooLong = false;
  const parser = createParser({
    maxBufferSize: LONGEST_MESSAGE,
    onEvent: ({ id, event = "message", data }) => messages.push({ id, event, data }),
    onError: ({ type }) => {
      if (type === "max-buffer-size-exceeded") isTooLong = true;
    },
  });
  return (chunk: string): { messages: StreamMessage[]; isTooLong: boolean } => {
    messages = [];
    parser.feed(chunk);
    return { messages, isTooLong };
  };
}

interface FollowOptions {
  url: string;
  /** Cursor to resume after. */
  lastEventId?: string;
  onMessage: (message: StreamMessage) => void;
  onState: (state: StreamState, failures: number) => void;
  /** The stream ended as it should: no reconnect. */
  isLast?: (message: StreamMessage) => boolean;
}

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

/**
 * Follows a stream until it ends or the answer is called; resumes after the last message when the line breaks.
 * Written on fetch, because EventSource only delivers event types named in advance and hides refusals.
 */
export function followStream({ url, lastEventId, onMessage, onState, isLast }: FollowOptions): () => void {
  const abort = new AbortController();
  let cursor = lastEventId;
  let failures = 0;

  async function readOnce(): Promise<"ended" | "broken" | "refused"> {
    const response = await fetch(url, {
      credentials: "same-origin",
      cache: "no-store",
      signal: abort.signal,
      headers: { accept: "text/event-stream", ...(cursor === undefined ? {} : { "last-event-id": cursor }) },
    });
    if (!response.ok) await response.body?.cancel();
    if (response.status >= 400 && response.status < 500 && response.status !== 429) return "refused";
    if (!response.ok || !response.body) return "broken";
    failures = 0;
    onState("live", 0);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const read = messageReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return "broken";
      const { messages, isTooLong } = read(value);
      for (const message of messages) {
        if (message.id !== undefined) cursor = message.id;
        onMessage(message);
        if (isLast?.(message)) {
          await reader.cancel();
          return "ended";
        }
      }
      if (isTooLong) {
        await reader.cancel();
        // Asked again, it would be as long.
        return "refused";
      }
    }
  }

  async function run(): Promise<void> {
    onState("connecting", 0);
    while (!abort.signal.aborted) {
      const ending = await readOnce().catch(() => "broken" as const);
      if (abort.signal.aborted) return;
      if (ending !== "broken") {
        onState("closed", failures);
        return;
      }
      failures += 1;
      onState("reconnecting", failures);
      await wait(Math.min(8000, 300 * 2 ** failures), abort.signal);
    }
  }

  void run();
  return () => {
    abort.abort();
  };
}
