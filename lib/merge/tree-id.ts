import { hashObject } from "@/lib/archive/objects";
import type { Oid } from "@/lib/domain/workspace";
import type { MergeEntry } from "./types";

/** Git's id of a tree, whose entries come in git's order. */
export function treeId(entries: readonly MergeEntry[]): Oid {
  const content = entries.map(({ mode, name, oid }) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, "hex")]),
  );
  return hashObject("tree", Buffer.concat(content));
}
