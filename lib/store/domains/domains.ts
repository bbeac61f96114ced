import { AppError } from "@/lib/domain/error";
import type { WorkspaceWrite } from "@/lib/versioning/ports";
import type { DomainRecord, Domains } from "../contract";
import type { Database, Unit } from "../database/database";
import { appendEvents } from "../events/append";

interface Row {
  domain: string;
  workspaceId: string;
  status: string;
  problem: string | null;
  checkedAt: Date | null;
}

function toRecord({ checkedAt, status, ...row }: Row): DomainRecord {
  return {
    ...row,
    status: status === "active" || status === "misconfigured" ? status : "pending",
    checkedAt: checkedAt?.toISOString() ?? null,
  };
}

/** The domains that workspaces claim, with what was last seen of each. */
export function domains(database: Database): Domains {
  const { read } = database;
  return {
    async of(workspaceId) {
      const rows = await read.customDomain.findMany({ where: { workspaceId }, orderBy: { domain: "asc" } });
      return rows.map(toRecord);
    },
    async due({ active, others }, limit) {
      const notSince = (date: Date) => ({ OR: [{ checkedAt: null }, { checkedAt: { lt: date } }] });
      const rows = await read.customDomain.findMany({
        where: {
          OR: [
            { status: "active", ...notSince(active) },
            { status: { not: "active" }, ...notSince(others) },
          ],
        },
        orderBy: [{ checkedAt: "asc" }, { domain: "asc" }],
        take: limit,
      });
      return rows.map(toRecord);
    },
    async note({ domain, workspaceId, status, problem, checkedAt }, events) {
      await database.transaction(async (unit) => {
        const { count } = await unit.db.customDomain.updateMany({
          where: { domain, workspaceId },
          data: { status, problem, checkedAt: checkedAt === null ? null : new Date(checkedAt) },
        });
        if (count > 0) await appendEvents(unit, events);
      });
    },
  };
}

function taken(domain: string): AppError {
  return new AppError(
    "DomainAlreadyInUse",
    `The domain ${domain} belongs to another workspace. Remove it there first.`,
    { domain },
  );
}

/** Gives a workspace exactly these domains, in the transaction under way. Throws DomainAlreadyInUse. */
async function claim(
  unit: Unit,
  workspaceId: string,
  wanted: readonly string[],
  userId: string,
): Promise<void> {
  const { db, now } = unit;
  await db.customDomain.deleteMany({ where: { workspaceId, domain: { notIn: [...wanted] } } });
  for (const domain of [...wanted].sort()) {
    // Whoever comes second waits here for the first one's transaction, and then finds the row.
    await db.$executeRaw`
      INSERT INTO "CustomDomain" ("domain", "workspaceId", "status", "createdAt", "createdBy")
      VALUES (${domain}, ${workspaceId}, 'pending', ${now}, ${userId}) ON CONFLICT ("domain") DO NOTHING`;
    const row = await db.customDomain.findUnique({ where: { domain } });
    if (row?.workspaceId !== workspaceId) throw taken(domain);
  }
}

/** The domains of every change that says something of them. Throws DomainAlreadyInUse. */
export async function claimDomains(unit: Unit, changes: readonly WorkspaceWrite[]): Promise<void> {
  for (const { workspaceId, settings, userId } of changes)
    if (settings?.customDomains) await claim(unit, workspaceId, settings.customDomains, userId);
}
