import { changesBetween, type Algorithm, type Change } from "./diff/changes";
import { Effort, TooMuchEffort } from "./diff/effort";
import { countLines, LineTable, type Lines } from "./diff/lines";

/** What became of three versions of a text. */
export type TextMerge = { kind: "merged"; bytes: Uint8Array } | { kind: "conflict" };

export interface TextMergeOptions {
  /** `git merge` compares by histogram, `git merge-file` by myers. */
  algorithm?: Algorithm;
  /** What several merges may spend together. */
  effort?: Effort;
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
  { algorithm = "histogram", effort = new Effort(MOST_STEPS) }: TextMergeOptions = {},
): TextMerge {
  if (isEqual(ours, theirs) || isEqual(base, theirs)) return { kind: "merged", bytes: ours };
  if (isEqual(base, ours)) return { kind: "merged", bytes: theirs };
  if (isBinary(base) || isBinary(ours) || isBinary(theirs)) return { kind: "conflict" };
  if (countLines(base) + countLines(ours) + countLines(theirs) > 3 * MOST_LINES) return { kind: "conflict" };
  try {
    return mergeLines(base, ours, theirs, { algorithm, effort });
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
  { algorithm, effort }: Required<TextMergeOptions>,
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
    if (hunk.from === "both" && !hasSameLines(hunk, ours, theirs)) return { kind: "conflict" };
  }
  return { kind: "merged", bytes: assemble(hunks, ours, theirs) };
}

interface Version {
  lines: Lines;
  changes: readonly Change[];
}

/** A changed stretch of the result, as lines of each side; `both`: each side changed it. */
interface Hunk {
  from: "ours" | "theirs" | "both";
  ours: number;
  oursCount: number;
  theirs: number;
  theirsCount: number;
}

/** Walks both lists of changes; a change that both sides made alike needs no hunk, since ours has it. */
function combine(ours: Version, theirs: Version): Hunk[] {
  const hunks: Hunk[] = [];
  let i = 0;
  let j = 0;
  // How many lines each side is ahead of the base after the changes already passed.
  let oursShift = 0;
  let theirsShift = 0;
  for (;;) {
    const mine = ours.changes[i];
    const other = theirs.changes[j];
    if (mine && (!other || mine.base + mine.removed < other.base)) {
      append(hunks, {
        from: "ours",
        ours: mine.at,
        oursCount: mine.added,
        theirs: mine.base + (other ? other.at - other.base : theirsShift),
        theirsCount: mine.removed,
      });
      oursShift = shiftAfter(mine);
      i++;
    } else if (other && (!mine || other.base + other.removed < mine.base)) {
      append(hunks, {
        from: "theirs",
        ours: other.base + (mine ? mine.at - mine.base : oursShift),
        oursCount: other.removed,
        theirs: other.at,
        theirsCount: other.added,
      });
      theirsShift = shiftAfter(other);
      j++;
    } else if (mine && other) {
      if (!isSameChange(mine, other, ours.lines, theirs.lines)) append(hunks, overlap(mine, other));
      const end = mine.base + mine.removed;
      const otherEnd = other.base + other.removed;
      if (end >= otherEnd) {
        theirsShift = shiftAfter(other);
        j++;
      }
      if (otherEnd >= end) {
        oursShift = shiftAfter(mine);
        i++;
      }
    } else return hunks;
  }
}

function shiftAfter(change: Change): number {
  return change.at + change.added - (change.base + change.removed);
}

function isSameChange(mine: Change, other: Change, ours: Lines, theirs: Lines): boolean {
  if (mine.base !== other.base || mine.removed !== other.removed || mine.added !== other.added) return false;
  for (let line = 0; line < mine.added; line++) {
    if (ours.ids[mine.at + line] !== theirs.ids[other.at + line]) return false;
  }
  return true;
}

/** The stretch that two overlapping or touching changes cover together. */
function overlap(mine: Change, other: Change): Hunk {
  const first = Math.min(mine.base, other.base);
  const last = Math.max(mine.base + mine.removed, other.base + other.removed);
  const start = (change: Change) => change.at - (change.base - first);
  const end = (change: Change) => change.at + change.added + (last - (change.base + change.removed));
  return {
    from: "both",
    ours: start(mine),
    oursCount: end(mine) - start(mine),
    theirs: start(other),
    theirsCount: end(other) - start(other),
  };
}

/** Adds a hunk; one that touches the hunk before it on either side becomes one with it. */
function append(hunks: Hunk[], hunk: Hunk): void {
  const last = hunks.at(-1);
  if (!last || (hunk.ours > last.ours + last.oursCount && hunk.theirs > last.theirs + last.theirsCount)) {
    hunks.push(hunk);
    return;
  }
  if (hunk.from !== last.from) last.from = "both";
  last.oursCount = hunk.ours + hunk.oursCount - last.ours;
  last.theirsCount = hunk.theirs + hunk.theirsCount - last.theirs;
}

function hasSameLines(hunk: Hunk, ours: Lines, theirs: Lines): boolean {
  // Git keeps a conflict with an empty side, even where nothing is left on the other.
  if (hunk.oursCount === 0 || hunk.oursCount !== hunk.theirsCount) return false;
  for (let line = 0; line < hunk.oursCount; line++) {
    if (ours.ids[hunk.ours + line] !== theirs.ids[hunk.theirs + line]) return false;
  }
  return true;
}

function assemble(hunks: readonly Hunk[], ours: Lines, theirs: Lines): Uint8Array {
  const parts: Uint8Array[] = [];
  let next = 0;
  for (const hunk of hunks) {
    if (hunk.from !== "theirs") continue;
    parts.push(slice(ours, next, hunk.ours), slice(theirs, hunk.theirs, hunk.theirs + hunk.theirsCount));
    next = hunk.ours + hunk.oursCount;
  }
  parts.push(slice(ours, next, ours.ids.length));
  return Buffer.concat(parts);
}

function slice(lines: Lines, from: number, to: number): Uint8Array {
  return lines.bytes.subarray(lines.starts[from], lines.starts[to]);
}
