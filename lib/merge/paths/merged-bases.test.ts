import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EMPTY_TREE } from "@/lib/archive/objects";
import type { Oid } from "@/lib/domain/workspace";
import { runs } from "@/lib/testing/runs";
import { treeScenario } from "@/lib/testing/merge/generate";
import { GitOracle, type Scenario } from "@/lib/testing/merge/git-oracle";
import { crissCross, importStream } from "@/lib/testing/merge/history";
import { MemoryObjects, type Files } from "@/lib/testing/merge/memory-objects";
import { Random } from "@/lib/testing/merge/random";
import { SCENARIOS } from "@/lib/testing/merge/scenarios";
import { mergeTrees } from "../tree";

const SEED = Number(process.env.MERGE_SEED ?? 20_261_122);
const RUNS = Number(process.env.MERGE_RUNS ?? runs(500));
/** How many bases may stay partly unknown. */
const MOST_UNKNOWN = 0.01;

let git: GitOracle;
beforeAll(() => {
  git = new GitOracle();
});
afterAll(() => {
  git.close();
});

/** The tree of two merged bases; null where a part of it is not certain. */
async function mergedBases({ base, ours, theirs }: Scenario): Promise<string | null> {
  const objects = new MemoryObjects();
  let isCertain = true;
  const standIn = (path: string): Oid => {
    isCertain = false;
    return objects.putBlob(Buffer.from(path));
  };
  const merged = await mergeTrees(objects, {
    base: base && objects.putFiles(base),
    ours: objects.putFiles(ours),
    theirs: objects.putFiles(theirs),
    bases: { depth: 1, standIn },
  });
  return merged.kind === "merged" && isCertain ? (merged.tree ?? EMPTY_TREE) : null;
}

/** Makes git merge each scenario's sides as merge bases, and tells where ours differ from its trees. */
async function compare(scenarios: Record<string, Scenario>): Promise<{ unknown: string[]; wrong: string[] }> {
  const named = Object.entries(scenarios);
  const histories = named.map(([, { base, ours, theirs }], index) => {
    const tip = (text: string): Files => ({ [`tip-${text}`]: text });
    const files = { root: base, x: ours, y: theirs, ours: tip("ours"), theirs: tip("theirs") };
    return crissCross(`bases${String(index)}`, files);
  });
  git.git(["fast-import", "--quiet", "--force"], importStream(histories.flat()));
  const answers = git.mergePairs(
    histories.map((_, index) => `bases${String(index)}-ours bases${String(index)}-theirs`),
  );
  const trees = await Promise.all(named.map(([, scenario]) => mergedBases(scenario)));
  const held = git.has(trees.map((tree) => tree ?? EMPTY_TREE));
  const pick = (isPicked: (index: number) => boolean) =>
    named.flatMap(([name], index) => (isPicked(index) ? [name] : []));
  return {
    unknown: pick((index) => trees[index] === null),
    // Where git itself gives up there is nothing to compare with.
    wrong: pick((index) => trees[index] !== null && answers[index]?.tree !== "" && !held[index]),
  };
}

describe("merged merge bases hold what git's hold", () => {
  it("for every scenario but a file in a directory's place, a submodule changed twice or made of a link", async () => {
    const { unknown, wrong } = await compare(SCENARIOS);
    expect(wrong).toEqual([]);
    expect(unknown).toEqual([
      "file against a new directory",
      "new directory against a file",
      "file turned directory against a change",
      "directory turned file against a change in it",
      "submodule changed on both sides",
      "a link renamed against the submodule it became",
    ]);
  });

  it("for any changes of any files", { timeout: 600_000 }, async () => {
    const random = new Random(SEED + 4);
    const made = Array.from({ length: RUNS }, (_, index) => [String(index), treeScenario(random)] as const);
    const { unknown, wrong } = await compare(Object.fromEntries(made));
    expect(wrong, `MERGE_SEED=${String(SEED)}`).toEqual([]);
    const rate = unknown.length / RUNS;
    process.stdout.write(`merged bases: seed ${String(SEED)}, not certain ${(rate * 100).toFixed(2)} %\n`);
    expect(rate).toBeLessThan(MOST_UNKNOWN);
  });
});
