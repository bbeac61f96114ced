import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import { decodeName, encodeName } from "./bytes";

export const TREE_MODE = "40000";

/** A tree's bytes and where each entry starts; the last number is the end. Nothing is decoded before it is asked for. */
export interface Tree {
  readonly bytes: Buffer;
  readonly starts: Int32Array;
  /** False for a tree that a stranger wrote out of git's order. */
  readonly sorted: boolean;
  /** False for one with modes that are not as git writes them, such as 040000: it is written anew when it is changed. */
  readonly canonical: boolean;
}

export interface Entry {
  name: string;
  /** As git writes it, whatever stands there. */
  mode: string;
  oid: Oid;
}

/** What becomes of one name of a tree; null: removed. */
export type EntryEdits = ReadonlyMap<string, { mode: string; oid: Oid } | null>;

const FILE_MODE = "100644";
const EXECUTABLE_MODE = "100755";
const LINK_MODE = "120000";
const SUBMODULE_MODE = "160000";
const MODES: ReadonlySet<string> = new Set([
  TREE_MODE,
  FILE_MODE,
  EXECUTABLE_MODE,
  LINK_MODE,
  SUBMODULE_MODE,
]);

const SPACE = 0x20;
const SLASH = 0x2f;
const OID_BYTES = 20;

function unreadable(): AppError {
  return new AppError("UnreadableContent", "The repository contains a damaged tree. Run git fsck on it.");
}

/** Finds the entries of a tree. Throws UnreadableContent when the bytes are no tree. */
export function parseTree(bytes: Buffer): Tree {
  const starts: number[] = [];
  let canonical = true;
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(SPACE, at);
    const end = space < 0 ? -1 : bytes.indexOf(0, space);
    if (space <= at || space > at + 7 || end < 0 || end + 1 + OID_BYTES > bytes.length) throw unreadable();
    starts.push(at);
    canonical &&= MODES.has(bytes.toString("latin1", at, space));
    at = end + 1 + OID_BYTES;
  }
  const tree = { bytes, starts: Int32Array.from([...starts, bytes.length]), sorted: true, canonical };
  for (let index = 1; index < starts.length; index++) {
    const key = keyAt(tree, index);
    if (compareAt(tree, index - 1, key.name, key.isTree) >= 0) return { ...tree, sorted: false };
  }
  return tree;
}

export function entryCount(tree: Tree): number {
  return tree.starts.length - 1;
}

export function isTreeMode(mode: string): boolean {
  return canonicalMode(mode) === TREE_MODE;
}

export function isSubmoduleMode(mode: string): boolean {
  return canonicalMode(mode) === SUBMODULE_MODE;
}

/** A mode as git itself reads and writes it. */
function canonicalMode(mode: string): string {
  if (MODES.has(mode)) return mode;
  const bits = Number.parseInt(mode, 8);
  const kind = bits & 0o170000;
  if (kind === 0o100000) return bits & 0o100 ? EXECUTABLE_MODE : FILE_MODE;
  return kind === 0o040000 ? TREE_MODE : kind === 0o120000 ? LINK_MODE : SUBMODULE_MODE;
}

/** The entry at a position. */
export function entryAt(tree: Tree, index: number): Entry {
  const { start, space, end } = spanAt(tree, index);
  return {
    mode: canonicalMode(tree.bytes.toString("latin1", start, space)),
    name: decodeName(tree.bytes.subarray(space + 1, end)),
    oid: tree.bytes.toString("hex", end + 1, end + 1 + OID_BYTES) as Oid,
  };
}

/** All entries in the order of the tree. */
export function entriesOf(tree: Tree): Entry[] {
  return Array.from({ length: entryCount(tree) }, (_, index) => entryAt(tree, index));
}

/** The entry of that name, file or directory. */
export function findEntry(tree: Tree, name: string): Entry | undefined {
  const index = indexOf(tree, encodeName(name));
  return index < 0 ? undefined : entryAt(tree, index);
}

/**
 * The tree with these names changed and every other entry kept byte for byte, where git would. Replacing an entry by one of the
 * same mode overwrites twenty bytes, whatever the size of the tree.
 */
export function editEntries(tree: Tree, edits: EntryEdits): Tree {
  if (!tree.sorted || !tree.canonical) return rebuild(tree, edits);
  const replaced = new Map<number, Buffer>();
  const removed = new Set<number>();
  const inserted: { at: number; name: Buffer; isTree: boolean; bytes: Buffer }[] = [];
  for (const [name, value] of edits) {
    const raw = encodeName(name);
    const index = indexOf(tree, raw);
    if (value === null) {
      if (index >= 0) removed.add(index);
      continue;
    }
    const bytes = entryBytes(value.mode, raw, value.oid);
    const isTree = isTreeMode(value.mode);
    if (index >= 0 && keyAt(tree, index).isTree === isTree) {
      replaced.set(index, bytes);
    } else {
      if (index >= 0) removed.add(index);
      inserted.push({ at: lowerBound(tree, raw, isTree), name: raw, isTree, bytes });
    }
  }
  const sameSize = [...replaced].every(([index, bytes]) => bytes.length === sizeAt(tree, index));
  if (removed.size === 0 && inserted.length === 0 && sameSize) return overwrite(tree, replaced);
  inserted.sort((a, b) => a.at - b.at || compareKeys(a.name, a.isTree, b.name, b.isTree));
  return splice(tree, replaced, removed, inserted);
}

