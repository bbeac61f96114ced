import { own } from "@/lib/domain/own";
import { isFields, sameValue } from "./values";

/** Where the items of a new list come from. */
export interface Alignment {
  /** For each new item the old one that stays in its place and becomes it; null for one that comes anew. */
  places: readonly (number | null)[];
  /** New items that say what an old one said that stood elsewhere. */
  moved: ReadonlyMap<number, number>;
}

/** Above so many comparisons, items are matched in their order only. */
const MAX_CELLS = 250_000;

/** A value as text that is the same for the same value. */
function fingerprint(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isFields(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

/** How alike two values are, from 0 to 1. */
function likeness(left: unknown, right: unknown): number {
  if (sameValue(left, right)) return 1;
  if (Array.isArray(left) && Array.isArray(right)) return 0.3;
  if (!isFields(left) || !isFields(right)) return typeof left === typeof right ? 0.1 : 0.05;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  let points = 0;
  for (const name of names) {
    if (!Object.hasOwn(left, name) || !Object.hasOwn(right, name)) continue;
    points += sameValue(own(left, name), own(right, name)) ? 1 : 0.4;
  }
  return 0.1 + (0.8 * points) / Math.max(1, names.size);
}

/** Matches two sequences in their order so that what is matched is as alike as can be. */
function matched(
  rows: number,
  columns: number,
  score: (row: number, column: number) => number,
): (number | null)[] {
  const found = new Array<number | null>(columns).fill(null);
  if (rows * columns > MAX_CELLS) {
    for (let at = 0; at < Math.min(rows, columns); at++) found[at] = at;
    return found;
  }
  const width = columns + 1;
  const best = new Float64Array((rows + 1) * width);
  const at = (row: number, column: number) => best[row * width + column] ?? 0;
  const scores = new Float64Array(rows * columns);
  for (let row = rows - 1; row >= 0; row--)
    for (let column = columns - 1; column >= 0; column--) {
      const here = score(row, column);
      scores[row * columns + column] = here;
      const paired = here > 0 ? here + at(row + 1, column + 1) : 0;
      best[row * width + column] = Math.max(paired, at(row + 1, column), at(row, column + 1));
    }
  for (let row = 0, column = 0; row < rows && column < columns;) {
    const here = scores[row * columns + column] ?? 0;
    if (here > 0 && at(row, column) === here + at(row + 1, column + 1)) found[column++] = row++;
    else if (at(row, column) === at(row + 1, column)) row++;
    else column++;
  }
  return found;
}

/** Matches the items of an old list and a new one: equal ones first, and between those the ones that are most alike. */
export function align(before: readonly unknown[], after: readonly unknown[]): Alignment {
  const old = before.map(fingerprint);
  const next = after.map(fingerprint);
  let head = 0;
  while (head < Math.min(old.length, next.length) && old[head] === next[head]) head++;
  let tail = 0;
  const room = Math.min(old.length, next.length) - head;
  while (tail < room && old[old.length - 1 - tail] === next[next.length - 1 - tail]) tail++;
  const rows = old.length - head - tail;
  const columns = next.length - head - tail;
  const equal = matched(rows, columns, (row, column) => (old[head + row] === next[head + column] ? 1 : 0));
  const places: (number | null)[] = [
    ...Array.from({ length: head }, (_, at) => at),
    ...equal.map((row) => (row === null ? null : row + head)),
    ...Array.from({ length: tail }, (_, at) => old.length - tail + at),
  ];
  if (rows * columns > MAX_CELLS) return { places, moved: new Map() };
  const moved = movedItems(places, old, next);
  const taken = new Set(moved.values());
  fillGaps(places, old.length, (row, column) =>
    taken.has(row) || moved.has(column) ? 0 : likeness(before[row], after[column]),
  );
  return { places, moved };
}

function movedItems(
  places: readonly (number | null)[],
  old: readonly string[],
  next: readonly string[],
): Map<number, number> {
  const kept = new Set(places);
  const free = new Map<string, number[]>();
  for (const [at, text] of old.entries()) if (!kept.has(at)) free.set(text, [...(free.get(text) ?? []), at]);
  const moved = new Map<number, number>();
  for (const [at, place] of places.entries()) {
    const from = place === null ? free.get(next[at] ?? "")?.shift() : undefined;
    if (from !== undefined) moved.set(at, from);
  }
  return moved;
}

function fillGaps(
  places: (number | null)[],
  count: number,
  score: (row: number, column: number) => number,
): void {
  for (let from = 0; from < places.length; from++) {
    if (places[from] !== null) continue;
    let to = from;
    while (to < places.length && places[to] === null) to++;
    const low = from === 0 ? 0 : (places[from - 1] ?? -1) + 1;
    const high = to === places.length ? count : (places[to] ?? count);
    const start = from;
    const gap = matched(high - low, to - from, (row, column) => score(low + row, start + column));
    for (const [at, row] of gap.entries()) if (row !== null) places[from + at] = row + low;
    from = to;
  }
}
