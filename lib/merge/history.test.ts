import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EMPTY_TREE } from "@/lib/archive/objects";
import type { Oid } from "@/lib/domain/workspace";
import { runs } from "@/lib/testing/runs";
import { commitsAhead, countAhead, isAncestor, mergeBases } from "./bases";
import { mergeCommits } from "./recursive";
import { GitOracle } from "@/lib/testing/merge/git-oracle";
import {
  asOid,
  crissCross,
  importStream,
  madeHistory,
  mergeHistory,
  type MadeCommit,
} from "@/lib/testing/merge/history";
import { MemoryObjects } from "@/lib/testing/merge/memory-objects";
import { Random } from "@/lib/testing/merge/random";

const SEED = Number(process.env.MERGE_SEED ?? 20_261_122);
const RUNS = Number(process.env.MERGE_RUNS ?? runs(500));
/** A history is several merges at once. */
const HISTORIES = Math.ceil(RUNS * 0.4);
/** Each question about a history is a process of its own. */
const ASKED_HISTORIES = 12;
/**
 * What 12,000 histories gave: mostly where git, without a word, drops a side's change to a file that the other
 * renamed onto one that both have.
 */
const NEEDLESS_CONFLICTS = 0.003;

/** Three standard deviations above what a sample of this size has on average. */
function mostNeedless(clean: number): number {
  const expected = clean * NEEDLESS_CONFLICTS;
  return expected + 3 * Math.sqrt(expected);
}

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

type CrissCross = Parameters<typeof crissCross>[1];

/** Bases that disagree in line 5 of a file, which both sides settled alike before each edited another line. */
function disagreeing(text: (changes: Record<number, string>) => string, hasRoot = true): CrissCross {
  return {
    root: hasRoot ? { a: text({}) } : { b: "root\n" },
    x: { a: text({ 5: "x" }) },
    y: { a: text({ 5: "y" }) },
    ours: { a: text({ 5: "settled", 0: "ours" }) },
    theirs: { a: text({ 5: "settled", 11: "theirs" }) },
  };
}

const DISAGREEING = {
  "one line, other lines edited": disagreeing(lines),
  "a file that both added": disagreeing(lines, false),
  "a file with CR LF": disagreeing((changes) => lines(changes).replaceAll("\n", "\r\n")),
  "a file without a final line feed": disagreeing((changes) => lines(changes).trimEnd()),
  "binary content, settled alike": {
    ...disagreeing((changes) => `\0${changes[5] ?? "root"}`),
    ours: { a: "\0settled", b: "ours\n" },
    theirs: { a: "\0settled", c: "theirs\n" },
  },
  "binary content, one side back at the root": {
    ...disagreeing((changes) => `\0${changes[5] ?? "root"}`),
    ours: { a: "\0root", b: "ours\n" },
    theirs: { a: "\0settled", c: "theirs\n" },
  },
  "a file that one renamed and the other deleted": {
    root: { a: lines(), b: "root\n" },
    x: { c: lines(), b: "root\n" },
    y: { b: "root\n" },
    ours: { c: lines({ 0: "ours" }), b: "root\n" },
    theirs: { c: lines(), b: "theirs\n" },
  },
  "a file that both renamed": {
    root: { a: lines() },
    x: { b: lines({ 5: "x" }) },
    y: { c: lines({ 5: "y" }) },
    ours: { b: lines({ 5: "settled", 0: "ours" }), c: lines({ 5: "y" }) },
    theirs: { b: lines({ 5: "settled", 11: "theirs" }), c: lines({ 5: "y" }) },
  },
} satisfies Record<string, CrissCross>;

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
    expect(needless).toBeLessThanOrEqual(mostNeedless(clean));
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

  it.each(Object.entries(DISAGREEING))("for bases in conflict: %s", async (name, files) => {
    const branch = name.replaceAll(" ", "-");
    const commits = crissCross(branch, files);
    git.git(["fast-import", "--quiet"], importStream(commits));
    const [answer] = git.mergePairs([`${branch}-ours ${branch}-theirs`]);
    expect(answer?.isClean).toBe(true);
    expect(await merged(commits, `${branch}-ours`, `${branch}-theirs`)).toBe(answer?.tree);
  });

  it("for bases in conflict whose own bases are in conflict", async () => {
    const sides = { ours: { a: lines({ 5: "p" }) }, theirs: { a: lines({ 5: "q" }) } };
    const inner = crissCross("inner", { ...DISAGREEING["one line, other lines edited"], ...sides });
    const commit = (name: string, parents: string[], date: number, changes: Record<number, string>) => ({
      name: `inner-${name}`,
      parents: parents.map((parent) => `inner-${parent}`),
      date,
      files: { a: lines({ 5: "settled", ...changes }) },
    });
    const commits = [
      ...inner,
      commit("one", ["ours", "theirs"], 6, { 0: "one" }),
      commit("two", ["theirs", "ours"], 7, { 11: "two" }),
    ];
    git.git(["fast-import", "--quiet"], importStream(commits));
    const [answer] = git.mergePairs(["inner-one inner-two"]);
    expect(answer?.isClean).toBe(true);
    expect(await merged(commits, "inner-one", "inner-two")).toBe(answer?.tree);
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
