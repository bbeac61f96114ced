import type { EventLog } from "../contract";
import type { Database } from "../database/database";
import { forgetChanged } from "./index/build";

/**
 * Deletes the few events of workspaces where nothing happened for long, and those of workspaces that are gone, once
 * they are old enough. Versions, operations and the audit trail are kept apart and stay.
 */
export function pruneEvents(database: Database): EventLog["prune"] {
  const { sql } = database;
  return async ({ idleSince, fewerThan, deletedBefore }) => {
    const deleted = await database.transaction(async ({ db }) => {
      const idle = await db.$executeRaw`
        DELETE FROM "Event" WHERE "workspaceId" IN (
          SELECT e."workspaceId" FROM "Event" e JOIN "Workspace" w ON w."id" = e."workspaceId"
          GROUP BY e."workspaceId"
          HAVING COUNT(*) < ${sql.integer(fewerThan)} AND MAX(e."createdAt") < ${sql.date(idleSince)})`;
      const gone = await db.$executeRaw`
        DELETE FROM "Event" WHERE "createdAt" < ${sql.date(deletedBefore)}
          AND NOT EXISTS (SELECT 1 FROM "Workspace" w WHERE w."id" = "Event"."workspaceId")`;
      await db.$executeRaw`
        DELETE FROM "NestedEvent" WHERE NOT EXISTS (
          SELECT 1 FROM "Event" e WHERE e."cursor" = "NestedEvent"."cursor")`;
      return idle + gone;
    });
    if (deleted > 0) await forgetChanged(database);
    return deleted;
  };
}
