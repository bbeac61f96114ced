import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EMPTY_TREE } from "@/lib/archive/objects";
import { runs } from "@/lib/testing/runs";
import { textScenario, treeScenario, type TextScenario } from "@/lib/testing/merge/generate";
import { GitOracle, type GitAnswer, type Scenario } from "@/lib/testing/merge/git-oracle";
import { MemoryObjects, type Files } from "@/lib/testing/merge/memory-objects";
import { Random } from "@/lib/testing/merge/random";
import { SCENARIOS } from "@/lib/testing/merge/scenarios";
import { shrink } from "@/lib/testing/merge/shrink";
import { mergeText } from "./text";
import { mergeTrees } from "./tree";

const SEED = Number(process.env.MERGE_SEED ?? 20_261_122);
const RUNS = Number(process.env.MERGE_RUNS ?? runs(500));
/** Starting `git merge-file` takes long, so only some of the texts go through it as well. */
const MERGE_FILE_SHARE = 0.2;
const MOST_NEEDLESS_CONFLICTS = 0.005;

type Verdict = "same" | "needless conflict" | "wrong";

let git: GitOracle;
beforeAll(() => {
  git = new GitOracle();
});
afterAll(() => {
  git.close();
});

/** The tree we merge to; null: a conflict. */
async function mergedTree({ base, ours, theirs }: Scenario): Promise<string | null> {
  const objects = new MemoryObjects();
  const merged = await mergeTrees(objects, {
    base: base && objects.putFiles(base),
    ours: objects.putFiles(ours),
    theirs: objects.putFiles(theirs),
  });
  expect(objects.reads).toBeLessThanOrEqual(1);
  return merged.kind === "merged" ? (merged.tree ?? EMPTY_TREE) : null;
}

function judge(tree: string | null, answer: GitAnswer | undefined): Verdict {
  if (tree === null) return answer?.isClean ? "needless conflict" : "same";
  return answer?.isClean && answer.tree === tree ? "same" : "wrong";
}

function readable(scenario: Scenario): string {
  const show = (files: Files | null) =>
    files &&
    Object.fromEntries(
      Object.entries(files).map(([path, file]) => [
        path,
        typeof file === "string"
          ? file
          : `${file.mode ?? ""} ${file.submodule ?? Buffer.from(file.bytes).toString("latin1")}`,
      ]),
    );
  return JSON.stringify(
    { base: show(scenario.base), ours: show(scenario.ours), theirs: show(scenario.theirs) },
    null,
    1,
  );
}

function asScenario({ base, ours, theirs }: TextScenario): Scenario {
  return { base: { f: base }, ours: { f: ours }, theirs: { f: theirs } };
}

function reportRate(what: string, verdicts: readonly Verdict[], answers: readonly GitAnswer[]): number {
  const clean = answers.filter((answer) => answer.isClean).length;
  const needless = verdicts.filter((verdict) => verdict === "needless conflict").length;
  const rate = needless / Math.max(clean, 1);
  process.stdout.write(
    `${what}: seed ${String(SEED)}, ${String(answers.length)} merges, git clean in ${String(clean)}, ` +
      `needless conflicts ${(rate * 100).toFixed(2)} %\n`,
  );
  return rate;
}

describe("a merge of trees gives what git gives", () => {
  let answers: Map<string, GitAnswer>;
  beforeAll(() => {
    const names = Object.keys(SCENARIOS);
    const all = git.mergeAll(Object.values(SCENARIOS));
    answers = new Map(names.map((name, index) => [name, all[index] ?? { isClean: false, tree: "" }]));
  });

  it.each(Object.entries(SCENARIOS))("for %s", async (name, scenario) => {
    const answer = answers.get(name);
    expect(await mergedTree(scenario)).toBe(answer?.isClean ? answer.tree : null);
  });

  it("for any changes of any files", { timeout: 600_000 }, async () => {
    const random = new Random(SEED);
    const scenarios = Array.from({ length: RUNS }, () => treeScenario(random));
    const all = git.mergeAll(scenarios);
    const verdicts: Verdict[] = [];
    for (const [index, scenario] of scenarios.entries()) {
      const verdict = judge(await mergedTree(scenario), all[index]);
      verdicts.push(verdict);
      if (verdict !== "wrong") continue;
      const isWrong = async (smaller: Scenario) =>
        judge(await mergedTree(smaller), git.mergeAll([smaller])[0]) === "wrong";
      const smallest = await shrink(scenario, isWrong);
      expect.fail(`MERGE_SEED=${String(SEED)}, run ${String(index)}:\n${readable(smallest)}`);
    }
    expect(reportRate("trees", verdicts, all)).toBeLessThan(MOST_NEEDLESS_CONFLICTS);
  });
});

describe("a merge of texts gives what git gives", () => {
  const random = new Random(SEED + 1);
  const texts = Array.from({ length: RUNS }, () => textScenario(random));

  it("within a merge of commits", { timeout: 600_000 }, async () => {
    const all = git.mergeAll(texts.map(asScenario));
    const verdicts: Verdict[] = [];
    for (const [index, text] of texts.entries()) {
      const verdict = judge(await mergedTree(asScenario(text)), all[index]);
      verdicts.push(verdict);
      expect(verdict, `MERGE_SEED=${String(SEED)}, text ${String(index)}: ${JSON.stringify(text)}`).not.toBe(
        "wrong",
      );
    }
    expect(reportRate("texts", verdicts, all)).toBeLessThan(MOST_NEEDLESS_CONFLICTS);
  });

  it("in git merge-file, byte for byte", { timeout: 600_000 }, () => {
    for (const text of texts.slice(0, Math.ceil(RUNS * MERGE_FILE_SHARE))) {
      const base = Buffer.from(text.base, "latin1");
      const ours = Buffer.from(text.ours, "latin1");
      const theirs = Buffer.from(text.theirs, "latin1");
      const expected = git.mergeFile(base, ours, theirs, writeFileSync);
      const merged = mergeText(base, ours, theirs, { algorithm: "myers" });
      const bytes = merged.kind === "merged" ? Buffer.from(merged.bytes).toString("latin1") : null;
      expect(bytes, `MERGE_SEED=${String(SEED)}: ${JSON.stringify(text)}`).toBe(
        expected?.toString("latin1") ?? null,
      );
    }
  });
});
