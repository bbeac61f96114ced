import { isRegular, isSame, otherSide, typeOf, type SideName, type Slot, type Versions } from "../types";
import type { Candidate } from "./pairs";

/** A rename of one side; `elsewhere`: to where the other side renamed the file. */
export interface Rename {
  files: Map<string, Versions>;
  side: SideName;
  old: Versions;
  base: Slot;
  target: Candidate;
  elsewhere: Candidate | undefined;
}

/** Merges three versions of a file; "unknown": in conflict, or among merge bases not certain. */
export type MergeVersions = (versions: Versions) => Slot | null | "unknown";

/**
 * Puts into merged bases what git's hold after a rename that conflicts. Answers false where that is not
 * certain, and changes nothing then.
 */
export function renameInBases(rename: Rename, merge: MergeVersions): boolean {
  const { files, side, old, target, elsewhere } = rename;
  const place = files.get(target.path);
  if (!place?.[side]) return false;
  const theirs = old[otherSide(side)];
  if (theirs) {
    if (isRegular(theirs.mode) !== isRegular(target.mode)) return changedType(rename, place, theirs);
    return place[otherSide(side)] !== null && renamedOntoFile(rename, place, theirs, merge);
  }
  if (elsewhere) return renamedTwice(rename, place, elsewhere, merge);
  // Where the other side has a file of its own at the new place, both count as added.
  if (!place[otherSide(side)]) files.set(target.path, settledAs(target.path, rename.base));
  files.delete(old.path);
  return true;
}

/**
 * Our renamed file, where both sides have the same file at the new place and theirs changed the old one: git
 * takes their change over to the new place. Answers false, and changes nothing, where that is a conflict. The
 * same rename by theirs is always one: git takes the new place as it is then, and our change would be lost.
 */
export function renameOntoSame(rename: Rename, merge: MergeVersions): boolean {
  const { files, side, old, target } = rename;
  const place = files.get(target.path);
  if (side !== "ours" || !place || place.base || !old.theirs || !isSame(place.ours, place.theirs))
    return false;
  const merged = mergeRenamed(rename, { ...old.theirs, path: old.path }, merge);
  if (!merged) return false;
  files.set(target.path, settledAs(target.path, merged));
  files.delete(old.path);
  return true;
}

/** The other side made something else of the file: that stays, and the new place holds the older version. */
function changedType({ files, side, old, base, target }: Rename, place: Versions, theirs: Slot): boolean {
  if (place[otherSide(side)]) return false;
  files.set(target.path, settledAs(target.path, base));
  files.set(old.path, { path: old.path, base: null, ours: null, theirs: null, [otherSide(side)]: theirs });
  return true;
}

/** The other side has changed the file, and has another one at the new place. */
function renamedOntoFile(rename: Rename, place: Versions, theirs: Slot, merge: MergeVersions): boolean {
  const { files, side, old, target } = rename;
  const merged = mergeRenamed(rename, { ...theirs, path: old.path }, merge);
  if (!merged) return false;
  files.set(target.path, { ...place, [side]: merged });
  files.delete(old.path);
  return true;
}

/** Both sides renamed the file, to different places: each holds what the two make together. */
function renamedTwice(rename: Rename, place: Versions, elsewhere: Candidate, merge: MergeVersions): boolean {
  const { files, side, old, target } = rename;
  const otherPlace = files.get(elsewhere.path);
  if (!otherPlace?.[otherSide(side)]) return false;
  const merged = mergeRenamed(rename, elsewhere, merge);
  if (!merged) return false;
  files.set(target.path, { ...place, [side]: merged });
  files.set(elsewhere.path, { ...otherPlace, [otherSide(side)]: merged });
  files.delete(old.path);
  return true;
}

/** The content of a renamed file and what the other side made of it. */
function mergeRenamed(rename: Rename, other: Candidate, merge: MergeVersions): Slot | null {
  const { base, old, side, target } = rename;
  if (typeOf(target.mode) !== typeOf(other.mode)) return null;
  const [ours, theirs] = side === "ours" ? [target, other] : [other, target];
  const merged = merge({
    path: old.path,
    base,
    ours: { mode: ours.mode, oid: ours.oid },
    theirs: { mode: theirs.mode, oid: theirs.oid },
    from: { base: old.path, ours: ours.path, theirs: theirs.path },
  });
  return merged === "unknown" ? null : merged;
}

/** Git settles a file that both sides added alike by our version, whatever renames made of the two since. */
export function settleAddedAlike(files: Map<string, Versions>, follow: () => void): void {
  const alike = [...files.values()].filter(({ base, ours, theirs }) => !base && isSame(ours, theirs));
  follow();
  for (const { path } of alike) {
    const ours = files.get(path)?.ours;
    if (ours) files.set(path, settledAs(path, ours));
  }
}

function settledAs(path: string, slot: Slot): Versions {
  return { path, base: slot, ours: slot, theirs: slot };
}
