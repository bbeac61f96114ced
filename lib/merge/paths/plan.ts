import type { Oid } from "@/lib/domain/workspace";
import type { ConflictKind, PathConflict } from "@/lib/versioning/ports/repositories";
import { isRegular, isSame, typeOf, type Slot, type Versions } from "../types";

export interface TextPlan {
  kind: "text";
  mode: string;
  modeClean: boolean;
  base: Oid | null;
  ours: Oid;
  theirs: Oid;
}

/**
 * What becomes of one path: settled without reading contents, a text to merge, or a conflict, with what git
 * would take where nothing but the modes conflict.
 */
export type PathPlan =
  | { kind: "settled"; slot: Slot | null }
  | TextPlan
  | { kind: "conflict"; conflict: PathConflict; merged?: Slot };

/** Decides one path by git's rules for three versions of a file, link or submodule. */
export function planPath(versions: Versions): PathPlan {
  const { base, ours, theirs } = versions;
  if (isSame(ours, theirs) || isSame(base, ours)) return settled(theirs);
  if (isSame(base, theirs)) return settled(ours);
  if (ours && theirs) return planBoth(versions, base, ours, theirs);
  if (base && (ours || theirs)) return conflict(versions, "modify/delete");
  return settled(ours ?? theirs);
}

function planBoth(versions: Versions, base: Slot | null, ours: Slot, theirs: Slot): PathPlan {
  const added = base === null ? "add/add" : null;
  if (typeOf(ours.mode) !== typeOf(theirs.mode)) return conflict(versions, added ?? "mode");
  const { mode, modeClean } = mergeModes(base, ours, theirs);
  const oid = mergeOids(base, ours, theirs);
  if (oid !== null) {
    return modeClean
      ? settled({ mode, oid })
      : { kind: "conflict", conflict: conflictOf(versions, added ?? "mode"), merged: { mode, oid } };
  }
  if (!isRegular(ours.mode)) return conflict(versions, added ?? "content");
  // A base of another type says nothing about the lines.
  const baseOid = base && isRegular(base.mode) ? base.oid : null;
  return { kind: "text", mode, modeClean, base: baseOid, ours: ours.oid, theirs: theirs.oid };
}

function mergeModes(base: Slot | null, ours: Slot, theirs: Slot): { mode: string; modeClean: boolean } {
  if (ours.mode === theirs.mode || ours.mode === base?.mode) return { mode: theirs.mode, modeClean: true };
  return { mode: ours.mode, modeClean: theirs.mode === base?.mode };
}

function mergeOids(base: Slot | null, ours: Slot, theirs: Slot): Oid | null {
  if (ours.oid === theirs.oid || ours.oid === base?.oid) return theirs.oid;
  return theirs.oid === base?.oid ? ours.oid : null;
}

function settled(slot: Slot | null): PathPlan {
  return { kind: "settled", slot };
}

function conflict(versions: Versions, kind: ConflictKind): PathPlan {
  return { kind: "conflict", conflict: conflictOf(versions, kind) };
}

/** The conflict of a path, with what each version holds there. */
export function conflictOf({ path, base, ours, theirs }: Versions, kind: ConflictKind): PathConflict {
  return {
    path,
    kind,
    base: base?.oid ?? null,
    ours: ours?.oid ?? null,
    theirs: theirs?.oid ?? null,
  };
}
