const MAX_BYTES = 8 * 1024 * 1024;
const MAX_MS = 5000;

/** What is read of a request's body. */
export type BodyReader = ReadableStreamDefaultReader<Uint8Array>;

/** The reader of a request's body; null where there is none. */
export function readerOf(request: Request): BodyReader | null {
  return (request.body as ReadableStream<Uint8Array> | null)?.getReader() ?? null;
}

/**
 * Takes a bounded rest of a body that was refused, and then hangs up. A client that writes before it reads would never
 * see the refusal if the connection was closed at once; one that goes on and on must not keep it.
 */
export function linger(reader: BodyReader, { maxBytes = MAX_BYTES, maxMs = MAX_MS } = {}): Promise<void> {
  const timer = setTimeout(() => void reader.cancel().catch(() => undefined), maxMs);
  const drain = async () => {
    let left = maxBytes;
    while (left >= 0) {
      const { done, value } = await reader.read();
      if (done) return;
      left -= value.byteLength;
    }
    await reader.cancel();
  };
  return (
    drain()
      // Hung up by the client: there is nobody left to answer.
      .catch(() => undefined)
      .finally(() => clearTimeout(timer))
  );
}
