import { diffLines, diffWordsWithSpace } from "diff";

/** A run of a line; `changed` marks the words that differ from the other side. */
export interface Piece {
  text: string;
  changed: boolean;
}

export interface DiffLine {
  kind: "same" | "removed" | "added";
  before?: number;
  after?: number;
  pieces: Piece[];
}

/** Lines to show, or a number of equal ones that were left out. */
export type DiffBlock = { kind: "lines"; lines: DiffLine[] } | { kind: "gap"; lines: DiffLine[] };

const CONTEXT = 3;
// Beyond this a comparison word by word takes longer than reading it.
const LONGEST_LINE = 1000;

const splitLines = (text: string) => (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
const plain = (text: string): Piece[] => [{ text, changed: false }];

function markWords(removed: DiffLine, added: DiffLine): void {
  const old = removed.pieces[0]?.text ?? "";
  const now = added.pieces[0]?.text ?? "";
  if (old.length > LONGEST_LINE || now.length > LONGEST_LINE) return;
  const parts = diffWordsWithSpace(old, now);
  const same = parts
    .filter((part) => !part.added && !part.removed)
    .reduce((sum, part) => sum + part.value.trim().length, 0);
  // Lines with little in common read better without marks.
  if (same * 3 < Math.max(old.trim().length, now.trim().length)) return;
  removed.pieces = parts
    .filter((part) => !part.added)
    .map((part) => ({ text: part.value, changed: part.removed }));
  added.pieces = parts
    .filter((part) => !part.removed)
    .map((part) => ({ text: part.value, changed: part.added }));
}

/** Every line of both texts, in the order a unified diff shows them. */
export function compareLines(before: string, after: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let left = 0;
  let right = 0;
  const changes = diffLines(before, after);
  changes.forEach((change, index) => {
    const texts = splitLines(change.value);
    if (change.removed) {
      const removed = texts.map((text): DiffLine => ({
        kind: "removed",
        before: ++left,
        pieces: plain(text),
      }));
      lines.push(...removed);
      const next = changes[index + 1];
      if (!next?.added) return;
      const added = splitLines(next.value).map((text): DiffLine => ({
        kind: "added",
        after: ++right,
        pieces: plain(text),
      }));
      removed.forEach((line, at) => {
        const other = added[at];
        if (other) markWords(line, other);
      });
      lines.push(...added);
    } else if (change.added) {
      if (changes[index - 1]?.removed) return;
      lines.push(...texts.map((text): DiffLine => ({ kind: "added", after: ++right, pieces: plain(text) })));
    } else {
      lines.push(
        ...texts.map((text): DiffLine => ({
          kind: "same",
          before: ++left,
          after: ++right,
          pieces: plain(text),
        })),
      );
    }
  });
  return lines;
}

/** The lines of a text of which several others were made; `removed` are those that any of them changed. */
export function touchedLines(base: string, sides: readonly string[]): DiffLine[] {
  const touched = new Set(
    sides.flatMap((side) =>
      compareLines(base, side).flatMap(({ kind, before }) => (kind === "removed" ? before : [])),
    ),
  );
  return splitLines(base).map((text, index) => ({
    kind: touched.has(index + 1) ? "removed" : "same",
    before: index + 1,
    pieces: plain(text),
  }));
}

/** Folds long runs of equal lines away, keeping a little context around every change. */
export function foldLines(lines: DiffLine[]): DiffBlock[] {
  const near = new Array<boolean>(lines.length).fill(false);
  lines.forEach((line, index) => {
    if (line.kind === "same") return;
    near.fill(true, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
  });
  const blocks: DiffBlock[] = [];
  lines.forEach((line, index) => {
    const kind = near[index] ? "lines" : "gap";
    const last = blocks.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else blocks.push({ kind, lines: [line] });
  });
  // A gap of one line takes as much room as the line itself.
  return blocks.map((block) =>
    block.kind === "gap" && block.lines.length === 1 ? { ...block, kind: "lines" } : block,
  );
}

/** How many lines were added and removed. */
export function countLines(lines: DiffLine[]): { added: number; removed: number } {
  return {
    added: lines.filter(({ kind }) => kind === "added").length,
    removed: lines.filter(({ kind }) => kind === "removed").length,
  };
}
