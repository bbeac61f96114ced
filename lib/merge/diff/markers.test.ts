import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runs } from "@/lib/testing/runs";
import { textScenario } from "@/lib/testing/merge/generate";
import { GitOracle } from "@/lib/testing/merge/git-oracle";
import { Random } from "@/lib/testing/merge/random";
import { mergeText } from "../text";

const SEED = Number(process.env.MERGE_SEED ?? 20_261_122);
const RUNS = Number(process.env.MERGE_RUNS ?? runs(500));
/** Starting `git merge-file` takes long. */
const SHARE = 0.4;
const MARKERS = { size: 9, ours: "Temporary merge branch 1", theirs: "Temporary merge branch 2" };

let git: GitOracle;
beforeAll(() => {
  git = new GitOracle();
});
afterAll(() => {
  git.close();
});

/** Our text and git's; null: no conflict. */
function bothTexts(base: string, ours: string, theirs: string, size = MARKERS.size) {
  const versions = [base, ours, theirs].map((text) => Buffer.from(text, "latin1")) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  const markers = { ...MARKERS, size };
  const merged = mergeText(...versions, { algorithm: "myers", markers });
  const text = merged.kind === "merged" ? merged.bytes : (merged.marked ?? Buffer.from("none"));
  return {
    isConflict: merged.kind === "conflict",
    ours: Buffer.from(text).toString("latin1"),
    git: git.markedFile(versions, markers, writeFileSync).toString("latin1"),
  };
}

/** `git merge-file` joins conflicts with nothing but signs between them too, which a merge of commits does not. */
function withWords(text: string): string {
  return text.replace(/^[^a-z0-9\r\n]*(?=\r?$)/gim, "$&x");
}

const lines = (...changed: (string | null)[]) =>
  Array.from({ length: 12 }, (_, index) => changed[index] ?? `line ${String(index)}`).join("\n") + "\n";
const crlf = (text: string) => text.replaceAll("\n", "\r\n");

describe("a text in conflict is written as git writes it", () => {
  it("for any texts", { timeout: 600_000 }, () => {
    const random = new Random(SEED + 3);
    let conflicts = 0;
    for (let run = 0; run < RUNS * SHARE; run++) {
      const { base, ours, theirs } = textScenario(random);
      const size = random.pick([7, 9, 11]);
      const texts = bothTexts(
        withWords(random.chance(10) ? "" : base),
        withWords(ours),
        withWords(theirs),
        size,
      );
      if (texts.isConflict) conflicts++;
      expect(texts.ours, `MERGE_SEED=${String(SEED)}, run ${String(run)}`).toBe(texts.git);
    }
    expect(conflicts).toBeGreaterThan((RUNS * SHARE) / 4);
  });

  it.each<[string, string, string, string]>([
    ["one line", lines(), lines("ours"), lines("theirs")],
    ["no base", "", lines("ours"), lines("theirs")],
    ["three equal lines between", lines(), lines("a", "1", "2", "3", "b"), lines("c", "1", "2", "3", "d")],
    [
      "four equal lines between",
      lines(),
      lines("a", "1", "2", "3", "4", "b"),
      lines("c", "1", "2", "3", "4", "d"),
    ],
    ["an empty side", lines(), "", lines("theirs")],
    ["no final line feed in ours", "a\nb\n", "a\nours", "a\ntheirs\n"],
    ["no final line feed in both", "a\nb", "a\nours", "a\ntheirs"],
    ["CRLF everywhere", crlf(lines()), crlf(lines("ours")), crlf(lines("theirs"))],
    ["CRLF without a final line feed", "a\r\nb\r\n", "a\r\nours", "a\r\ntheirs"],
    ["CRLF without a base", "", "ours\r\n", "theirs\r\n"],
    ["CRLF in one side", lines(), crlf(lines("ours")), lines("theirs")],
    ["CRLF in both sides alone", lines(), crlf(lines("ours")), crlf(lines("theirs"))],
    ["one line without an end", "base", "ours", "theirs"],
    ["one line without an end against CRLF", "base\r\n", "ours", "theirs\r\n"],
  ])("for %s", (_, base, ours, theirs) => {
    const texts = bothTexts(base, ours, theirs);
    expect(texts.isConflict).toBe(true);
    expect(texts.ours).toBe(texts.git);
  });
});
