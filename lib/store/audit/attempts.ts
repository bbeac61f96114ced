import type { Attempts } from "../contract";
import type { Database } from "../database/database";

/** Counters of attempts, shared by every server process. */
export function attempts(database: Database): Attempts {
  return {
    async count(key, windowMs, now) {
      const expiresAt = new Date(now.getTime() + windowMs);
      return database.transaction(async ({ db }) => {
        await db.attemptCounter.deleteMany({ where: { key, expiresAt: { lte: now } } });
        const row = await db.attemptCounter.upsert({
          where: { key },
          create: { key, count: 1, since: now, expiresAt },
          update: { count: { increment: 1 } },
        });
        return { count: row.count, since: row.since };
      });
    },
    async has(key, now) {
      return (await database.read.attemptCounter.count({ where: { key, expiresAt: { gt: now } } })) > 0;
    },
    async forget(key) {
      await database.transaction(({ db }) => db.attemptCounter.deleteMany({ where: { key } }));
    },
    async prune(now) {
      return database.transaction(async ({ db }) => {
        const { count } = await db.attemptCounter.deleteMany({ where: { expiresAt: { lte: now } } });
        return count;
      });
    },
  };
}
