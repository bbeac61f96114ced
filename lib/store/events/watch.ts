import { Client } from "pg";
import type { Database } from "../database/database";
import { CHANNEL } from "./append";

const POLL_MS = { sqlite: 500, postgresql: 2000 } as const;
const RECONNECT_MS = 1000;

export interface Watch {
  onAppend(callback: () => void): () => void;
  close(): Promise<void>;
}

/**
 * Tells listeners that events were stored. Commits of this process are told at once; those of others by PostgreSQL's
 * notification, and by a slow look at the last cursor in case a notification was lost or there is none.
 */
export function watchEvents(database: Database, url: string): Watch {
  const callbacks = new Set<() => void>();
  const tell = () => {
    for (const callback of callbacks) callback();
  };
  const stopCommits = database.onCommit(tell);
  let seen: bigint | null = null;
  let timer: NodeJS.Timeout | null = null;
  let listener: Listener | null = null;
  let closed = false;

  async function look(): Promise<void> {
    const row = await database.read.eventCounter.findUnique({ where: { id: 1 } });
    const value = row?.value ?? 0n;
    if (seen !== null && value !== seen) tell();
    seen = value;
  }

  function poll(): void {
    timer = setTimeout(() => {
      // A database that does not answer now is asked again at the next turn.
      void look()
        .catch(() => undefined)
        .then(() => {
          if (!closed && callbacks.size > 0) poll();
          else timer = null;
        });
    }, POLL_MS[database.provider]);
    timer.unref();
  }

  return {
    onAppend(callback) {
      // One entry for each call, also for the same function given twice.
      const entry = () => callback();
      callbacks.add(entry);
      if (!timer && !closed) poll();
      if (database.provider === "postgresql" && !closed) listener ??= listen(url, tell);
      return () => callbacks.delete(entry);
    },
    async close() {
      closed = true;
      if (timer) clearTimeout(timer);
      stopCommits();
      callbacks.clear();
      await listener?.close();
    },
  };
}

interface Listener {
  close(): Promise<void>;
}

/** Hears notifications on a connection of its own, and connects again when that is lost. */
function listen(url: string, tell: () => void): Listener {
  let client: Client | null = null;
  let retry: NodeJS.Timeout | null = null;
  let closed = false;

  function again(): void {
    if (closed || retry) return;
    client = null;
    retry = setTimeout(() => {
      retry = null;
      connect();
    }, RECONNECT_MS);
    retry.unref();
  }

  function connect(): void {
    const next = new Client({ connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true });
    client = next;
    next.on("notification", tell);
    // A lost connection ends in both events; the slow look covers the time until the next one stands.
    next.on("error", again);
    next.on("end", again);
    next
      .connect()
      .then(() => next.query(`LISTEN ${CHANNEL}`))
      .then(tell, again);
  }

  connect();
  return {
    async close() {
      closed = true;
      if (retry) clearTimeout(retry);
      await client?.end();
    },
  };
}
