import type { Oid } from "@/lib/domain/workspace";
import type { PathConflict } from "@/lib/versioning/ports/repositories";

/** One entry of a tree object; `mode` in octal, `40000` (or `040000`) for a directory. */
export interface MergeEntry {
  name: string;
  mode: string;
  oid: Oid;
}

/** Where a merge reads and writes objects. */
export interface MergeObjects {
  readTree(oid: Oid): Promise<readonly MergeEntry[]>;
  /** All of them at once: a merge asks at most once for everything it compares. */
  readBlobs(oids: readonly Oid[]): Promise<ReadonlyMap<Oid, Uint8Array>>;
  putBlob(bytes: Uint8Array): Oid;
  /** Entries come in git's order. */
  putTree(entries: readonly MergeEntry[]): Oid;
}

/** The merged tree, null when nothing is left; or every path that could not be merged. */
export type TreeMerge =
  { kind: "merged"; tree: Oid | null } | { kind: "conflict"; conflicts: PathConflict[] };

/** A file, link or submodule at a path, with its mode as git normalises it. */
export interface Slot {
  mode: string;
  oid: Oid;
}

/** What base, ours and theirs hold at one path; null where a version has no file there. */
export interface Versions {
  path: string;
  base: Slot | null;
  ours: Slot | null;
  theirs: Slot | null;
  /** Where each of them had a file that was followed here. */
  from?: { base: string; ours: string; theirs: string };
}

export type SideName = "ours" | "theirs";

export const SIDES: readonly SideName[] = ["ours", "theirs"];

export function otherSide(side: SideName): SideName {
  return side === "ours" ? "theirs" : "ours";
}

export function isSame(one: Slot | null, other: Slot | null): boolean {
  return one !== null && other !== null && one.oid === other.oid && one.mode === other.mode;
}

export function isDirectory(mode: string): boolean {
  return mode === "40000";
}

export function isRegular(mode: string): boolean {
  return mode.startsWith("100");
}

/** The kind of thing a mode stands for: regular files differ by their executable bit only. */
export function typeOf(mode: string): string {
  return isRegular(mode) ? "100" : mode;
}

/** The mode git takes an entry to have: old or foreign ones count as the nearest that it writes. */
export function canonicalMode(mode: string): string {
  const bits = parseInt(mode, 8);
  switch (bits & 0o170000) {
    case 0o100000:
      return bits & 0o100 ? "100755" : "100644";
    case 0o120000:
      return "120000";
    case 0o040000:
      return "40000";
    default:
      return "160000";
  }
}

export function dirname(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

export function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function join(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}

/** Compares as bytes, the order git sorts by. */
export function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
