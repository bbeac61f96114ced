import type { Effort } from "./effort";
import { markByMyers } from "./myers";
import type { Side } from "./side";

/** Lines that occur more often than this never start a match. */
const MOST_OCCURRENCES = 64;

interface Region {
  fromA: number;
  toA: number;
  fromB: number;
  toB: number;
}

/** Equal runs: lines `a` to `a + length` of A are lines `b` to `b + length` of B. */
interface Run {
  a: number;
  b: number;
  length: number;
}

/**
 * Marks the changed lines of two texts as git's histogram algorithm does, which merges use: around the longest
 * run that contains the rarest line, region by region; by Myers where every common line is too frequent.
 */
export function markByHistogram(a: Side, b: Side, lineNumbers: number, effort: Effort): void {
  const index = new OccurrenceIndex(a, b, lineNumbers);
  const regions: Region[] = [{ fromA: 0, toA: a.ids.length, fromB: 0, toB: b.ids.length }];
  for (let region = regions.pop(); region; region = regions.pop()) {
    effort.spend(1);
    if (region.fromA === region.toA) b.changed.fill(1, region.fromB, region.toB);
    else if (region.fromB === region.toB) a.changed.fill(1, region.fromA, region.toA);
    else divide(region);
  }

  function divide(region: Region): void {
    const found = index.find(region, effort);
    if (found === "frequent") {
      markByMyers(
        { side: a, from: region.fromA, to: region.toA },
        { side: b, from: region.fromB, to: region.toB },
        effort,
      );
    } else if (found === null) {
      a.changed.fill(1, region.fromA, region.toA);
      b.changed.fill(1, region.fromB, region.toB);
    } else {
      regions.push({ ...region, fromA: found.a + found.length, fromB: found.b + found.length });
      regions.push({ ...region, toA: found.a, toB: found.b });
    }
  }
}

class OccurrenceIndex {
  private readonly counts: Int32Array;
  private readonly first: Int32Array;
  /** The next line of A, within the region, that equals this one; -1: none. */
  private readonly next: Int32Array;

  constructor(
    private readonly a: Side,
    private readonly b: Side,
    lineNumbers: number,
  ) {
    this.counts = new Int32Array(lineNumbers);
    this.first = new Int32Array(lineNumbers);
    this.next = new Int32Array(a.ids.length);
  }

  /** The best run of a region; null: nothing in common; "frequent": only lines too frequent to start from. */
  find(region: Region, effort: Effort): Run | null | "frequent" {
    this.fill(region, effort);
    const best = new BestRun();
    for (let line = region.fromB; line < region.toB;) line = this.extend(region, line, best, effort);
    this.clear(region);
    if (best.sawCommon && best.rarest > MOST_OCCURRENCES) return "frequent";
    return best.run;
  }

  private fill({ fromA, toA }: Region, effort: Effort): void {
    effort.spend(toA - fromA);
    for (let line = toA - 1; line >= fromA; line--) {
      const id = this.a.ids[line] ?? 0;
      const count = this.counts[id] ?? 0;
      this.next[line] = count > 0 ? (this.first[id] ?? -1) : -1;
      this.first[id] = line;
      this.counts[id] = count + 1;
    }
  }

  private clear({ fromA, toA }: Region): void {
    for (let line = fromA; line < toA; line++) this.counts[this.a.ids[line] ?? 0] = 0;
  }

  private occurrencesAt(line: number): number {
    return this.counts[this.a.ids[line] ?? 0] ?? 0;
  }

  /** Tries every place of A where a line of B occurs; answers the line of B to go on with. */
  private extend(region: Region, line: number, best: BestRun, effort: Effort): number {
    const id = this.b.ids[line] ?? 0;
    const count = this.counts[id] ?? 0;
    let goOn = line + 1;
    effort.spend(1);
    if (count === 0) return goOn;
    best.sawCommon = true;
    if (count > best.rarest) return goOn;
    let at = this.first[id] ?? -1;
    while (at >= 0) {
      const { run, rarest } = this.grow(region, at, line, count);
      effort.spend(run.length);
      goOn = Math.max(goOn, run.b + run.length);
      best.offer(run, rarest);
      // Occurrences inside the run just tried would give the same run or a shorter one.
      let following = this.next[at] ?? -1;
      while (following >= 0 && following < run.a + run.length) following = this.next[following] ?? -1;
      at = following;
    }
    return goOn;
  }

  private grow(region: Region, a: number, b: number, count: number): { run: Run; rarest: number } {
    const left = this.a.ids;
    const right = this.b.ids;
    let start = 0;
    let end = 1;
    let rarest = count;
    while (
      a + start > region.fromA &&
      b + start > region.fromB &&
      left[a + start - 1] === right[b + start - 1]
    ) {
      start--;
      if (rarest > 1) rarest = Math.min(rarest, this.occurrencesAt(a + start));
    }
    while (a + end < region.toA && b + end < region.toB && left[a + end] === right[b + end]) {
      if (rarest > 1) rarest = Math.min(rarest, this.occurrencesAt(a + end));
      end++;
    }
    return { run: { a: a + start, b: b + start, length: end - start }, rarest };
  }
}

class BestRun {
  run: Run | null = null;
  rarest = MOST_OCCURRENCES + 1;
  sawCommon = false;

  offer(run: Run, rarest: number): void {
    // A single line has to be rarer than what is known; it never wins by its length.
    const longest = this.run?.length ?? 1;
    if (run.length <= longest && rarest >= this.rarest) return;
    this.run = run;
    this.rarest = rarest;
  }
}
