import { changesBetween, type Algorithm } from "./changes";
import type { Effort } from "./effort";
import type { Hunk } from "./hunks";
import { LineTable, slice, type Lines } from "./lines";

/** How a conflict is written into a text: the length of its markers, and the names of both sides. */
export interface Markers {
  size: number;
  ours: string;
  theirs: string;
}

/** Three versions of a text, numbered by one table. */
export interface ThreeTexts {
  base: Lines;
  ours: Lines;
  theirs: Lines;
}

/** Conflicts with no more lines than this between them are written as one. */
const MOST_LINES_BETWEEN = 3;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Narrows each conflict to the lines in which the sides differ, and joins those close to each other. */
export function refineConflicts(
  hunks: readonly Hunk[],
  { ours, theirs }: ThreeTexts,
  options: { algorithm: Algorithm; effort: Effort },
): Hunk[] {
  const refined: Hunk[] = [];
  for (const hunk of hunks) {
    for (const part of hunk.from === "both" ? partsOf(hunk, ours, theirs, options) : [hunk]) {
      const last = refined.at(-1);
      if (last && isClose(last, part)) {
        last.oursCount = part.ours + part.oursCount - last.ours;
        last.theirsCount = part.theirs + part.theirsCount - last.theirs;
      } else refined.push(part);
    }
  }
  return refined;
}

function partsOf(
  hunk: Hunk,
  ours: Lines,
  theirs: Lines,
  options: { algorithm: Algorithm; effort: Effort },
): Hunk[] {
  if (hunk.oursCount === 0 || hunk.theirsCount === 0) return [{ ...hunk }];
  // A table of its own, or each hunk would cost as much as the whole text has different lines.
  const table = new LineTable();
  const mine = table.split(slice(ours, hunk.ours, hunk.ours + hunk.oursCount));
  const other = table.split(slice(theirs, hunk.theirs, hunk.theirs + hunk.theirsCount));
  return changesBetween(mine, other, { ...options, lineNumbers: table.size }).map((change) => ({
    from: "both",
    ours: hunk.ours + change.base,
    oursCount: change.removed,
    theirs: hunk.theirs + change.at,
    theirsCount: change.added,
  }));
}

function isClose(last: Hunk, next: Hunk): boolean {
  if (last.from !== "both" || next.from !== "both") return false;
  return next.ours - (last.ours + last.oursCount) <= MOST_LINES_BETWEEN;
}

/** The lines of a conflict between its markers. */
export function conflictLines(hunk: Hunk, texts: ThreeTexts, markers: Markers): Uint8Array[] {
  const end = needsCarriageReturn(hunk, texts) ? "\r\n" : "\n";
  const marker = (sign: string, label: string) => Buffer.from(sign.repeat(markers.size) + label + end);
  return [
    marker("<", ` ${markers.ours}`),
    ...endedLines(slice(texts.ours, hunk.ours, hunk.ours + hunk.oursCount), end),
    marker("=", ""),
    ...endedLines(slice(texts.theirs, hunk.theirs, hunk.theirs + hunk.theirsCount), end),
    marker(">", ` ${markers.theirs}`),
  ];
}

function endedLines(bytes: Uint8Array, end: string): Uint8Array[] {
  if (bytes.length === 0 || bytes.at(-1) === LINE_FEED) return [bytes];
  return [bytes, Buffer.from(end)];
}

/** Git ends markers in CR LF where the base does and neither side, before the conflict, ends in LF alone. */
function needsCarriageReturn(hunk: Hunk, { base, ours, theirs }: ThreeTexts): boolean {
  if (endsInCarriageReturn(ours, Math.max(0, hunk.ours - 1)) === false) return false;
  if (endsInCarriageReturn(theirs, Math.max(0, hunk.theirs - 1)) === false) return false;
  return endsInCarriageReturn(base, 0) === true;
}

/** Whether a line ends in CR LF; a last line without an end takes after the one before it. null: no telling. */
function endsInCarriageReturn({ bytes, starts, ids }: Lines, line: number): boolean | null {
  const isOpen = line === ids.length - 1 && bytes.at(-1) !== LINE_FEED;
  const ended = isOpen ? line - 1 : line;
  if (ids.length === 0 || ended < 0) return null;
  const end = starts[ended + 1] ?? 0;
  return end - (starts[ended] ?? 0) > 1 && bytes[end - 2] === CARRIAGE_RETURN;
}
