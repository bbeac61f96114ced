import type { Oid } from "@/lib/domain/workspace";
import {
  basename,
  compareBytes,
  dirname,
  isDirectory,
  type MergeEntry,
  type MergeObjects,
  type Slot,
} from "../types";

/** Paths at which a file and a directory would both have to be. */
export function clashes(files: ReadonlyMap<string, Slot>): string[] {
  const directories = new Set<string>();
  for (const path of files.keys()) {
    for (let at = dirname(path); at !== "" && !directories.has(at); at = dirname(at)) directories.add(at);
  }
  return [...files.keys()].filter((path) => directories.has(path));
}

/** Writes the trees for these files and ready-made directories; null when there are none. */
export function buildTree(objects: MergeObjects, entries: ReadonlyMap<string, Slot>): Oid | null {
  const byDirectory = new Map<string, MergeEntry[]>();
  const add = (path: string, slot: Slot) => {
    const directory = dirname(path);
    const siblings = byDirectory.get(directory);
    const entry = { name: basename(path), ...slot };
    if (siblings) siblings.push(entry);
    else byDirectory.set(directory, [entry]);
  };
  for (const [path, slot] of entries) add(path, slot);
  const parents = new Set<string>([""]);
  for (const path of entries.keys()) {
    for (let at = dirname(path); !parents.has(at); at = dirname(at)) parents.add(at);
  }
  // Children before their parents.
  const deepestFirst = [...parents].sort((one, other) => depth(other) - depth(one));
  for (const directory of deepestFirst) {
    const children = byDirectory.get(directory);
    if (!children) continue;
    const oid = objects.putTree(children.sort(compareEntries));
    if (directory === "") return oid;
    add(directory, { mode: "40000", oid });
  }
  return null;
}

function depth(directory: string): number {
  return directory === "" ? 0 : directory.split("/").length;
}

function compareEntries(one: MergeEntry, other: MergeEntry): number {
  return compareBytes(sortName(one), sortName(other));
}

function sortName(entry: MergeEntry): string {
  return isDirectory(entry.mode) ? `${entry.name}/` : entry.name;
}
