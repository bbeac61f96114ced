import type { Effort } from "./effort";
import { markByHistogram } from "./histogram";
import type { Lines } from "./lines";
import { markByMyers } from "./myers";
import { newSide, type Side } from "./side";
import { slideChanges } from "./slide";

/** How the lines that stay are chosen among equally good ones. */
export type Algorithm = "histogram" | "myers";

/** Lines `base` to `base + removed` became lines `at` to `at + added`. */
export interface Change {
  base: number;
  removed: number;
  at: number;
  added: number;
}

/** The changes from `base` to `next`, in order; throws TooMuchEffort. */
export function changesBetween(
  base: Lines,
  next: Lines,
  options: { algorithm: Algorithm; lineNumbers: number; effort: Effort },
): Change[] {
  const a = newSide(base.ids);
  const b = newSide(next.ids);
  if (options.algorithm === "histogram") markByHistogram(a, b, options.lineNumbers, options.effort);
  else {
    markByMyers(
      { side: a, from: 0, to: a.ids.length },
      { side: b, from: 0, to: b.ids.length },
      options.effort,
    );
  }
  slideChanges(a, b);
  slideChanges(b, a);
  return collect(a, b);
}

function collect(a: Side, b: Side): Change[] {
  const changes: Change[] = [];
  let base = 0;
  let at = 0;
  while (base < a.ids.length || at < b.ids.length) {
    let removed = 0;
    let added = 0;
    while (a.changed[base + removed] === 1) removed++;
    while (b.changed[at + added] === 1) added++;
    if (removed > 0 || added > 0) changes.push({ base, removed, at, added });
    base += removed + 1;
    at += added + 1;
  }
  return changes;
}
