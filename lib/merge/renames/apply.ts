import type { PathConflict } from "@/lib/versioning/ports/repositories";
import { conflictOf } from "../paths/plan";
import { otherSide, SIDES, typeOf, type Versions } from "../types";
import type { RenameDetection } from "./detect";
import {
  renameInBases,
  renameOntoSame,
  settleAddedAlike,
  type MergeVersions,
  type Rename,
} from "./conflicting";
import type { BothSides } from "./pairs";

/**
 * Brings renamed files and what the other side did to them together: afterwards the new path holds all three
 * versions and the old path is gone. Answers the renames that git would not follow either; among merge bases, those
 * for which it is not certain what git's merge of them holds.
 */
export function applyRenames(
  files: Map<string, Versions>,
  found: BothSides<RenameDetection>,
  { merge, isOfBases }: { merge: MergeVersions; isOfBases: boolean },
): PathConflict[] {
  const conflicts: PathConflict[] = [];
  const settle = isOfBases ? renameInBases : renameOntoSame;
  const followAll = () => {
    for (const side of SIDES) {
      for (const [source, target] of found[side].renames) {
        const old = files.get(source);
        if (!old?.base) continue;
        const elsewhere = found[otherSide(side)].renames.get(source);
        const rename = { files, side, old, base: old.base, target, elsewhere };
        const conflict = follow(rename);
        if (conflict && !settle(rename, merge)) conflicts.push(conflict);
      }
    }
  };
  if (isOfBases) settleAddedAlike(files, followAll);
  else followAll();
  return conflicts;
}

function follow(rename: Rename): PathConflict | null {
  const { files, side, old, base, target } = rename;
  const other = otherSide(side);
  const theirVersion = old[other];
  // An unchanged file that was renamed on one side merges as if it had been deleted and added.
  if (theirVersion && theirVersion.oid === base.oid && theirVersion.mode === base.mode) return null;
  const place = files.get(target.path);
  if (!theirVersion) return followDeleted(rename);
  // Git does not look whether one of two kinds of thing is the old one, once a rename brought them together.
  const isChangedType = typeOf(theirVersion.mode) !== typeOf(target.mode);
  if (!place || place[other] || isChangedType) return conflictAt(rename);
  const from = { base: old.path, ours: old.path, theirs: old.path, [side]: target.path };
  files.set(target.path, { ...place, base, [other]: theirVersion, from });
  files.delete(old.path);
  return null;
}

/** The other side has no file at the old path: it deleted it, or renamed it as well. */
function followDeleted(rename: Rename): PathConflict | null {
  const { files, old, base, target, elsewhere } = rename;
  const place = files.get(target.path);
  if (elsewhere?.path !== target.path || !place) return conflictAt(rename);
  files.set(target.path, { ...place, base });
  files.delete(old.path);
  return null;
}

function conflictAt({ files, side, old, base, target }: Rename): PathConflict {
  const place = files.get(target.path);
  const other = otherSide(side);
  return conflictOf(
    {
      path: target.path,
      base,
      ours: null,
      theirs: null,
      [side]: { mode: target.mode, oid: target.oid },
      [other]: old[other] ?? place?.[other] ?? null,
    },
    "rename",
  );
}
