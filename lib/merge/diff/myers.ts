import type { Effort } from "./effort";
import { middleOf, type Box, type Trails } from "./middle";
import type { Span } from "./side";

/** A line that stands for a common one may be left out up to this many occurrences in the other text. */
const MOST_COMMON = 1024;
const LEAST_COST_LIMIT = 256;
/** How far around a common line its surroundings are looked at. */
const SURROUNDINGS = 100;
/** A common line is dropped when fewer than one in this many around it have a partner. */
const KEPT_SHARE = 4;

/** The lines of a span that take part in the search. */
interface Candidates {
  span: Span;
  ids: Int32Array;
  /** Line of each candidate in the text. */
  lines: Int32Array;
}

/**
 * Marks the changed lines of two spans as git's default algorithm does: Myers' linear-space search with the
 * same shortcuts, since the choice among equally short results decides where merges are clean.
 */
export function markByMyers(left: Span, right: Span, effort: Effort): void {
  const inner = withoutCommonEnds(left, right);
  const [a, b] = candidates(left, right, inner);
  const diagonals = a.ids.length + b.ids.length + 3;
  const trails: Trails = {
    forward: new Int32Array(diagonals + 1),
    backward: new Int32Array(diagonals + 1),
    origin: b.ids.length + 1,
    costLimit: Math.max(roughRoot(diagonals), LEAST_COST_LIMIT),
  };
  const boxes: Box[] = [{ fromA: 0, toA: a.ids.length, fromB: 0, toB: b.ids.length, exact: false }];
  for (let box = boxes.pop(); box; box = boxes.pop()) {
    shrink(box, a.ids, b.ids);
    effort.spend(1);
    if (box.fromA === box.toA) mark(b, box.fromB, box.toB);
    else if (box.fromB === box.toB) mark(a, box.fromA, box.toA);
    else boxes.push(...halves(box, middleOf(box, a.ids, b.ids, trails, effort)));
  }
}

function halves(box: Box, middle: ReturnType<typeof middleOf>): [Box, Box] {
  return [
    { fromA: box.fromA, toA: middle.a, fromB: box.fromB, toB: middle.b, exact: middle.exactBefore },
    { fromA: middle.a, toA: box.toA, fromB: middle.b, toB: box.toB, exact: middle.exactAfter },
  ];
}

function shrink(box: Box, a: Int32Array, b: Int32Array): void {
  while (box.fromA < box.toA && box.fromB < box.toB && a[box.fromA] === b[box.fromB]) {
    box.fromA++;
    box.fromB++;
  }
  while (box.fromA < box.toA && box.fromB < box.toB && a[box.toA - 1] === b[box.toB - 1]) {
    box.toA--;
    box.toB--;
  }
}

function mark(candidates: Candidates, from: number, to: number): void {
  for (let index = from; index < to; index++) {
    candidates.span.side.changed[candidates.lines[index] ?? 0] = 1;
  }
}

function withoutCommonEnds(left: Span, right: Span): { head: number; tail: number } {
  const a = left.side.ids;
  const b = right.side.ids;
  const most = Math.min(left.to - left.from, right.to - right.from);
  let head = 0;
  while (head < most && a[left.from + head] === b[right.from + head]) head++;
  let tail = 0;
  while (tail < most - head && a[left.to - 1 - tail] === b[right.to - 1 - tail]) tail++;
  return { head, tail };
}

/** Drops lines that have no partner at all, and common ones that stand among such lines. */
function candidates(left: Span, right: Span, ends: { head: number; tail: number }): [Candidates, Candidates] {
  const inLeft = occurrences(left);
  const inRight = occurrences(right);
  return [select(left, inRight, ends), select(right, inLeft, ends)];
}

function occurrences({ side, from, to }: Span): Map<number, number> {
  const counts = new Map<number, number>();
  for (let line = from; line < to; line++) {
    const id = side.ids[line] ?? 0;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

const enum Partners {
  None,
  Few,
  Many,
}

function select(span: Span, partners: Map<number, number>, ends: { head: number; tail: number }): Candidates {
  const { side } = span;
  const from = span.from + ends.head;
  const to = span.to - ends.tail;
  const many = Math.min(roughRoot(span.to - span.from), MOST_COMMON);
  const kinds = new Uint8Array(to - from);
  for (let line = from; line < to; line++) {
    const count = partners.get(side.ids[line] ?? 0) ?? 0;
    kinds[line - from] = count === 0 ? Partners.None : count >= many ? Partners.Many : Partners.Few;
  }
  const lines = new Int32Array(to - from);
  let kept = 0;
  for (let line = from; line < to; line++) {
    const kind = kinds[line - from];
    if (kind === Partners.Few || (kind === Partners.Many && !isAmongUnmatched(kinds, line - from))) {
      lines[kept++] = line;
    } else {
      side.changed[line] = 1;
    }
  }
  const chosen = lines.subarray(0, kept);
  return { span, lines: chosen, ids: chosen.map((line) => side.ids[line] ?? 0) };
}

function isAmongUnmatched(kinds: Uint8Array, at: number): boolean {
  const before = run(kinds, at, -1);
  if (before.unmatched === 0) return false;
  const after = run(kinds, at, 1);
  if (after.unmatched === 0) return false;
  // The line itself counts once for each direction.
  const common = before.common + after.common + 2;
  return common * KEPT_SHARE < common + before.unmatched + after.unmatched;
}

function run(kinds: Uint8Array, at: number, step: 1 | -1): { unmatched: number; common: number } {
  const found = { unmatched: 0, common: 0 };
  for (let distance = 1; distance <= SURROUNDINGS; distance++) {
    const kind = kinds[at + distance * step];
    if (kind === Partners.None) found.unmatched++;
    else if (kind === Partners.Many) found.common++;
    else break;
  }
  return found;
}

/** The power of two near the square root that git's limits are derived from. */
function roughRoot(value: number): number {
  let root = 1;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 4)) root *= 2;
  return root;
}
