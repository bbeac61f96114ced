import { randomUUID } from "node:crypto";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { Client } from "pg";
import { prepareFile } from "../database";
import { translate } from "../failures";
import {
  pendingMigrations,
  readMigrations,
  refuseForeignDatabase,
  type AppliedMigration,
} from "./migrations";

/** The lock `prisma migrate` takes, so that it and we never run at once. */
const ADVISORY_LOCK = 72707369;
/** Prisma's own bookkeeping table, as Prisma creates it. */
const SQLITE_BOOKKEEPING = `CREATE TABLE "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME,
  "migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME,
  "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`;
const POSTGRES_BOOKKEEPING = `CREATE TABLE "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`;
const APPLIED = `SELECT "migration_name", "checksum", "finished_at", "rolled_back_at" FROM "_prisma_migrations"`;

/** Where migrations are when nobody says otherwise: the server runs in its own folder. */
export function defaultMigrationsDir(): string {
  return join(process.cwd(), "prisma", "migrations");
}

/** Brings an SQLite file up to date; other processes that start meanwhile wait. Answers what was applied. */
export function migrateSqlite(path: string, migrationsDir: string): string[] {
  const migrations = readMigrations(join(migrationsDir, "sqlite"));
  prepareFile(path);
  const database = new Sqlite(path, { timeout: 30_000 });
  try {
    switchToWriteAheadLog(database);
    // Rebuilding a table drops the old one; with foreign keys on that would delete what refers to it.
    database.pragma("foreign_keys = OFF");
    const applied: string[] = [];
    while (database.transaction(() => applyNextSqlite(database, migrations, applied)).immediate());
    return applied;
  } catch (cause) {
    throw translate(cause);
  } finally {
    database.close();
  }
}

function switchToWriteAheadLog(database: Sqlite.Database): void {
  for (let tries = 1; ; tries++) {
    try {
      database.pragma("journal_mode = WAL");
      return;
    } catch (cause) {
      // Two processes switching the same new file meet here without waiting for each other.
      if (tries >= 50 || !(cause instanceof Sqlite.SqliteError && cause.code.startsWith("SQLITE_BUSY")))
        throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20 * tries);
    }
  }
}

/** Applies one migration; answers whether there was one. */
function applyNextSqlite(
  database: Sqlite.Database,
  migrations: ReturnType<typeof readMigrations>,
  applied: string[],
): boolean {
  const tables = database
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .pluck()
    .all();
  if (!tables.includes("_prisma_migrations")) {
    refuseForeignDatabase(tables.length);
    database.exec(SQLITE_BOOKKEEPING);
  }
  const rows = database.prepare<[], AppliedMigration>(APPLIED).all();
  const [next] = pendingMigrations(migrations, rows);
  if (!next) return false;
  database.exec(next.sql);
  const broken = database.pragma("foreign_key_check");
  if (Array.isArray(broken) && broken.length > 0) {
    throw new Error(`Migration ${next.name} leaves ${String(broken.length)} rows that refer to nothing.`);
  }
  // Prisma writes times of this table in milliseconds.
  const now = Date.now();
  database
    .prepare(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name", "started_at", "applied_steps_count") VALUES (?, ?, ?, ?, ?, 1)`,
    )
    .run(randomUUID(), next.checksum, now, next.name, now);
  applied.push(next.name);
  return true;
}

/** Brings a PostgreSQL database up to date; other processes that start meanwhile wait. Answers what was applied. */
export async function migratePostgres(url: string, migrationsDir: string): Promise<string[]> {
  const migrations = readMigrations(join(migrationsDir, "postgres"));
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.query(`SELECT pg_advisory_lock(${String(ADVISORY_LOCK)})`);
    const applied: string[] = [];
    while (await applyNextPostgres(client, migrations, applied));
    return applied;
  } catch (cause) {
    throw translate(cause);
  } finally {
    // Closing the connection lets go of the lock.
    await client.end();
  }
}

async function applyNextPostgres(
  client: Client,
  migrations: ReturnType<typeof readMigrations>,
  applied: string[],
): Promise<boolean> {
  await client.query("BEGIN");
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()`,
    );
    if (!tables.some(({ name }) => name === "_prisma_migrations")) {
      refuseForeignDatabase(tables.length);
      await client.query(POSTGRES_BOOKKEEPING);
    }
    const { rows } = await client.query<AppliedMigration>(APPLIED);
    const [next] = pendingMigrations(migrations, rows);
    if (next) {
      await client.query(next.sql);
      await client.query(
        `INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name", "applied_steps_count") VALUES ($1, $2, now(), $3, 1)`,
        [randomUUID(), next.checksum, next.name],
      );
      applied.push(next.name);
    }
    await client.query("COMMIT");
    return next !== undefined;
  } catch (cause) {
    await client.query("ROLLBACK");
    throw cause;
  }
}
