import type { Oid } from "@/lib/domain/workspace";
import { ATTEMPT_PHASE } from "../contract";
import { Prisma } from "../database/client";
import type { Database } from "../database/database";
import { unconfirmedSince } from "../operations/journal-log";

const SLICE = 2000;

/**
 * Deletes objects older than the date that nothing refers to. Whoever begins to refer to an object marks it as used
 * in the same transaction, so an object that was found unused and is still old is unused.
 */
export async function sweepObjects(database: Database, olderThan: Date): Promise<number> {
  const kept = await markedObjects(database);
  let deleted = 0;
  let last = "";
  for (;;) {
    const old = await database.read.$queryRaw<{ oid: string }[]>`
      SELECT "oid" FROM "GitObject" WHERE "oid" > ${last} AND "createdAt" < ${database.sql.date(olderThan)}
      ORDER BY "oid" LIMIT ${SLICE}`;
    const end = old.at(-1);
    if (!end) return deleted;
    last = end.oid;
    const unused = old.map((row) => row.oid).filter((oid) => !kept.has(oid));
    if (unused.length > 0) deleted += await deleteSlice(database, unused, olderThan);
  }
}

function deleteSlice(database: Database, oids: readonly string[], olderThan: Date): Promise<number> {
  return database.transaction(
    ({ db, sql }) => db.$executeRaw`
      DELETE FROM "GitObject" WHERE ${sql.isIn(Prisma.sql`"oid"`, oids)}
      AND "createdAt" < ${sql.date(olderThan)}`,
  );
}

/** Every object that something refers to, seen in one snapshot. */
async function markedObjects(database: Database): Promise<Set<string>> {
  const { read, sql } = database;
  // One statement sees one state of the database; several could miss what moves from one table to another.
  const roots = await read.$queryRaw<{ root: string | null }[]>`
    SELECT "oid" AS "root" FROM "WorkspaceFile"
    UNION SELECT "tree" FROM "Workspace" UNION SELECT "syncedTree" FROM "Workspace"
    UNION SELECT "tree" FROM "Version" UNION SELECT "commit" FROM "Version"
    UNION SELECT "workspaceTree" FROM "RepositoryState" UNION SELECT "remoteSubtree" FROM "RepositoryState"
    UNION SELECT "conflictTree" FROM "RepositoryState"
    UNION SELECT "commit" FROM "RepositoryState" UNION SELECT "intermediate" FROM "RepositoryState"
    UNION SELECT ${sql.asText(Prisma.sql`j."facts"`)} FROM "JournalEntry" j
      JOIN "Operation" o ON o."id" = j."operationId" WHERE o."state" <> 'done'
      OR (j."phase" = ${ATTEMPT_PHASE} AND (j."outcome" IS NULL OR j."outcome" IN ('partial', 'abandoned'))
        AND j."createdAt" >= ${sql.date(unconfirmedSince())})`;
  const kept = new Set<string>();
  let next: string[] = [];
  const keep = (oid: string) => {
    if (kept.has(oid)) return;
    kept.add(oid);
    next.push(oid);
  };
  for (const { root } of roots) for (const oid of oidsIn(root)) keep(oid);
  while (next.length > 0) {
    const slice = next.slice(0, SLICE);
    next = next.slice(SLICE);
    const rows = await read.$queryRaw<{ type: string; bytes: Uint8Array }[]>`
      SELECT "type", "bytes" FROM "GitObject" WHERE "type" <> 'blob' AND ${sql.isIn(Prisma.sql`"oid"`, slice)}`;
    for (const { type, bytes } of rows) {
      const text = Buffer.from(bytes);
      for (const oid of type === "tree" ? entriesOf(text) : oidsIn(text.toString("latin1"))) keep(oid);
    }
  }
  return kept;
}

function oidsIn(text: string | null): string[] {
  return text?.match(/(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])/g) ?? [];
}

/** The ids a git tree names. */
function entriesOf(bytes: Buffer): Oid[] {
  const oids: Oid[] = [];
  let position = 0;
  while (position < bytes.length) {
    const nameEnd = bytes.indexOf(0, position);
    if (nameEnd < 0) break;
    oids.push(bytes.toString("hex", nameEnd + 1, nameEnd + 21) as Oid);
    position = nameEnd + 21;
  }
  return oids;
}
