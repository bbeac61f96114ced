import { expect, test } from "vitest";
import { AppError } from "@/lib/domain/error";
import { describeOnDatabases, type TestDatabase } from "@/lib/testing/database";
import { aNewWorkspace, anEvent } from "@/lib/testing/store-builders";
import { Prisma, type Sql } from "./client";
import { openPostgres, openSqlite, sqlitePath, type Database } from "./database";

async function withDatabase(of: TestDatabase, work: (database: Database) => Promise<void>): Promise<void> {
  const clock = () => new Date("2026-03-01T08:00:00.250Z");
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

const STATEMENTS: Sql[] = [
  Prisma.sql`SELECT * FROM "Event" ORDER BY "cursor"`,
  Prisma.sql`SELECT * FROM "Workspace"`,
  Prisma.sql`SELECT * FROM "GitObject" ORDER BY "oid"`,
  Prisma.sql`SELECT * FROM "User" WHERE "superAdmin" = ${true} OR "superAdmin" = ${false}`,
  Prisma.sql`SELECT "cursor" FROM "Event" WHERE "cursor" >= ${2n} LIMIT ${1} OFFSET ${0}`,
  Prisma.sql`SELECT "type" AS "kind", ${"a text"} || '' AS "given", NULL AS "none" FROM "Event" WHERE "type" = ${"order.paid"}`,
  Prisma.sql`SELECT "cursor" FROM "Event" WHERE "createdAt" = ${new Date("2026-03-01T08:00:00.250Z")}`,
  Prisma.sql`SELECT "cursor" FROM "Event" WHERE "createdAt" < ${new Date("2026-03-01T08:00:00.250Z")}`,
  Prisma.sql`SELECT "oid" FROM "GitObject" WHERE "oid" IS NULL`,
];

await describeOnDatabases("A read that goes straight to the driver", (of) => {
  test("answers what Prisma answers, value by value", async () => {
    const store = await of.open({ clock: () => new Date("2026-03-01T08:00:00.250Z") });
    await store.workspaces.create(aNewWorkspace("shop", { description: "Ädelholm" }));
    await store.accounts.createUser({
      id: "u1",
      email: "u1@larkfield.example",
      firstName: "Ada",
      lastName: "Bell",
      passwordHash: null,
      superAdmin: true,
    });
    await store.events.append([
      anEvent("order.paid", { payload: { deep: [1, { none: null }], text: 'a "quoted" – word' } }),
      anEvent("order.sent", { payload: {}, error: { error: "Odd" } }),
    ]);
    await withDatabase(of, async ({ read, transaction }) => {
      let rows = 0;
      for (const statement of STATEMENTS) {
        const direct = await read.$queryRaw<unknown[]>(statement);
        const prismas = await transaction(({ db }) => db.$queryRaw<unknown[]>(statement));
        expect(direct, statement.sql).toStrictEqual(prismas);
        rows += direct.length;
      }
      expect(rows).toBeGreaterThan(10);
    });
  });

  test("sees nothing of a transaction that is under way, and a transaction sees its own writes", async () => {
    await of.open();
    await withDatabase(of, async ({ read, transaction }) => {
      const count = Prisma.sql`SELECT COUNT(*) AS "count" FROM "Setting"`;
      await transaction(async ({ db }) => {
        await db.setting.create({ data: { name: "colour", value: "green" } });
        expect(Number((await read.$queryRaw<{ count: unknown }[]>(count))[0]?.count)).toBe(0);
        expect(Number((await db.$queryRaw<{ count: unknown }[]>(count))[0]?.count)).toBe(1);
      });
      expect(Number((await read.$queryRaw<{ count: unknown }[]>(count))[0]?.count)).toBe(1);
    });
  });

  test("tells a database that does not answer from a statement that is wrong", async () => {
    await of.open();
    await withDatabase(of, async ({ read, provider }) => {
      const wrong = await read.$queryRaw`SELECT "nothing" FROM "Event"`.catch((error: unknown) => error);
      expect(wrong).toBeInstanceOf(Error);
      expect(wrong).not.toBeInstanceOf(AppError);
      if (provider === "postgresql")
        await expect(read.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`).rejects.toMatchObject({
          code: "Unavailable",
        });
    });
  });
});
