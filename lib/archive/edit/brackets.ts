import { isFirstOnLine, lineEnd, lineStart, nextLine, type SourceNode, type Spot } from "./source/source";
import type { Row } from "./block-lines";
import type { Splices } from "./splices";

const COMMENT_OR_END = /^[ \t]*(?:#.*)?$/;

/** Takes items out of lists and maps in brackets, and puts others in, on one line or with a line for each. */
export class Brackets {
  constructor(
    private readonly text: string,
    private readonly splices: Splices,
    private readonly eol: string,
    /** What stands between two items of one line. */
    private readonly gap: string,
  ) {}

  change({ start, end, spots }: SourceNode, rows: readonly Row[]): void {
    const kept = rows.filter((row) => typeof row !== "string");
    const last = kept.at(-1);
    const from = last ? spots.indexOf(last) + 1 : 0;
    const tail = spots.slice(from);
    const ending = spots.at(-1);
    const hasComma = ending !== undefined && this.#comma(ending) !== null;
    for (const spot of spots.slice(0, from)) if (!kept.includes(spot)) this.#remove(spot);
    const first = kept[0];
    if (last) this.#removeTail(last, tail, hasComma);
    else if (spots.length > 0) this.#removeAll({ start, end }, spots);
    if (!first) this.splices.insert(start + 1, rows.join(`,${this.gap}`));
    else this.#insertRows(rows, first, (spot) => spot === last && !hasComma);
  }

  #insertRows(rows: readonly Row[], first: Spot, isEnd: (spot: Spot) => boolean): void {
    let previous: Spot | undefined;
    let texts: string[] = [];
    for (const row of [...rows, undefined]) {
      if (typeof row === "string") {
        texts.push(row);
        continue;
      }
      if (texts.length > 0 && previous) this.#insertAfter(previous, texts, isEnd(previous));
      else if (texts.length > 0) this.#insertBefore(first, texts);
      previous = row;
      texts = [];
    }
  }

  /** The comma behind an item, which may stand behind comments. */
  #comma({ end }: Spot): number | null {
    let at = end;
    for (;;) {
      while (/\s/.test(this.text.charAt(at))) at++;
      if (this.text.charAt(at) !== "#") break;
      at = lineEnd(this.text, at);
    }
    return this.text.charAt(at) === "," ? at : null;
  }

  #isLast(offset: number): boolean {
    return COMMENT_OR_END.test(this.text.slice(offset, lineEnd(this.text, offset)));
  }

  /** Removes an item with its comma; with its line where it has one of its own. */
  #remove(spot: Spot): void {
    const comma = this.#comma(spot);
    let behind = comma === null ? spot.end : comma + 1;
    if (isFirstOnLine(this.text, spot.start) && this.#isLast(behind)) {
      this.splices.remove(lineStart(this.text, spot.start), nextLine(this.text, behind));
      return;
    }
    let { start } = spot;
    // The space between two items goes with one of them: with the one that follows it, if there is another before.
    while (/[ \t]/.test(this.text.charAt(start - 1))) start--;
    const isBehindOther = this.text.charAt(start - 1) === ",";
    if (!isBehindOther) {
      ({ start } = spot);
      while (/[ \t]/.test(this.text.charAt(behind))) behind++;
    }
    this.splices.remove(start, behind);
  }

  #removeTail(last: Spot, tail: readonly Spot[], hasComma: boolean): void {
    if (tail.length === 0) return;
    const comma = this.#comma(last);
    if (hasComma || comma === null) {
      for (const spot of tail) this.#remove(spot);
      return;
    }
    this.splices.remove(comma, comma + 1);
    let at = comma + 1;
    for (const spot of tail) {
      const own = this.#comma(spot);
      const behind = own === null ? spot.end : own + 1;
      const gap = this.text.slice(at, spot.start);
      // Comments stay, with the line break that ends them.
      const kept = gap.trimEnd() === "" ? 0 : gap.trimEnd().length;
      const isEnd = this.#isLast(behind);
      const ending = isEnd ? lineEnd(this.text, at + kept) : nextLine(this.text, at + kept);
      const from = kept === 0 ? at : ending;
      const isOwnLine = isFirstOnLine(this.text, spot.start);
      const to = own === null && isEnd && isOwnLine ? lineEnd(this.text, behind) : behind;
      this.splices.remove(from, to);
      at = behind;
    }
  }

  #removeAll({ start, end }: { start: number; end: number }, spots: readonly Spot[]): void {
    const between = [...spots.map((spot) => spot.start), end - 1].map((next, at) =>
      this.text.slice(spots[at - 1]?.end ?? start + 1, next),
    );
    const isOnLines = between[0]?.includes("\n") ?? false;
    if (isOnLines && !between.some((gap) => gap.includes("#"))) {
      this.splices.remove(start + 1, end - 1);
      return;
    }
    for (const spot of spots) {
      const comma = this.#comma(spot);
      const behind = comma === null ? spot.end : comma + 1;
      const next = spots[spots.indexOf(spot) + 1];
      const isClose = next && this.text.slice(behind, next.start).trim() === "";
      this.splices.remove(spot.start, isClose ? next.start : behind);
    }
  }

  #insertAfter(spot: Spot, texts: readonly string[], isEnd: boolean): void {
    const gap = this.#gapBefore(spot);
    const isOnLine = gap.includes("\n");
    const text = gap + texts.join(`,${gap}`);
    const comma = this.#comma(spot);
    if (isEnd) {
      this.splices.insert(spot.end, ",");
      const at = isOnLine && this.#isLast(spot.end) ? lineEnd(this.text, spot.end) : spot.end;
      this.splices.insert(at, text);
      return;
    }
    const space = this.text.slice(spot.end, comma ?? spot.end);
    if (space.includes("\n") && space.trim() === "") {
      // Commas that begin their lines go on doing so.
      this.splices.insert(spot.end, texts.map((one) => `${space}, ${one}`).join(""));
      return;
    }
    const behind = (comma ?? spot.end) + 1;
    const at = isOnLine && this.#isLast(behind) ? lineEnd(this.text, behind) : behind;
    this.splices.insert(at, `${text},`);
  }

  #insertBefore(spot: Spot, texts: readonly string[]): void {
    this.splices.insert(spot.start, texts.map((text) => `${text},${this.#gapBefore(spot)}`).join(""));
  }

  #gapBefore({ start }: Spot): string {
    if (!isFirstOnLine(this.text, start)) return this.gap;
    return this.eol + this.text.slice(lineStart(this.text, start), start);
  }
}
