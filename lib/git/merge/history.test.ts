import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EMPTY_TREE } from "@/lib/archive/objects";
import type { Oid } from "@/lib/domain/workspace";
import { commitsAhead, countAhead, isAncestor, mergeBases } from "./bases";
import { mergeCommits } from "./recursive";
import { GitOracle } from "./testing/git-oracle";
import {
  asOid,
  crissCross,
  importStream,
  madeHistory,
  mergeHistory,
  type MadeCommit,
} from "./testing/history";
import { MemoryObjects } from "./testing/memory-objects";
import { Random } from "./testing/random";

const SEED = Number(process.env.MERGE_SEED ?? 20_261_122);
const RUNS = Number(process.env.MERGE_RUNS ?? 500);
/** A history is several merges at once. */
const HISTORIES = Math.ceil(RUNS * 0.4);
/** Each question about a history is a process of its own. */
const ASKED_HISTORIES = 12;
/** Merge bases in conflict with each other make a conflict here where git goes on with conflict markers. */
const MOST_NEEDLESS_CONFLICTS = 0.05;

let git: GitOracle;
beforeAll(() => {
  git = new GitOracle();
});
afterAll(() => {
  git.close();
});

function histories(count: number, prefix: string): MadeCommit[][] {
  const random = new Random(SEED + 2);
  const made = Array.from({ length: count }, (_, index) => madeHistory(random, `${prefix}${String(index)}`));
  git.git(["fast-import", "--quiet"], importStream(made.flat()));
  return made;
}

function tips(commits: readonly MadeCommit[]): [string, string] {
  return [commits.at(-1)?.name ?? "", commits.at(-2)?.name ?? ""];
}

async function merged(commits: readonly MadeCommit[], ours: string, theirs: string): Promise<string | null> {
  const objects = new MemoryObjects();
  const history = mergeHistory(commits, objects);
  const result = await mergeCommits(history, objects, { ours: asOid(ours), theirs: asOid(theirs) });
  return result.kind === "merged" ? (result.tree ?? EMPTY_TREE) : null;
}

const lines = (changes: Record<number, string> = {}) =>
  Array.from({ length: 12 }, (_, index) => `${changes[index] ?? `line ${String(index)}`}\n`).join("");

describe("a history answers what git answers", () => {
  it("about merge bases, ancestors and the commits ahead", { timeout: 600_000 }, async () => {
    for (const commits of histories(Math.min(RUNS, ASKED_HISTORIES), "ask")) {
      const graph = mergeHistory(commits, new MemoryObjects());
      const names = new Map(
        commits.map(({ name }) => [git.git(["rev-parse", name]).toString().trim(), name]),
      );
      const [one, other] = tips(commits);
      const bases = git.ask(["merge-base", "--all", one, other]).split("\n").filter(Boolean);
      expect(await mergeBases(graph, asOid(one), asOid(other))).toEqual(bases.map((oid) => names.get(oid)));
      for (const { name } of commits) {
        const listed =
          git.ask(["merge-base", "--all", name, one]).trim() === git.ask(["rev-parse", name]).trim();
        expect(await isAncestor(graph, asOid(name), asOid(one))).toBe(listed);
      }
      const ahead = Number(git.ask(["rev-list", "--count", `${other}..${one}`]));
      expect(await countAhead(graph, asOid(other), asOid(one))).toBe(ahead);
      expect(await commitsAhead(graph, null, asOid(one))).toHaveLength(
        Number(git.ask(["rev-list", "--count", one])),
      );
    }
  });
});

describe("a merge of commits gives what git gives", () => {
  it("for any history, several merge bases and unrelated roots included", { timeout: 600_000 }, async () => {
    const all = histories(HISTORIES, "merge");
    const answers = git.mergePairs(all.map((commits) => tips(commits).join(" ")));
    let clean = 0;
    let needless = 0;
    let severalBases = 0;
    for (const [index, commits] of all.entries()) {
      const answer = answers[index];
      const tree = await merged(commits, ...tips(commits));
      if (answer?.isClean) clean++;
      const [ours, theirs] = tips(commits).map(asOid) as [Oid, Oid];
      if ((await mergeBases(mergeHistory(commits, new MemoryObjects()), ours, theirs)).length > 1)
        severalBases++;
      if (tree === null) needless += answer?.isClean ? 1 : 0;
      else
        expect(tree, `MERGE_SEED=${String(SEED)}, history ${String(index)}`).toBe(
          answer?.isClean ? answer.tree : null,
        );
    }
    process.stdout.write(
      `histories: seed ${String(SEED)}, several bases in ${String(severalBases)}, git clean in ${String(clean)} of ${String(HISTORIES)}, ` +
        `needless conflicts ${((needless / clean) * 100).toFixed(2)} %\n`,
    );
    expect(needless / clean).toBeLessThan(MOST_NEEDLESS_CONFLICTS);
    expect(severalBases).toBeGreaterThan(0);
  });

  it("for bases that merge cleanly", async () => {
    const commits = crissCross("clean", {
      root: { a: lines() },
      x: { a: lines({ 0: "x" }) },
      y: { a: lines({ 11: "y" }) },
      ours: { a: lines({ 0: "x", 11: "y", 5: "ours" }) },
      theirs: { a: lines({ 0: "x", 11: "y" }), b: "theirs\n" },
    });
    git.git(["fast-import", "--quiet"], importStream(commits));
    const [answer] = git.mergePairs(["clean-ours clean-theirs"]);
    expect(answer?.isClean).toBe(true);
    expect(await merged(commits, "clean-ours", "clean-theirs")).toBe(answer?.tree);
  });

  it("for bases in conflict that both sides settled alike", async () => {
    const settled = lines({ 5: "settled" });
    const commits = crissCross("settled", {
      root: { a: lines() },
      x: { a: lines({ 5: "x" }) },
      y: { a: lines({ 5: "y" }) },
      ours: { a: settled, b: "ours\n" },
      theirs: { a: settled, c: "theirs\n" },
    });
    git.git(["fast-import", "--quiet"], importStream(commits));
    const [answer] = git.mergePairs(["settled-ours settled-theirs"]);
    expect(answer?.isClean).toBe(true);
    expect(await merged(commits, "settled-ours", "settled-theirs")).toBe(answer?.tree);
  });

  it("and keeps what stands for a base out of the repository", async () => {
    const commits = crissCross("scratch", {
      root: { a: lines() },
      x: { a: lines({ 5: "x" }) },
      y: { a: lines({ 5: "y" }) },
      ours: { a: lines({ 5: "settled" }), b: "ours\n" },
      theirs: { a: lines({ 5: "settled" }), c: "theirs\n" },
    });
    const objects = new MemoryObjects();
    const history = mergeHistory(commits, objects);
    for (const { name } of commits) await history.tree(asOid(name));
    const before = objects.blobs.size;
    await mergeCommits(history, objects, { ours: asOid("scratch-ours"), theirs: asOid("scratch-theirs") });
    expect(objects.blobs.size).toBe(before);
  });
});
