import type { PushAttempt, UnconfirmedAttempt } from "@/lib/versioning/ports";
import { ATTEMPT_PHASE, operationLost, type JournalRecord, type OperationLog } from "../contract";
import type { Database } from "../database/database";
import { insertRows } from "../database/rows";

type JournalLog = Pick<
  OperationLog,
  "appendJournal" | "settleJournal" | "journal" | "attempts" | "unconfirmedAttempts"
>;

/** What was sent so long ago does not arrive any more. */
const UNCONFIRMED_DAYS = 30;
const UNCONFIRMED_ATTEMPTS = 100;

/** Attempts since then may still be met in a remote. */
export function unconfirmedSince(): Date {
  return new Date(Date.now() - UNCONFIRMED_DAYS * 24 * 3600 * 1000);
}

const ENTRY = {
  operationId: "text",
  sequence: "integer",
  phase: "text",
  facts: "json",
  createdAt: "date",
} as const;

/** Phases and push attempts of operations, each stored before its effect. */
export function journalLog(database: Database): JournalLog {
  async function journal(id: string): Promise<JournalRecord[]> {
    const rows = await database.read.journalEntry.findMany({
      where: { operationId: id },
      orderBy: { sequence: "asc" },
    });
    return rows.map(({ sequence, phase, facts, outcome }) => ({
      sequence,
      phase,
      facts: facts as Record<string, unknown>,
      outcome,
    }));
  }

  return {
    journal,

    async appendJournal(id, owner, phase, facts, at) {
      return database.transaction(async ({ db, sql }) => {
        // Two phases of one operation may be written at once; each needs a number of its own.
        const held = await db.$queryRaw<unknown[]>`
          SELECT "id" FROM "Operation" WHERE "id" = ${id} AND "owner" = ${owner} AND "state" <> 'done'
          ${sql.forUpdate}`;
        // A process that slept wakes up in the middle of its work; what another has settled it must not begin again.
        if (held.length === 0) throw operationLost(id);
        const last = await db.journalEntry.aggregate({
          where: { operationId: id },
          _max: { sequence: true },
        });
        const sequence = (last._max.sequence ?? 0) + 1;
        const row = { operationId: id, sequence, phase, facts, createdAt: at };
        await insertRows({ db, sql }, "JournalEntry", ENTRY, [row]);
        return sequence;
      });
    },

    async settleJournal(id, sequence, outcome) {
      await database.transaction(({ db }) =>
        db.journalEntry.updateMany({ where: { operationId: id, sequence }, data: { outcome } }),
      );
    },

    async attempts(id) {
      const entries = await journal(id);
      return entries
        .filter((entry) => entry.phase === ATTEMPT_PHASE)
        .map(({ sequence, outcome, facts }) => ({
          sequence,
          outcome,
          attempt: facts as unknown as PushAttempt,
        }));
    },

    async unconfirmedAttempts(repositoryId, workspaceIds) {
      const rows = await database.read.journalEntry.findMany({
        where: {
          phase: ATTEMPT_PHASE,
          OR: [{ outcome: null }, { outcome: { in: ["partial", "abandoned"] } }],
          createdAt: { gte: unconfirmedSince() },
        },
        orderBy: { createdAt: "desc" },
        take: UNCONFIRMED_ATTEMPTS,
      });
      const isAsked = ({ attempt }: UnconfirmedAttempt) =>
        !workspaceIds || attempt.workspaces.some(({ workspaceId }) => workspaceIds.includes(workspaceId));
      return rows
        .reverse()
        .map(({ operationId, sequence, facts }): UnconfirmedAttempt => {
          return { operationId, sequence, attempt: facts as unknown as PushAttempt };
        })
        .filter((one) => one.attempt.repositoryId === repositoryId && isAsked(one));
    },
  };
}
