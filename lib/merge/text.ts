import { changesBetween, type Algorithm } from "./diff/changes";
import { Effort, TooMuchEffort } from "./diff/effort";
import { combine, hasSameLines, type Hunk } from "./diff/hunks";
import { countLines, LineTable, slice } from "./diff/lines";
import { conflictLines, refineConflicts, type Markers, type ThreeTexts } from "./diff/markers";

/** What became of three versions of a text; `marked`: with its conflicts between markers, where asked for. */
export type TextMerge = { kind: "merged"; bytes: Uint8Array } | { kind: "conflict"; marked?: Uint8Array };

export interface TextMergeOptions {
  /** `git merge` compares by histogram, `git merge-file` by myers. */
  algorithm?: Algorithm;
  /** What several merges may spend together. */
  effort?: Effort;
  /** Asks for the text of a conflict as git writes it; there is none for what was not compared by line. */
  markers?: Markers;
}

/** Beyond these a merge is left to a person instead of holding up the server. */
const MOST_LINES = 100_000;
const MOST_STEPS = 20_000_000;
/** Git looks for a NUL this far to tell binary from text. */
const BINARY_PROBE = 8000;

/** Whether git takes these bytes for binary, which it never merges by line. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, BINARY_PROBE).includes(0);
}

/**
 * Merges two versions of a text by line as git does: the same bytes where git is clean, a conflict where git
 * has one. Bytes are never decoded. Binary content that changed on both sides, and texts too large to compare
 * in reasonable time, are conflicts.
 */
export function mergeText(
  base: Uint8Array,
  ours: Uint8Array,
  theirs: Uint8Array,
  { algorithm = "histogram", effort = new Effort(MOST_STEPS), markers }: TextMergeOptions = {},
): TextMerge {
  if (isEqual(ours, theirs) || isEqual(base, theirs)) return { kind: "merged", bytes: ours };
  if (isEqual(base, ours)) return { kind: "merged", bytes: theirs };
  if (isBinary(base) || isBinary(ours) || isBinary(theirs)) return { kind: "conflict" };
  if (countLines(base) + countLines(ours) + countLines(theirs) > 3 * MOST_LINES) return { kind: "conflict" };
  try {
    return mergeLines(base, ours, theirs, { algorithm, effort, markers });
  } catch (error) {
    if (error instanceof TooMuchEffort) return { kind: "conflict" };
    throw error;
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && Buffer.compare(one, other) === 0;
}

function mergeLines(
  baseBytes: Uint8Array,
  oursBytes: Uint8Array,
  theirsBytes: Uint8Array,
  { algorithm, effort, markers }: { algorithm: Algorithm; effort: Effort; markers: Markers | undefined },
): TextMerge {
  const table = new LineTable();
  const base = table.split(baseBytes);
  const ours = table.split(oursBytes);
  const theirs = table.split(theirsBytes);
  const options = { algorithm, lineNumbers: table.size, effort };
  const hunks = combine(
    { lines: ours, changes: changesBetween(base, ours, options) },
    { lines: theirs, changes: changesBetween(base, theirs, options) },
  );
  for (const hunk of hunks) {
    if (hunk.from === "both" && hasSameLines(hunk, ours, theirs)) hunk.from = "same";
  }
  const texts = { base, ours, theirs };
  if (!hunks.some((hunk) => hunk.from === "both")) return { kind: "merged", bytes: assemble(hunks, texts) };
  if (!markers) return { kind: "conflict" };
  const refined = refineConflicts(hunks, texts, { algorithm, effort });
  return { kind: "conflict", marked: assemble(refined, texts, markers) };
}

/** The text that these hunks make of ours. */
function assemble(hunks: readonly Hunk[], texts: ThreeTexts, markers?: Markers): Uint8Array {
  const { ours, theirs } = texts;
  const parts: Uint8Array[] = [];
  let next = 0;
  for (const hunk of hunks) {
    if (hunk.from === "ours" || hunk.from === "same") continue;
    parts.push(slice(ours, next, hunk.ours));
    if (hunk.from === "both" && markers) parts.push(...conflictLines(hunk, texts, markers));
    else parts.push(slice(theirs, hunk.theirs, hunk.theirs + hunk.theirsCount));
    next = hunk.ours + hunk.oursCount;
  }
  parts.push(slice(ours, next, ours.ids.length));
  return Buffer.concat(parts);
}
