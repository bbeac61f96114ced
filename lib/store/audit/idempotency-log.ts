import type { Claim, IdempotencyLog, KeptAnswer } from "../contract";
import type { Database } from "../database/database";
import { json } from "../database/json";
import type { IdempotencyRecord } from "../generated/sqlite/client";

function judge(row: IdempotencyRecord, requestHash: string): Claim {
  if (row.requestHash !== requestHash) return { kind: "other" };
  if (row.state !== "done") return { kind: "running" };
  const answer: KeptAnswer = {
    status: row.status,
    headers: (row.headers as Record<string, string> | null) ?? {},
    text: (row.body as { text?: string }).text ?? "",
  };
  return { kind: "done", answer };
}

/** Answers kept by idempotency key, so that a repeated request gets the first one's. */
export function idempotencyLog(database: Database): IdempotencyLog {
  return {
    async claim({ key, userId, requestHash }, { now, expiredBefore, deadBefore }) {
      return database.transaction(async ({ db }): Promise<Claim> => {
        await db.idempotencyRecord.deleteMany({
          where: {
            key,
            OR: [{ createdAt: { lt: expiredBefore } }, { state: "running", createdAt: { lt: deadBefore } }],
          },
        });
        const row = await db.idempotencyRecord.findUnique({ where: { key } });
        if (row) return judge(row, requestHash);
        // Of two that arrive at once, the unique key lets one in; the other looks again and finds it.
        await db.idempotencyRecord.create({
          data: { key, userId, requestHash, status: 0, body: {}, createdAt: now, state: "running" },
        });
        return { kind: "started" };
      });
    },
    async finish(key, { status, headers, text }) {
      await database.transaction(({ db }) =>
        db.idempotencyRecord.updateMany({
          where: { key },
          // Kept inside an object, because SQLite makes a number of a text that looks like one.
          data: { state: "done", status, headers: json(headers), body: { text } },
        }),
      );
    },
    async release(key) {
      await database.transaction(({ db }) =>
        db.idempotencyRecord.deleteMany({ where: { key, state: "running" } }),
      );
    },
    async prune(before) {
      return database.transaction(async ({ db }) => {
        const { count } = await db.idempotencyRecord.deleteMany({ where: { createdAt: { lt: before } } });
        return count;
      });
    },
  };
}
