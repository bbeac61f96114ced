import { randomUUID } from "node:crypto";
import type { AuditLog, AuditQuery, AuditRecord } from "../contract";
import type { Database } from "../database/database";
import type { Prisma } from "../database/client";
import { json, storable } from "../database/json";
import type { AuditEntry } from "../generated/sqlite/client";

function toRecord(row: AuditEntry): AuditRecord {
  return {
    id: row.id,
    createdAt: row.createdAt.toISOString(),
    userId: row.userId,
    action: row.action,
    // Entries from before outcomes were kept told of what was done.
    outcome: (row.outcome ?? "succeeded") as AuditRecord["outcome"],
    ...(row.email === null ? {} : { email: row.email }),
    ...(row.workspaceId === null ? {} : { workspaceId: row.workspaceId }),
    ...(row.target === null ? {} : { target: row.target }),
    ...(row.address === null ? {} : { address: row.address }),
    ...(row.correlationId === null ? {} : { correlationId: row.correlationId }),
    details: row.details as Record<string, unknown>,
  };
}

function conditions(query: AuditQuery): Prisma.AuditEntryWhereInput {
  const { action, after, afterDate, beforeDate, limit: _limit, email, ...exact } = query;
  return {
    ...exact,
    ...(email === undefined ? {} : { email: email.toLowerCase() }),
    ...(action === undefined
      ? {}
      : { action: action.endsWith("*") ? { startsWith: action.slice(0, -1) } : action }),
    ...(afterDate || beforeDate
      ? { createdAt: { ...(afterDate ? { gte: afterDate } : {}), ...(beforeDate ? { lt: beforeDate } : {}) } }
      : {}),
    ...(after
      ? {
          AND: [
            { createdAt: { lte: after.createdAt } },
            { OR: [{ createdAt: { lt: after.createdAt } }, { id: { lt: after.id } }] },
          ],
        }
      : {}),
  };
}

/** The audit trail. */
export function auditLog(database: Database): AuditLog {
  return {
    async append({ details, ...entry }) {
      await database.transaction(({ db, now }) =>
        db.auditEntry.create({
          data: { ...storable(entry), id: randomUUID(), createdAt: now, details: json(details) },
        }),
      );
    },
    async list(query) {
      const rows = await database.read.auditEntry.findMany({
        where: conditions(query),
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        take: query.limit,
      });
      return rows.map(toRecord);
    },
    async prune(before) {
      return database.transaction(async ({ db }) => {
        const { count } = await db.auditEntry.deleteMany({ where: { createdAt: { lt: before } } });
        return count;
      });
    },
  };
}
