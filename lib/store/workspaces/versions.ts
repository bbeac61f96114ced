import { AppError } from "@/lib/domain/error";
import type { NewEvent } from "@/lib/domain/event";
import type { VersionRecord } from "@/lib/versioning/ports";
import { Prisma } from "../database/client";
import type { Database } from "../database/database";
import { appendEvents } from "../events/append";
import { selectVersions, toVersion } from "./rows";

export async function findVersion(
  { read }: Database,
  workspaceId: string,
  repositoryId: string,
  name: string,
): Promise<VersionRecord | null> {
  const [row] = await selectVersions(
    read,
    Prisma.sql`"workspaceId" = ${workspaceId} AND "repositoryId" = ${repositoryId} AND "name" = ${name}`,
  );
  return row ? toVersion(row) : null;
}

export async function workspacesWithVersion(
  { read, sql }: Database,
  repositoryId: string,
  name: string,
  ids: readonly string[],
): Promise<Set<string>> {
  const rows = await read.$queryRaw<{ workspaceId: string }[]>`
    SELECT "workspaceId" FROM "Version" WHERE "repositoryId" = ${repositoryId} AND "name" = ${name}
    AND ${sql.isIn(Prisma.sql`"workspaceId"`, ids)}`;
  return new Set(rows.map((row) => row.workspaceId));
}

export async function versionsNamed(
  { read, sql }: Database,
  repositoryId: string,
  name: string,
  ids: readonly string[],
): Promise<VersionRecord[]> {
  const rows = await selectVersions(
    read,
    Prisma.sql`"repositoryId" = ${repositoryId} AND "name" = ${name}
    AND ${sql.isIn(Prisma.sql`"workspaceId"`, ids)}`,
  );
  return rows.map(toVersion);
}

/** A page of a workspace's versions, newest first. */
export async function listVersions(
  { read }: Database,
  workspaceId: string,
  { limit, page }: { limit: number; page: number },
): Promise<VersionRecord[]> {
  const rows = await selectVersions(
    read,
    Prisma.sql`"workspaceId" = ${workspaceId}`,
    Prisma.sql`LIMIT ${limit} OFFSET ${page * limit}`,
  );
  return rows.map(toVersion);
}

export async function deleteVersion(
  database: Database,
  id: string,
  events: readonly NewEvent[],
): Promise<void> {
  await database.transaction(async (unit) => {
    const { count } = await unit.db.version.deleteMany({ where: { id } });
    if (count === 0)
      throw new AppError("NotFound", "The version does not exist any more; somebody deleted it.", { id });
    await appendEvents(unit, events);
  });
}
