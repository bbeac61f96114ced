import type { FileChange } from "@/lib/domain/wire/api";
import { MANIFEST_PATH } from "@/lib/domain/path";
import type { Oid, WorkspaceFile } from "@/lib/domain/workspace";
import { AppError } from "@/lib/domain/error";
import type { Ports, RepositorySession, TreeChanges, WorkspaceRecord } from "./ports";

/** A workspace as it was read under its lock. */
export interface Snapshot {
  record: WorkspaceRecord;
  files: WorkspaceFile[];
}

/** Reads workspaces with their files, in the order asked for. Throws NotFound for one that is gone. */
export async function readSnapshots(ports: Ports, ids: readonly string[]): Promise<Snapshot[]> {
  const [records, files] = await Promise.all([ports.workspaces.find({ ids }), ports.workspaces.files(ids)]);
  const byId = new Map(records.map((record) => [record.id, record]));
  return ids.map((id) => {
    const record = byId.get(id);
    if (!record) throw new AppError("NotFound", `The workspace ${id} no longer exists.`, { workspaceId: id });
    return { record, files: files.get(id) ?? [] };
  });
}

export async function readSnapshot(ports: Ports, id: string): Promise<Snapshot> {
  const [snapshot] = await readSnapshots(ports, [id]);
  if (!snapshot) throw new AppError("NotFound", `The workspace ${id} does not exist.`, { workspaceId: id });
  return snapshot;
}

interface Entry {
  path: string;
  mode: string;
  oid: Oid;
}

/** What turns `before` into `after`: the new entry of each path that differs, null for one that is gone. */
export function changesBetween(before: Iterable<Entry>, after: Iterable<Entry>): TreeChanges {
  const changes = new Map<string, { mode: string; oid: Oid } | null>();
  const left = new Map([...before].map((entry) => [entry.path, entry]));
  for (const { path, mode, oid } of after) {
    const old = left.get(path);
    left.delete(path);
    if (!old || old.oid !== oid || old.mode !== mode) changes.set(path, { mode, oid });
  }
  for (const path of left.keys()) changes.set(path, null);
  return changes;
}

/** The same as a list for people, by path, without the generated manifest. */
export function describeChanges(before: Iterable<Entry>, after: Iterable<Entry>): FileChange[] {
  const known = new Set([...before].map((entry) => entry.path));
  return [...changesBetween(before, after)]
    .filter(([path]) => path !== MANIFEST_PATH)
    .map(([path, change]) => ({
      path,
      kind:
        change === null ? ("deleted" as const) : known.has(path) ? ("modified" as const) : ("added" as const),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The files of a tree that may no longer be anywhere, as after a rewritten history; then null. */
export async function entriesIfKnown(session: RepositorySession, tree: Oid | null): Promise<Entry[] | null> {
  try {
    return await session.entries(tree);
  } catch (error) {
    if (error instanceof AppError && error.details?.missing !== undefined) return null;
    throw error;
  }
}

/** The same changes, with those files removed that the tree has under another Unicode form of a changed name. */
export async function instead(
  session: RepositorySession,
  tree: Oid | null,
  changes: TreeChanges,
): Promise<TreeChanges> {
  const isPlain = (path: string) => /^[ -~]*$/.test(path);
  if ([...changes.keys()].every(isPlain)) return changes;
  const others = ((await entriesIfKnown(session, tree)) ?? []).filter(({ path }) => {
    const form = path.normalize("NFC");
    return form !== path && changes.has(form);
  });
  return new Map([...changes, ...others.map(({ path }) => [path, null] as const)]);
}
