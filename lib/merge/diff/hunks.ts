import type { Change } from "./changes";
import type { Lines } from "./lines";

/** One side of a merge, and what it changed of the base. */
export interface Version {
  lines: Lines;
  changes: readonly Change[];
}

/** A changed stretch of the result, as lines of each side; `both`: each side changed it, `same`: alike. */
export interface Hunk {
  from: "ours" | "theirs" | "both" | "same";
  ours: number;
  oursCount: number;
  theirs: number;
  theirsCount: number;
}

/** Walks both lists of changes; a change that both sides made alike needs no hunk, since ours has it. */
export function combine(ours: Version, theirs: Version): Hunk[] {
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

/** Whether both sides of a hunk ended up with the same lines, which is no conflict. */
export function hasSameLines(hunk: Hunk, ours: Lines, theirs: Lines): boolean {
  // Git keeps a conflict with an empty side, even where nothing is left on the other.
  if (hunk.oursCount === 0 || hunk.oursCount !== hunk.theirsCount) return false;
  for (let line = 0; line < hunk.oursCount; line++) {
    if (ours.ids[hunk.ours + line] !== theirs.ids[hunk.theirs + line]) return false;
  }
  return true;
}
