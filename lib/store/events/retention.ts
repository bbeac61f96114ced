import type { EventLog } from "../contract";
import type { Database } from "../database/database";

/**
 * Deletes the few events of workspaces where nothing happened for long, and those of workspaces that are gone, once
 * they are old enough. Versions, operations and the audit trail are kept apart and stay.
 */
export function pruneEvents(database: Database): EventLog["prune"] {
  const { sql } = database;
  return ({ idleSince, fewerThan, deletedBefore }) =>
    database.transaction(async ({ db }) => {
      const idle = await db.$executeRaw`
        DELETE FROM "Event" WHERE "workspaceId" IN (
          SELECT e."workspaceId" FROM "Event" e JOIN "Workspace" w ON w."id" = e."workspaceId"
          GROUP BY e."workspaceId"
          HAVING COUNT(*) < ${sql.integer(fewerThan)} AND MAX(e."createdAt") < ${sql.date(idleSince)})`;
      const gone = await db.$executeRaw`
        DELETE FROM "Event" WHERE "createdAt" < ${sql.date(deletedBefore)}
          AND NOT EXISTS (SELECT 1 FROM "Workspace" w WHERE w."id" = "Event"."workspaceId")`;
      return idle + gone;
    });
}
