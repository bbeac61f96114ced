import {
  blockEnd,
  columnOf,
  commentStart,
  isFirstOnLine,
  lineEnd,
  nextLine,
  type Range,
  type Spot,
} from "./source/source";
import type { Splices } from "./splices";

/** A line of a changed list or map: one that stays in its place, or the text of one that comes. */
export type Row = Spot | string;

/** Takes lines out of lists and maps that have a line for each entry, and puts others in. */
export class BlockLines {
  constructor(
    private readonly text: string,
    private readonly splices: Splices,
    private readonly eol: string,
  ) {}

  /** An entry's lines with the comments right above it, to be put elsewhere. */
  lines({ start, end }: Spot): string {
    const column = columnOf(this.text, start);
    const isFirst = isFirstOnLine(this.text, start);
    const from = isFirst ? commentStart(this.text, start) : start;
    return (isFirst ? "" : " ".repeat(column)) + this.text.slice(from, blockEnd(this.text, end, column));
  }

  /** `spots`: what stands there. Entries that are no row go; those in `moved` take the comments above them along. */
  change(spots: readonly Spot[], rows: readonly Row[], moved: ReadonlySet<Spot> = new Set()): void {
    const kept = new Set(rows.filter((row) => typeof row !== "string"));
    this.#remove(spots, kept, moved);
    let previous: Spot | undefined;
    for (const row of rows) {
      if (typeof row !== "string") previous = row;
      else if (previous)
        this.splices.insert(
          blockEnd(this.text, previous.end, columnOf(this.text, previous.start)),
          this.eol + row,
        );
      else this.#insertFirst(spots[0], row);
    }
  }

  #insertFirst(first: Spot | undefined, row: string): void {
    const start = first?.start ?? 0;
    const column = columnOf(this.text, start);
    if (isFirstOnLine(this.text, start)) this.splices.insert(commentStart(this.text, start), row + this.eol);
    else this.splices.insert(start, row.trimStart() + this.eol + " ".repeat(column));
  }

  #remove(spots: readonly Spot[], kept: ReadonlySet<Spot>, moved: ReadonlySet<Spot>): void {
    const rest = this.#removeCompact(spots, kept);
    const ranges: Range[] = [];
    for (const spot of rest) {
      if (kept.has(spot)) continue;
      const last = blockEnd(this.text, spot.end, columnOf(this.text, spot.start));
      const first = commentStart(this.text, spot.start);
      const start = moved.has(spot) ? first : spot.start - columnOf(this.text, spot.start);
      const range = ranges.at(-1);
      if (range?.end === start) range.end = nextLine(this.text, last);
      else ranges.push({ start, end: nextLine(this.text, last) });
    }
    for (const { start, end } of ranges) {
      const isLast =
        end === this.text.length && !this.text.endsWith("\n") && this.text.charAt(start - 1) === "\n";
      // A file without a line break at its end has none afterwards.
      const before = isLast ? lineEnd(this.text, start - 1) : start;
      this.splices.remove(this.text.charAt(before - 1) === "\r" && isLast ? before - 1 : before, end);
    }
  }

  /** Takes out the first entries where they stand behind a hyphen; what follows takes their place. */
  #removeCompact(spots: readonly Spot[], kept: ReadonlySet<Spot>): readonly Spot[] {
    const [first] = spots;
    if (!first || kept.has(first) || isFirstOnLine(this.text, first.start)) return spots;
    const at = spots.findIndex((spot) => kept.has(spot));
    const next = spots[at];
    const column = columnOf(this.text, first.start);
    const ends = spots.slice(0, at).map(({ end }) => blockEnd(this.text, end, column));
    const isClose = ends.every((end, index) => this.text.slice(end, spots[index + 1]?.start).trim() === "");
    if (next && isClose) {
      this.splices.remove(first.start, next.start);
      return spots.slice(at);
    }
    const bare = this.text.slice(0, first.start).replace(/[ \t]+$/, "").length;
    this.splices.remove(bare, blockEnd(this.text, first.end, column));
    return spots.slice(1);
  }
}
