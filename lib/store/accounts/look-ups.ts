import type { AccessToken, RoleBinding, Session, User } from "../generated/sqlite/client";
import { Prisma } from "../database/client";
import type { Database } from "../database/database";

/** A row of one table with the user it belongs to; both have an `id` and times of the same names. */
interface Joined<T> {
  row: T;
  user: User;
}

const USER = [
  "id",
  "email",
  "firstName",
  "lastName",
  "passwordHash",
  "superAdmin",
  "createdAt",
  "lastSeenAt",
  "disabledAt",
  "oidcSubject",
  "groups",
] as const satisfies readonly (keyof User)[];

const userColumns = Prisma.raw(USER.map((name) => `u."${name}" AS "user.${name}"`).join(", "));

function split<T>(found: Record<string, unknown>): Joined<T> {
  const user = Object.fromEntries(USER.map((name) => [name, found[`user.${name}`]]));
  return { row: found as T, user: user as unknown as User };
}

// Every request asks these. Plain SQL takes a fraction of the time that the same takes through Prisma's models.

/** The access token of that hash with its user, unless it has expired or the user is disabled. */
export async function findToken(
  { read, sql }: Database,
  hash: string,
  now: Date,
): Promise<Joined<AccessToken> | null> {
  const [found] = await read.$queryRaw<Record<string, unknown>[]>`
    SELECT t.*, ${userColumns} FROM "AccessToken" t JOIN "User" u ON u."id" = t."userId"
    WHERE t."hash" = ${hash} AND (t."expiresAt" IS NULL OR t."expiresAt" > ${sql.date(now)})
      AND u."disabledAt" IS NULL`;
  return found ? split(found) : null;
}

/** The session of that id with its user, unless it has ended or the user is disabled. */
export async function findSession(
  { read, sql }: Database,
  id: string,
  now: Date,
): Promise<Joined<Session> | null> {
  const [found] = await read.$queryRaw<Record<string, unknown>[]>`
    SELECT s.*, ${userColumns} FROM "Session" s JOIN "User" u ON u."id" = s."userId"
    WHERE s."id" = ${id} AND s."expiresAt" > ${sql.date(now)} AND u."disabledAt" IS NULL`;
  return found ? split(found) : null;
}

/** What a user was given, and what these groups of a provider were, the oldest first. */
export function findBindings(
  { read, sql }: Database,
  userId: string,
  groups: readonly string[],
): Promise<RoleBinding[]> {
  const theirs =
    groups.length === 0
      ? Prisma.empty
      : Prisma.sql`OR "subjectKind" = 'group' AND ${sql.isIn(Prisma.sql`"subject"`, groups)}`;
  return read.$queryRaw<RoleBinding[]>`
    SELECT * FROM "RoleBinding" WHERE "subjectKind" = 'user' AND "subject" = ${userId} ${theirs}
    ORDER BY "createdAt", "id"`;
}

/** Whoever made, changed, locked, pushed or pulled these workspaces, or any where none are named. */
export async function findActors(
  { read, sql }: Database,
  workspaceIds: readonly string[] | undefined,
): Promise<string[]> {
  const among = (column: string) =>
    workspaceIds ? sql.isAmong(Prisma.raw(column), workspaceIds) : Prisma.sql`1 = 1`;
  const rows = await read.$queryRaw<{ id: string }[]>`
    SELECT "createdBy" AS "id" FROM "Workspace" WHERE ${among('"id"')}
    UNION SELECT "updatedBy" FROM "Workspace" WHERE ${among('"id"')}
    UNION SELECT "createdBy" FROM "Version" WHERE ${among('"workspaceId"')}
    UNION SELECT "userId" FROM "Operation" WHERE ${among('"workspaceId"')}
    UNION SELECT "lockedBy" FROM "WriteLock" WHERE "lockedBy" IS NOT NULL AND ${among('"workspaceId"')}`;
  return rows.map(({ id }) => id);
}