/** The tree of these entries, in git's order. */
export function makeTree(entries: readonly Entry[]): Tree {
  const parts = entries.map((entry) => {
    const name = encodeName(entry.name);
    return {
      name,
      isTree: isTreeMode(entry.mode),
      bytes: entryBytes(entry.mode, name, entry.oid),
    };
  });
  parts.sort((a, b) => compareKeys(a.name, a.isTree, b.name, b.isTree));
  return assemble(parts.map((part) => part.bytes));
}

function overwrite(tree: Tree, replaced: ReadonlyMap<number, Buffer>): Tree {
  const bytes = Buffer.from(tree.bytes);
  for (const [index, entry] of replaced) entry.copy(bytes, tree.starts[index]);
  return { bytes, starts: tree.starts, sorted: true, canonical: true };
}

function splice(
  tree: Tree,
  replaced: ReadonlyMap<number, Buffer>,
  removed: ReadonlySet<number>,
  inserted: readonly { at: number; bytes: Buffer }[],
): Tree {
  const chunks: Buffer[] = [];
  const count = entryCount(tree);
  const starts = new Int32Array(count - removed.size + inserted.length + 1);
  let length = 0;
  let written = 0;
  let next = 0;
  let kept = 0; // Where the run of untouched entries that is not copied yet begins.
  const add = (size: number) => {
    starts[written++] = length;
    length += size;
  };
  const flush = (until: number) => {
    const from = tree.starts[kept] ?? 0;
    const to = tree.starts[until] ?? 0;
    if (to > from) chunks.push(tree.bytes.subarray(from, to));
  };
  for (let index = 0; index <= count; index++) {
    for (let insert = inserted[next]; insert?.at === index; insert = inserted[++next]) {
      flush(index);
      kept = index;
      chunks.push(insert.bytes);
      add(insert.bytes.length);
    }
    if (index === count) break;
    const replacement = replaced.get(index);
    if (replacement !== undefined || removed.has(index)) {
      flush(index);
      kept = index + 1;
      if (replacement) {
        chunks.push(replacement);
        add(replacement.length);
      }
    } else {
      add(sizeAt(tree, index));
    }
  }
  flush(count);
  starts[written] = length;
  return { bytes: Buffer.concat(chunks, length), starts, sorted: true, canonical: true };
}

function rebuild(tree: Tree, edits: EntryEdits): Tree {
  const kept = entriesOf(tree).filter((entry) => !edits.has(entry.name));
  const added = [...edits].flatMap(([name, value]) => (value ? [{ name, ...value }] : []));
  return makeTree([...kept, ...added]);
}

function assemble(entries: readonly Buffer[]): Tree {
  const starts = new Int32Array(entries.length + 1);
  let length = 0;
  entries.forEach((entry, index) => {
    starts[index] = length;
    length += entry.length;
  });
  starts[entries.length] = length;
  return { bytes: Buffer.concat(entries, length), starts, sorted: true, canonical: true };
}

function entryBytes(mode: string, name: Buffer, oid: Oid): Buffer {
  return Buffer.concat([
    Buffer.from(`${canonicalMode(mode)} `, "latin1"),
    name,
    Buffer.of(0),
    Buffer.from(oid, "hex"),
  ]);
}

function spanAt(tree: Tree, index: number): { start: number; space: number; end: number } {
  const start = tree.starts[index] ?? 0;
  const next = tree.starts[index + 1] ?? 0;
  return { start, space: tree.bytes.indexOf(SPACE, start), end: next - OID_BYTES - 1 };
}

function sizeAt(tree: Tree, index: number): number {
  return (tree.starts[index + 1] ?? 0) - (tree.starts[index] ?? 0);
}

function keyAt(tree: Tree, index: number): { name: Buffer; isTree: boolean } {
  const { start, space, end } = spanAt(tree, index);
  return {
    name: tree.bytes.subarray(space + 1, end),
    isTree: isTreeMode(tree.bytes.toString("latin1", start, space)),
  };
}

function indexOf(tree: Tree, name: Buffer): number {
  if (!tree.sorted) {
    for (let index = 0; index < entryCount(tree); index++) {
      if (keyAt(tree, index).name.equals(name)) return index;
    }
    return -1;
  }
  for (const isTree of [true, false]) {
    const index = lowerBound(tree, name, isTree);
    if (index < entryCount(tree) && compareAt(tree, index, name, isTree) === 0) return index;
  }
  return -1;
}

/** The first position whose key is not below this one. */
function lowerBound(tree: Tree, name: Buffer, isTree: boolean): number {
  let low = 0;
  let high = entryCount(tree);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareAt(tree, middle, name, isTree) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareAt(tree: Tree, index: number, name: Buffer, isTree: boolean): number {
  const key = keyAt(tree, index);
  return compareKeys(key.name, key.isTree, name, isTree);
}

/** Git sorts a directory as if its name ended in a slash. */
function compareKeys(a: Buffer, aIsTree: boolean, b: Buffer, bIsTree: boolean): number {
  const common = Math.min(a.length, b.length);
  const order = a.compare(b, 0, common, 0, common);
  if (order !== 0) return order;
  const next = (name: Buffer, isTree: boolean) => name[common] ?? (isTree ? SLASH : 0);
  return next(a, aIsTree) - next(b, bIsTree) || a.length - b.length;
}
