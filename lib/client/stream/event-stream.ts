/** One message of a server-sent event stream. */
export interface StreamMessage {
  id: string | undefined;
  event: string;
  data: string;
}

export type StreamState = "connecting" | "live" | "reconnecting" | "closed";

/** Cuts a stream of text into messages; keeps what is incomplete for the next chunk. */
export class StreamParser {
  #rest = "";
  #id: string | undefined;
  #event = "";
  #data: string[] = [];

  push(chunk: string): StreamMessage[] {
    const lines = (this.#rest + chunk).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    const messages: StreamMessage[] = [];
    for (const line of lines) {
      if (line === "") {
        if (this.#data.length > 0) {
          messages.push({ id: this.#id, event: this.#event || "message", data: this.#data.join("\n") });
        }
        this.#event = "";
        this.#data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "data") this.#data.push(value);
      else if (field === "event") this.#event = value;
      else if (field === "id" && !value.includes("\0")) this.#id = value;
    }
    return messages;
  }
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
    const parser = new StreamParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return "broken";
      for (const message of parser.push(value)) {
        if (message.id !== undefined) cursor = message.id;
        onMessage(message);
        if (isLast?.(message)) {
          await reader.cancel();
          return "ended";
        }
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
