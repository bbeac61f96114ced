import { collisionKey } from "@/lib/domain/path";
import type { PathConflict, TreeEntry } from "../../ports";

/** Entries under their names in Unicode's composed form: Macs write others, and mean the same file. */
export function composed(entry: TreeEntry): TreeEntry {
  const path = entry.path.normalize("NFC");
  return path === entry.path ? entry : { ...entry, path };
}

function groupsOf(entries: readonly TreeEntry[]): Map<string, TreeEntry[]> {
  const groups = new Map<string, TreeEntry[]>();
  for (const entry of entries) {
    const key = collisionKey(entry.path);
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return groups;
}

/** Of files whose names differ in letter case or Unicode form only, the one that counts: what is here, else the first. */
export function chosenTwins(
  entries: readonly TreeEntry[],
  isHere: (path: string) => boolean,
): Map<string, TreeEntry> {
  const chosen = new Map<string, TreeEntry>();
  for (const [key, group] of groupsOf(entries)) {
    const entry = group.find(({ path }) => isHere(path)) ?? group[0];
    if (entry) chosen.set(key, entry);
  }
  return chosen;
}

/**
 * Files of both sides that git merges side by side and that no workspace can hold so: one that is here, and one that the
 * remote brings. What the remote holds twice by itself is no conflict with anybody here.
 */
export function clashingTwins(
  merged: readonly TreeEntry[],
  theirs: readonly TreeEntry[],
  isHere: (path: string) => boolean,
): PathConflict[] {
  const there = new Set(theirs.map(({ path }) => path));
  const common = { kind: "name", base: null } as const;
  return [...groupsOf(merged.filter(({ mode }) => mode.startsWith("100"))).values()].flatMap((group) => {
    const clash =
      group.length > 1 &&
      group.some(({ path }) => isHere(path)) &&
      group.some(({ path }) => !there.has(path));
    if (!clash) return [];
    return group.map(({ path, oid }) => ({
      ...common,
      path,
      ours: there.has(path) ? null : oid,
      theirs: there.has(path) ? oid : null,
    }));
  });
}
