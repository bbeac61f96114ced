import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import type { ObjectSource, TreeEntry } from "./ports";

function parseTree(bytes: Uint8Array): { name: string; mode: string; oid: Oid }[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: { name: string; mode: string; oid: Oid }[] = [];
  for (let at = 0; at < buffer.length;) {
    const space = buffer.indexOf(0x20, at);
    const end = buffer.indexOf(0, space);
    const mode = buffer.toString("latin1", at, space).padStart(6, "0");
    const name = buffer.toString("utf8", space + 1, end);
    entries.push({ name, mode, oid: buffer.toString("hex", end + 1, end + 21) as Oid });
    at = end + 21;
  }
  return entries;
}

/** Every file of a tree that the platform stores, level by level. Throws NotFound when a part of it is gone. */
export async function storedEntries(objects: ObjectSource, root: Oid): Promise<TreeEntry[]> {
  const files: TreeEntry[] = [];
  let level: { prefix: string; oid: Oid }[] = [{ prefix: "", oid: root }];
  while (level.length > 0) {
    const trees = await objects.readObjects([...new Set(level.map(({ oid }) => oid))]);
    const next: typeof level = [];
    for (const { prefix, oid } of level) {
      const tree = trees.get(oid);
      if (!tree)
        throw new AppError("NotFound", "This version's content is no longer stored.", { tree: root });
      for (const entry of parseTree(tree.bytes)) {
        const path = prefix + entry.name;
        if (entry.mode === "040000") next.push({ prefix: `${path}/`, oid: entry.oid });
        else files.push({ path, mode: entry.mode, oid: entry.oid });
      }
    }
    level = next;
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}
