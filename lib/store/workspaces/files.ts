import { invariant } from "@/lib/domain/error";
import type { Oid, WorkspaceFile } from "@/lib/domain/workspace";
import type { GitObject, NewContents } from "@/lib/versioning/ports";
import { chunks, groupBy } from "../database/chunks";
import { Prisma } from "../database/client";
import type { Unit } from "../database/database";
import type { Dialect } from "../database/dialect";
import { insertRows, onConflictUpdate } from "../database/rows";
import { storeObjects } from "../objects/objects";
import type { Reader } from "./rows";

const FILE = { workspaceId: "text", path: "text", mode: "text", oid: "text", size: "integer" } as const;

/** Workspaces whose files are read with one query: the driver of SQLite answers nothing else meanwhile. */
const FILES_OF = 50;

interface FileRow extends WorkspaceFile {
  workspaceId: string;
}

export async function readFiles(
  db: Reader,
  sql: Dialect,
  ids: readonly string[],
): Promise<Map<string, WorkspaceFile[]>> {
  const files = new Map<string, WorkspaceFile[]>(ids.map((id) => [id, []]));
  for (const part of chunks(ids, FILES_OF)) {
    const rows = await db.$queryRaw<FileRow[]>`
      SELECT "workspaceId", "path", "mode", "oid", "size" FROM "WorkspaceFile"
      WHERE ${sql.isIn(Prisma.sql`"workspaceId"`, part)} ORDER BY "workspaceId", "path"`;
    for (const { workspaceId, path, mode, oid, size } of rows) {
      files.get(workspaceId)?.push({ path, mode, oid, size });
    }
  }
  return files;
}

/** Brings the file rows of these workspaces to their new contents, rewriting only those that differ. */
export async function replaceFiles(
  unit: Unit,
  changes: readonly { workspaceId: string; contents: NewContents }[],
): Promise<void> {
  if (changes.length === 0) return;
  const before = await readFiles(
    unit.db,
    unit.sql,
    changes.map((change) => change.workspaceId),
  );
  const written: FileRow[] = [];
  const removed: { workspaceId: string; path: string }[] = [];
  const objects = new Map<Oid, GitObject>();
  const used = new Set<Oid>();
  for (const { workspaceId, contents } of changes) {
    const rest = new Map((before.get(workspaceId) ?? []).map((file) => [file.path, file]));
    for (const file of contents.files) {
      const old = rest.get(file.path);
      rest.delete(file.path);
      if (old?.oid === file.oid && old.mode === file.mode) continue;
      written.push({ workspaceId, ...file });
      used.add(file.oid);
    }
    for (const path of rest.keys()) removed.push({ workspaceId, path });
    for (const [oid, object] of contents.objects) objects.set(oid, object);
    invariant(
      contents.files.length === new Set(contents.files.map((file) => file.path)).size,
      "paths are unique",
    );
  }
  await storeObjects(unit, objects, used);
  await removeFiles(unit, removed);
  await writeFiles(unit, written);
}

async function removeFiles(
  unit: Unit,
  rows: readonly { workspaceId: string; path: string }[],
): Promise<void> {
  for (const [workspaceId, mine] of groupBy(rows, (row) => row.workspaceId)) {
    const paths = mine.map((row) => row.path);
    await unit.db.$executeRaw`
      DELETE FROM "WorkspaceFile"
      WHERE "workspaceId" = ${workspaceId} AND ${unit.sql.isIn(Prisma.sql`"path"`, paths)}`;
  }
}

export async function writeFiles(unit: Unit, rows: readonly FileRow[]): Promise<void> {
  const rest = onConflictUpdate(["workspaceId", "path"], ["mode", "oid", "size"]);
  await insertRows(
    unit,
    "WorkspaceFile",
    FILE,
    rows.map((row) => ({ ...row })),
    rest,
  );
}
