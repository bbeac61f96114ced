import type { Jobs } from "../contract";
import type { Database } from "../database/database";
import { databaseTime } from "../locks/lock-rows";

/** Work that one server process at a time does, and facts about the instance. */
export function jobs(database: Database): Jobs {
  return {
    async acquire(name, owner, leaseMs) {
      return database.transaction(async (unit) => {
        await unit.db.$executeRaw`
          INSERT INTO "Job" ("name", "state", "updatedAt") VALUES (${name}, ${unit.sql.json({})}, ${unit.now})
          ON CONFLICT ("name") DO NOTHING`;
        const [row] = await unit.db.$queryRaw<{ owner: string | null; leaseUntil: Date | null }[]>`
          SELECT "owner", "leaseUntil" FROM "Job" WHERE "name" = ${name} ${unit.sql.forUpdate}`;
        const now = await databaseTime(unit);
        const isFree = !row?.owner || row.owner === owner || !row.leaseUntil || row.leaseUntil <= now;
        if (!isFree) return false;
        const leaseUntil = new Date(now.getTime() + leaseMs);
        await unit.db.job.update({ where: { name }, data: { owner, leaseUntil, updatedAt: unit.now } });
        return true;
      });
    },
    async release(name, owner) {
      await database.transaction(({ db, now }) =>
        db.job.updateMany({
          where: { name, owner },
          data: { owner: null, leaseUntil: null, updatedAt: now },
        }),
      );
    },
    async setting(name) {
      const row = await database.read.setting.findUnique({ where: { name } });
      return valueOf(row);
    },
    async settleSetting(name, value) {
      return database.transaction(async ({ db, sql }) => {
        await db.$executeRaw`
          INSERT INTO "Setting" ("name", "value") VALUES (${name}, ${sql.json({ value })})
          ON CONFLICT ("name") DO NOTHING`;
        return valueOf(await db.setting.findUnique({ where: { name } }));
      });
    },
  };
}

/** Kept inside an object, because SQLite makes a number of a text that looks like one. */
function valueOf(row: { value: unknown } | null): unknown {
  return (row?.value as { value?: unknown } | undefined)?.value ?? null;
}
