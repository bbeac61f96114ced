import { describe, expect, test } from "vitest";
import { compareLines, countLines, foldLines, touchedLines } from "./diff-model";

const numbered = (amount: number) =>
  Array.from({ length: amount }, (_, index) => `line ${String(index + 1)}`);

describe("Two texts are compared line by line", () => {
  test("A changed line shows as removed and added, with the words that differ marked", () => {
    const lines = compareLines("name: Shop\ncolour: red\n", "name: Shop\ncolour: blue\n");
    expect(lines.map(({ kind, before, after }) => [kind, before, after])).toEqual([
      ["same", 1, 1],
      ["removed", 2, undefined],
      ["added", undefined, 2],
    ]);
    expect(lines[1]?.pieces).toEqual([
      { text: "colour: ", changed: false },
      { text: "red", changed: true },
    ]);
  });

  test("Both texts can be read back from the lines", () => {
    const before = "a\nb\nc\nd\n";
    const after = "a\nx\nc\ny\nd\n";
    const lines = compareLines(before, after);
    const side = (left: boolean) =>
      lines
        .filter(({ kind }) => kind !== (left ? "added" : "removed"))
        .map(({ pieces }) => pieces.map(({ text }) => text).join(""))
        .join("\n");
    expect(`${side(true)}\n`).toBe(before);
    expect(`${side(false)}\n`).toBe(after);
  });

  test("A new file is all additions", () => {
    expect(countLines(compareLines("", "a\nb\n"))).toEqual({ added: 2, removed: 0 });
  });

  test("Of what two sides started from, the lines that either changed are marked", () => {
    const lines = touchedLines("a\nb\nc\nd\n", ["a\nB\nc\nd\n", "a\nb\nc\n"]);
    expect(lines.map(({ kind, before, pieces }) => [before, pieces[0]?.text, kind])).toEqual([
      [1, "a", "same"],
      [2, "b", "removed"],
      [3, "c", "same"],
      [4, "d", "removed"],
    ]);
  });

  test("Long runs of equal lines are folded, three stay around a change", () => {
    const before = numbered(30);
    const after = before.with(14, "changed");
    const blocks = foldLines(compareLines(`${before.join("\n")}\n`, `${after.join("\n")}\n`));
    expect(blocks.map(({ kind, lines }) => [kind, lines.length])).toEqual([
      ["gap", 11],
      ["lines", 8],
      ["gap", 12],
    ]);
  });
});
