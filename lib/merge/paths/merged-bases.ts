import type { Oid } from "@/lib/domain/workspace";
import type { Effort } from "../diff/effort";
import type { Markers } from "../diff/markers";
import { isBinary, mergeText } from "../text";
import type { Slot, Versions } from "../types";
import { planPath, type TextPlan } from "./plan";

/** A merge of merge bases. */
export interface MergedBases {
  /** 1 for the bases of what is merged, one more for the bases of those. */
  depth: number;
  /** Makes the content that stands for a path at which git's answer is not certain. */
  standIn: (path: string) => Oid;
}

interface Contents {
  /** How many characters a marker has. */
  markerSize: number;
  effort: Effort;
  bytes(oid: Oid): Uint8Array;
  putBlob(bytes: Uint8Array): Oid;
}

const SUBMODULE = "160000";
const EMPTY = new Uint8Array();
/** Markers of merged bases are longer, so that git tells them from those of the merge itself. */
const MARKER_SIZE = 7;
const MORE_PER_DEPTH = 2;
const MORE_FOR_RENAMES = 1;

export function markerSize(depth: number, of: "path" | "rename"): number {
  return MARKER_SIZE + MORE_PER_DEPTH * depth + (of === "rename" ? MORE_FOR_RENAMES : 0);
}

/**
 * What git's merge of merge bases holds at a path. In a conflict that is the text with its markers, and for
 * anything else what both started from.
 */
export function slotInMergedBases(versions: Versions, contents: Contents): Slot | null | "unknown" {
  const plan = planPath(versions);
  if (plan.kind === "settled") return plan.slot;
  if (plan.kind === "text") return mergedText(versions, plan, contents);
  if (plan.merged) return plan.merged;
  const { base, ours, theirs } = versions;
  // Git may look into a submodule to find the later commit.
  const areSubmodules = [base, ours, theirs].every((slot) => slot?.mode === SUBMODULE);
  return areSubmodules ? "unknown" : base;
}

function mergedText(
  versions: Versions,
  plan: TextPlan,
  { markerSize, effort, ...contents }: Contents,
): Slot | "unknown" {
  const base = plan.base === null ? EMPTY : contents.bytes(plan.base);
  const ours = contents.bytes(plan.ours);
  const theirs = contents.bytes(plan.theirs);
  if ([base, ours, theirs].some(isBinary)) {
    return { mode: plan.mode, oid: plan.base ?? contents.putBlob(EMPTY) };
  }
  const merged = mergeText(base, ours, theirs, { effort, markers: markersFor(versions, markerSize) });
  const bytes = merged.kind === "merged" ? merged.bytes : merged.marked;
  return bytes ? { mode: plan.mode, oid: contents.putBlob(bytes) } : "unknown";
}

function markersFor({ from }: Versions, size: number): Markers {
  const label = (number: number, path: string | undefined) =>
    `Temporary merge branch ${String(number)}${path === undefined ? "" : `:${path}`}`;
  return {
    size,
    ours: label(1, from?.ours),
    theirs: label(2, from?.theirs),
  };
}
