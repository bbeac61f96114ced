import { invariant } from "@/lib/domain/error";
import type { FileChange } from "@/lib/domain/api";
import type { Oid } from "@/lib/domain/workspace";
import type { ObjectSource } from "@/lib/versioning/ports";

export interface TreeFile {
  path: string;
  mode: string;
  oid: Oid;
}

const SPACE = 0x20;

function* entriesOf(bytes: Uint8Array): Generator<{ name: string; mode: string; oid: Oid }> {
  const buffer = Buffer.from(bytes);
  for (let at = 0; at < buffer.length;) {
    const space = buffer.indexOf(SPACE, at);
    const zero = buffer.indexOf(0, space);
    invariant(space > at && zero > space && zero + 21 <= buffer.length, "a stored tree is whole");
    yield {
      mode: buffer.toString("latin1", at, space),
      name: buffer.toString("utf8", space + 1, zero),
      oid: buffer.toString("hex", zero + 1, zero + 21) as Oid,
    };
    at = zero + 21;
  }
}

/** Every file of a stored tree, one query a level; null when the tree is not stored here any more. */
export async function filesOfTree(objects: ObjectSource, tree: Oid): Promise<TreeFile[] | null> {
  const files: TreeFile[] = [];
  let level = new Map<string, Oid>([["", tree]]);
  while (level.size > 0) {
    const found = await objects.readObjects([...new Set(level.values())]);
    const next = new Map<string, Oid>();
    for (const [prefix, oid] of level) {
      const object = found.get(oid);
      if (!object) return null;
      for (const entry of entriesOf(object.bytes)) {
        if (entry.mode === "40000") next.set(`${prefix}${entry.name}/`, entry.oid);
        else files.push({ path: prefix + entry.name, mode: entry.mode, oid: entry.oid });
      }
    }
    level = next;
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
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
export async function textOf(objects: ObjectSource, oid: Oid | null | undefined): Promise<string | null> {
  if (!oid) return null;
  const object = (await objects.readObjects([oid])).get(oid);
  if (!object) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(object.bytes);
  } catch (error) {
    // Not UTF-8: an image or the like, which has no text to show.
    if (error instanceof TypeError) return null;
    throw error;
  }
}
