import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "@/lib/store";
import { database, describeOnDatabases } from "@/lib/testing/database";
import { Prisma, type TransactionClient } from "./client";
import { openPostgres, openSqlite, sqlitePath, type Database } from "./database";

describe("A new database file", () => {
  it("is readable by its owner alone, with the files beside it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "switchyard-mode-"));
    const before = process.umask(0o022);
    try {
      const store = await openStore({ url: `file:${join(folder, "new.db")}`, lockTimeoutMinutes: 30 });
      await store.jobs.settleSetting("any", true);
      const names = await readdir(folder);
      expect(names).toContain("new.db-wal");
      for (const name of names) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
      await store.close();
    } finally {
      process.umask(before);
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("A row of writes", () => {
  it("leaves turns to requests and timers, so that leases can be renewed meanwhile", async () => {
    const sqlite = await database("sqlite");
    try {
      const { jobs } = await sqlite.open();
      let turns = 0;
      const timer = setInterval(() => turns++, 0);
      for (let write = 0; write < 20; write++) await jobs.settleSetting(`setting-${String(write)}`, true);
      clearInterval(timer);
      expect(turns).toBeGreaterThan(0);
    } finally {
      await sqlite.close();
    }
  });
});

const clock = () => new Date();

await describeOnDatabases("A disk that takes no writes", (of) => {
  async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
    await of.open();
    const database =
      of.provider === "sqlite"
        ? await openSqlite(sqlitePath(of.url), clock, false)
        : openPostgres(of.url, clock, 2);
    try {
      await work(database);
    } finally {
      await database.close();
    }
  }

  const settle = (db: TransactionClient, value: string) =>
    db.setting.create({ data: { name: value.slice(0, 20), value } });

  it("is told from a database that does not answer, and the next write finds room again", async () => {
    await withDatabase(async (database) => {
      const full = database.transaction(async ({ db }) => {
        if (database.provider === "sqlite") {
          await db.$queryRaw(Prisma.raw("PRAGMA max_page_count = 1"));
          await settle(db, "large ".repeat(100_000));
        } else
          await db.$executeRaw`DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$`;
      });
      await expect(full).rejects.toMatchObject({
        code: "Unavailable",
        message: expect.stringContaining("is full") as string,
        details: { retryAfter: 30 },
      });
      if (database.provider === "sqlite")
        await database.transaction(({ db }) => db.$queryRaw(Prisma.raw("PRAGMA max_page_count = 1000000")));
      await database.transaction(({ db }) => settle(db, "there is room"));
      expect(await database.read.setting.count()).toBe(1);
    });
  });

  it("is told also where everything can only be read, as on a standby", async () => {
    await withDatabase(async (database) => {
      const isSqlite = database.provider === "sqlite";
      const write = database.transaction(async ({ db }) => {
        await db.$queryRaw(Prisma.raw(isSqlite ? "PRAGMA query_only = 1" : "SET TRANSACTION READ ONLY"));
        await settle(db, "refused");
      });
      await expect(write).rejects.toMatchObject({
        code: "Unavailable",
        message: expect.stringContaining("is read-only at the moment") as string,
      });
    });
  });
});
