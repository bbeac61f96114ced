import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import type { GitObject } from "@/lib/versioning/ports";
import { chunks } from "../database/chunks";
import { Prisma, type TransactionClient } from "../database/client";
import type { Unit } from "../database/database";
import type { Dialect } from "../database/dialect";
import { insertRows, onConflictUpdate, type Row } from "../database/rows";

/** An object that was used this recently is not marked as used again. */
const FRESH_MS = 60_000;
const READ_AT_ONCE = 500;
const BYTES_AT_ONCE = 512 * 1024;

const OBJECT = { oid: "text", type: "text", size: "integer", bytes: "bytes", createdAt: "date" } as const;

interface ObjectRow {
  oid: string;
  type: string;
  bytes: Uint8Array;
}

export async function readObjects(
  db: Pick<TransactionClient, "$queryRaw">,
  sql: Dialect,
  oids: readonly Oid[],
): Promise<Map<Oid, GitObject>> {
  const found = new Map<Oid, GitObject>();
  for (const part of chunks([...new Set(oids)], READ_AT_ONCE)) {
    const rows = await db.$queryRaw<ObjectRow[]>`
      SELECT "oid", "type", "bytes" FROM "GitObject" WHERE ${sql.isIn(Prisma.sql`"oid"`, part)}`;
    for (const { oid, type, bytes } of rows) {
      found.set(oid as Oid, { type: type as GitObject["type"], bytes });
    }
  }
  return found;
}

/**
 * Stores what is missing among `objects`, and marks all of them and of `alsoUsed` as just used, so that a sweep that
 * runs at the same time leaves them alone. Throws when one of `alsoUsed` is not stored.
 */
export async function storeObjects(
  unit: Unit,
  objects: ReadonlyMap<Oid, GitObject>,
  alsoUsed: Iterable<Oid> = [],
): Promise<void> {
  const used = [...new Set([...objects.keys(), ...alsoUsed])].sort();
  if (used.length === 0) return;
  const stored = await touch(unit, used);
  const missing: { oid: Oid; object: GitObject }[] = [];
  for (const oid of used) {
    if (stored.has(oid)) continue;
    const object = objects.get(oid);
    if (!object) throw missingObject(oid);
    missing.push({ oid, object });
  }
  await insert(unit, missing);
}

function missingObject(oid: Oid): AppError {
  return new AppError(
    "PreconditionFailed",
    `The content ${oid} is no longer stored. Nothing was changed; read the workspace again and repeat your change.`,
    { oid },
  );
}

async function touch(unit: Unit, oids: readonly Oid[]): Promise<Set<string>> {
  const stored = new Set<string>();
  const { db, sql, now } = unit;
  const fresh = new Date(now.getTime() - FRESH_MS);
  for (const part of chunks(oids, READ_AT_ONCE)) {
    const rows = await db.$queryRaw<{ oid: string; createdAt: Date }[]>`
      SELECT "oid", "createdAt" FROM "GitObject" WHERE ${sql.isIn(Prisma.sql`"oid"`, part)}
      ORDER BY "oid" ${sql.forUpdate}`;
    for (const row of rows) stored.add(row.oid);
    const old = rows.filter((row) => row.createdAt < fresh).map((row) => row.oid);
    if (old.length === 0) continue;
    await db.$executeRaw`
      UPDATE "GitObject" SET "createdAt" = ${sql.date(now)} WHERE ${sql.isIn(Prisma.sql`"oid"`, old)}`;
  }
  return stored;
}

async function insert(unit: Unit, missing: readonly { oid: Oid; object: GitObject }[]): Promise<void> {
  let part: Row<typeof OBJECT>[] = [];
  let bytes = 0;
  // Another writer may have stored the same content since we looked.
  const flush = () => insertRows(unit, "GitObject", OBJECT, part, onConflictUpdate(["oid"], ["createdAt"]));
  for (const { oid, object } of missing) {
    part.push({ oid, ...object, size: object.bytes.length, createdAt: unit.now });
    bytes += object.bytes.length;
    if (bytes < BYTES_AT_ONCE) continue;
    await flush();
    part = [];
    bytes = 0;
  }
  await flush();
}
