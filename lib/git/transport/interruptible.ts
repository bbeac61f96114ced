import type { GitTransport } from "./transport";

/** The same transport, of which nobody waits longer than until the signal, whatever the other side or a library does. */
export function interruptible(transport: GitTransport, signal: AbortSignal): GitTransport {
  return {
    async *exchange(exchange) {
      signal.throwIfAborted();
      const chunks = transport.exchange(exchange)[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await orAborted(chunks.next(), signal);
          if (next.done) return;
          yield next.value;
        }
      } finally {
        const ending = Promise.resolve(chunks.return?.());
        // Awaited below, but not once the signal came: it may be what hangs.
        ending.catch(() => undefined);
        if (!signal.aborted) await orAborted(ending, signal);
      }
    },
    isStateless: transport.isStateless,
    get movedTo() {
      return transport.movedTo;
    },
    close: () => transport.close(),
  };
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    const done = () => {
      signal.removeEventListener("abort", onAbort);
    };
    work.then(
      (value) => {
        done();
        resolve(value);
      },
      (error: unknown) => {
        done();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
    if (signal.aborted) onAbort();
  });
}
