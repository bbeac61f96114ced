import { AppError } from "@/lib/domain/error";
import type { FileChange } from "@/lib/domain/wire/api";
import type { Oid } from "@/lib/domain/workspace";
import type { ObjectSource } from "@/lib/versioning/ports";
import { storedEntries } from "@/lib/versioning/trees";

export interface TreeFile {
  path: string;
  mode: string;
  oid: Oid;
}

/** Every file of a stored tree; null when the tree is not stored here any more. */
export async function filesOfTree(objects: ObjectSource, tree: Oid): Promise<TreeFile[] | null> {
  try {
    return await storedEntries(objects, tree);
  } catch (error) {
    if (error instanceof AppError && error.code === "NotFound") return null;
    throw error;
  }
}

/** What turns `before` into `after`, by path. */
export function changesOf(
  before: readonly Pick<TreeFile, "path" | "oid">[],
  after: readonly Pick<TreeFile, "path" | "oid">[],
): FileChange[] {
  const left = new Map(before.map(({ path, oid }) => [path, oid]));
  const changes: FileChange[] = [];
  for (const { path, oid } of after) {
    const old = left.get(path);
    left.delete(path);
    if (old !== oid) changes.push({ path, kind: old === undefined ? "added" : "modified" });
  }
  for (const path of left.keys()) changes.push({ path, kind: "deleted" });
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The text of a stored file; null when it is not there or is no text. */
export async function textOf(
  objects: ObjectSource,
  oid: Oid | null | undefined,
  shown: (bytes: Uint8Array) => Uint8Array,
): Promise<string | null> {
  if (!oid) return null;
  const object = (await objects.readObjects([oid])).get(oid);
  return object ? decoded(shown(object.bytes)) : null;
}

/** Bytes as text; null where they are none. */
export function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    // Not UTF-8: an image or the like, which has no text to show.
    if (error instanceof TypeError) return null;
    throw error;
  }
}
