import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore, type Store } from "@/lib/store";
import { describeOnDatabases, emptyDatabase, type EmptyDatabase } from "@/lib/testing/database";
import { aNewWorkspace } from "@/lib/testing/store-builders";

const run = promisify(execFile);
const FIRST = "0001_workspaces_and_operations";

await describeOnDatabases("Migrations", (database) => {
  let folder: string;
  let empty: EmptyDatabase;
  const stores: Store[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-migrations-"));
    cpSync("prisma/migrations", folder, { recursive: true });
    empty = await emptyDatabase(database.provider);
  });

  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await empty.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(): Promise<Store> {
    const store = await openStore({ url: empty.url, lockTimeoutMinutes: 30, migrationsDir: folder });
    stores.push(store);
    return store;
  }

  function addMigration(name: string, sql: string): void {
    for (const provider of ["sqlite", "postgres"]) {
      mkdirSync(join(folder, provider, name), { recursive: true });
      writeFileSync(join(folder, provider, name, "migration.sql"), sql);
    }
  }

  test("an empty database is made ready, and a ready one is left as it is", async () => {
    const first = await open();
    await first.workspaces.create(aNewWorkspace("shop"));
    const second = await open();
    expect((await second.workspaces.get("shop"))?.id).toBe("shop");
    await second.ping();
  });

  test("several that start at once on an empty database all come up", async () => {
    const opened = await Promise.all(Array.from({ length: 4 }, () => open()));
    await opened[0]?.workspaces.create(aNewWorkspace("shop"));
    for (const store of opened) expect((await store.workspaces.get("shop"))?.id).toBe("shop");
  });

  test("several processes that start at once on an empty database migrate it once", async () => {
    const script = join(folder, "start.ts");
    writeFileSync(
      script,
      `import { migratePostgres, migrateSqlite } from ${JSON.stringify(join(process.cwd(), "lib/store/database/migrations/migrate"))};
       const [url, folder] = process.argv.slice(2) as [string, string];
       const done = url.startsWith("file:") ? migrateSqlite(url.slice(5), folder) : migratePostgres(url, folder);
       Promise.resolve(done).then((applied) => console.log(applied.length));`,
    );
    const runs = await Promise.all(
      Array.from({ length: 3 }, () =>
        run(process.execPath, ["--import", "tsx", script, empty.url, folder], { cwd: process.cwd() }),
      ),
    );
    const applied = runs.map(({ stdout }) => Number(stdout)).sort();
    const all = readdirSync(join(folder, "sqlite"), { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    );
    expect(applied).toEqual([0, 0, all.length]);
    await (await open()).workspaces.create(aNewWorkspace("shop"));
  });

  test("a later migration is applied to a database with content, which stays", async () => {
    await (await open()).workspaces.create(aNewWorkspace("shop"));
    addMigration("9002_note", `ALTER TABLE "Workspace" ADD COLUMN "note" TEXT;`);
    expect((await (await open()).workspaces.get("shop"))?.id).toBe("shop");
  });

  test("a migration that fails changes nothing, and is tried again at the next start", async () => {
    await open();
    addMigration("9002_broken", `CREATE TABLE "Half" ("id" TEXT); INSERT INTO "NoSuchTable" VALUES (1);`);
    await expect(open()).rejects.toThrow(/NoSuchTable/);
    addMigration("9002_broken", `CREATE TABLE "Half" ("id" TEXT);`);
    await open();
  });

  test("a database of a newer server is refused by the name of its migration", async () => {
    addMigration("9002_newer", `CREATE TABLE "Newer" ("id" TEXT);`);
    await open();
    rmSync(join(folder, "sqlite/9002_newer"), { recursive: true });
    rmSync(join(folder, "postgres/9002_newer"), { recursive: true });
    await expect(open()).rejects.toMatchObject({
      code: "Unavailable",
      message: expect.stringContaining("newer Switchyard (9002_newer)") as string,
    });
  });

  test("a migration that was altered after it was applied is refused by name", async () => {
    await open();
    for (const provider of ["sqlite", "postgres"]) {
      const file = join(folder, provider, FIRST, "migration.sql");
      writeFileSync(file, `${readFileSync(file, "utf8")}\n-- altered\n`);
    }
    await expect(open()).rejects.toMatchObject({
      code: "Unavailable",
      message: expect.stringContaining(FIRST) as string,
    });
  });

  test("a database that holds something else is refused and left alone", async () => {
    await empty.execute(`CREATE TABLE "Foreign" ("id" TEXT)`);
    await expect(open()).rejects.toMatchObject({
      message: expect.stringContaining("another application's tables") as string,
    });
    await empty.execute(`DROP TABLE "Foreign"`);
    await open();
  });

  test("a migration that would leave rows without what they refer to is refused", async () => {
    await (await open()).workspaces.create(aNewWorkspace("shop"));
    if (database.provider === "sqlite") {
      addMigration("9002_orphans", `DELETE FROM "Workspace";`);
      await expect(open()).rejects.toThrow(/refer to nothing/);
    } else {
      addMigration("9002_orphans", `INSERT INTO "WriteLock" ("workspaceId") VALUES ('nobody');`);
      await expect(open()).rejects.toThrow(/WriteLock_workspaceId_fkey/);
    }
    rmSync(join(folder, "sqlite/9002_orphans"), { recursive: true });
    rmSync(join(folder, "postgres/9002_orphans"), { recursive: true });
    expect((await (await open()).workspaces.get("shop"))?.id).toBe("shop");
  });

  if (database.provider === "postgresql")
    test("every text is compared by its bytes, whatever the locale of the database", async () => {
      await open();
      const client = new Client({ connectionString: empty.url });
      await client.connect();
      const { rows } = await client.query(
        `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()
         AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C' AND table_name <> '_prisma_migrations'`,
      );
      await client.end();
      expect(rows).toEqual([]);
    });

  test("the folder without migrations is named", async () => {
    await expect(
      openStore({ url: empty.url, lockTimeoutMinutes: 30, migrationsDir: join(folder, "none") }),
    ).rejects.toThrow(/No migrations were found in/);
  });
});

test("the models have not changed since the last migration was made", () => {
  expect(readFileSync("prisma/migrations/models.prisma", "utf8")).toBe(
    readFileSync("prisma/models.prisma", "utf8"),
  );
});

test("an address that is neither of the two databases is refused with what to set", async () => {
  await expect(openStore({ url: "mysql://localhost/x", lockTimeoutMinutes: 30 })).rejects.toMatchObject({
    code: "InvalidRequest",
    message: expect.stringContaining("DATABASE_URL") as string,
  });
});

test("a database that cannot be reached is Unavailable, and its password is in no message", async () => {
  const url = "postgresql://user:hunter22@127.0.0.1:1/none";
  const failure: unknown = await openStore({ url, lockTimeoutMinutes: 30 }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "Unavailable" });
  expect(String(failure)).not.toContain("hunter22");
});
