import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Pool } from "pg";
import { AppError } from "@/lib/domain/error";
import { Queues } from "@/lib/runtime/queues";
import { postgresClient, sqliteClient, type Client, type TransactionClient } from "./client";
import { dialectOf, type Dialect, type Provider } from "./dialect";
import { isRetryable, translate } from "./failures";
import { readingDirectly, selectFromPostgres, selectFromSqlite } from "./select";

/** One transaction under way. */
export interface Unit {
  db: TransactionClient;
  sql: Dialect;
  /** The time of the server process, for what people read. */
  now: Date;
  clock: () => Date;
  /** Set once events were stored, so listeners are told after the commit. */
  appended: boolean;
}

export interface Database {
  provider: Provider;
  sql: Dialect;
  clock: () => Date;
  /** Reads what is committed; never used inside a transaction. */
  read: Client;
  /** All of the work or nothing; done again when another transaction got in its way. */
  transaction<T>(work: (unit: Unit) => Promise<T>): Promise<T>;
  /** Told after every commit of this process that stored events. */
  onCommit(listener: () => void): () => void;
  close(): Promise<void>;
}

const ATTEMPTS = 4;
const LIMITS = { maxWait: 30_000, timeout: 60_000 };

/**
 * This process's writers of each SQLite file. The driver waits for another connection's lock without letting anything
 * else of the process run, so two connections of one process would wait for each other in vain.
 */
const writers = new Queues("sqliteWriters");

type Run = <T>(work: (db: TransactionClient) => Promise<T>) => Promise<T>;

function makeDatabase(
  provider: Provider,
  clock: () => Date,
  read: Client,
  run: Run,
  close: () => Promise<void>,
): Database {
  const sql = dialectOf(provider);
  const listeners = new Set<() => void>();
  async function attempt<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
    let appended = false;
    const result = await run(async (db) => {
      const unit: Unit = { db, sql, now: clock(), clock, appended: false };
      const value = await work(unit);
      appended = unit.appended;
      return value;
    });
    if (appended) for (const listener of listeners) listener();
    return result;
  }
  return {
    provider,
    sql,
    clock,
    read,
    async transaction(work) {
      for (let tries = 1; ; tries++) {
        try {
          return await attempt(work);
        } catch (cause) {
          if (tries >= ATTEMPTS || cause instanceof AppError || !isRetryable(cause)) throw translate(cause);
        }
      }
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close,
  };
}

/** The file a `file:` address names. */
export function sqlitePath(url: string): string {
  const path = url.replace(/^file:(\/\/(?=\/))?/, "").replace(/\?.*$/, "");
  if (!path)
    throw new AppError("InvalidRequest", "DATABASE_URL names no file. Write file:/path/to/switchyard.db.");
  return path;
}

/**
 * Makes the database file and its folder where they are not there. The file is its owner's alone, and so are those that
 * SQLite puts beside it; the mode of one that exists is its operator's business.
 */
export function prepareFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  closeSync(openSync(path, "a", 0o600));
}

export async function openSqlite(path: string, clock: () => Date, isDurable: boolean): Promise<Database> {
  // The driver runs all statements of a connection in one transaction, so writes and reads have one each.
  const [read, write] = await Promise.all([sqliteClient(path, isDurable), sqliteClient(path, isDurable)]);
  const file = resolve(path);
  const run: Run = (work) =>
    writers.run(file, async () => {
      const result = await write.client.$transaction(async (db) => {
        // A transaction that reads first and writes later fails at once when another process wrote meanwhile,
        // without waiting for it; one that writes first waits its turn.
        await db.$executeRaw`UPDATE "EventCounter" SET "value" = "value" WHERE "id" = 1`;
        return work(db);
      }, LIMITS);
      // The driver never waits for anything, so a long row of writes would leave no turn to requests and timers,
      // the renewal of leases among them.
      await nextTurn();
      return result;
    });
  const reader = readingDirectly(read.client, selectFromSqlite(read.statementOf));
  return makeDatabase("sqlite", clock, reader, run, async () => {
    await Promise.all([read.client.$disconnect(), write.client.$disconnect()]);
  });
}

export function openPostgres(url: string, clock: () => Date, poolSize: number): Database {
  const pool = new Pool({ connectionString: url, max: poolSize, connectionTimeoutMillis: 10_000 });
  // A connection that dies while idle is replaced by the pool; work under way gets its own error.
  pool.on("error", () => undefined);
  const client = postgresClient(pool);
  const run: Run = (work) => client.$transaction((db) => work(db), LIMITS);
  const reader = readingDirectly(client, selectFromPostgres(pool));
  return makeDatabase("postgresql", clock, reader, run, async () => {
    await client.$disconnect();
    await pool.end();
  });
}
