import type { Oid } from "@/lib/domain/workspace";
import type { MergeHistory } from "@/lib/merge/recursive";
import { editFiles, treeScenario } from "./generate";
import { commit } from "./git-oracle";
import type { Files, MemoryObjects } from "./memory-objects";
import type { Random } from "./random";

/** A commit of a made-up history; `name` serves as its id and as its branch in git. */
export interface MadeCommit {
  name: string;
  parents: string[];
  date: number;
  files: Files;
}

/** A history with branches, merges in both directions and, at times, several roots. */
export function madeHistory(random: Random, prefix: string): MadeCommit[] {
  const commits: MadeCommit[] = [];
  const start = treeScenario(random).ours;
  const count = 3 + random.below(9);
  const isCrissCross = random.chance(40);
  let crossed: MadeCommit[] = [];
  for (let index = 0; index < count; index++) {
    let parents = index === 0 || random.chance(4) ? [] : someParents(random, commits);
    // The last two commits merge the same two branches, each into the other.
    if (isCrissCross && index === count - 2)
      crossed = [...new Set([random.pick(commits), random.pick(commits)])];
    if (crossed.length > 1) parents = index === count - 1 ? crossed.toReversed() : crossed;
    const from = parents[0]?.files ?? start;
    commits.push({
      name: `${prefix}-${String(index)}`,
      parents: parents.map((parent) => parent.name),
      // Now and then a clock stands still or runs backwards.
      date: random.chance(10) ? 1000 + random.below(count) : 1000 + (random.chance(80) ? index : index - 1),
      files: withSome(random, editFiles(random, from), parents[1]?.files),
    });
  }
  return commits;
}

function someParents(random: Random, commits: readonly MadeCommit[]): MadeCommit[] {
  const recent = commits.slice(-4);
  const first = random.pick(recent);
  const second = random.pick(recent);
  return first !== second && random.chance(45) ? [first, second] : [first];
}

/** What a merge takes over from its second parent. */
function withSome(random: Random, files: Files, other: Files | undefined): Files {
  const result = { ...files };
  for (const [path, file] of Object.entries(other ?? {})) {
    const isFree = !Object.keys(result).some(
      (name) => name.startsWith(`${path}/`) || path.startsWith(`${name}/`),
    );
    if (isFree && random.chance(70)) result[path] = file;
  }
  return result;
}

/** Two branches that merged each other's past: their bases are the commits `x` and `y`; root null: none. */
export function crissCross(
  name: string,
  files: Record<"x" | "y" | "ours" | "theirs", Files> & { root: Files | null },
): MadeCommit[] {
  const made = (part: "x" | "y" | "ours" | "theirs", parents: string[], date: number): MadeCommit => ({
    name: `${name}-${part}`,
    parents: parents.map((parent) => `${name}-${parent}`),
    date,
    files: files[part],
  });
  const root = files.root ? [{ name: `${name}-root`, parents: [], date: 1, files: files.root }] : [];
  const start = files.root ? ["root"] : [];
  return [
    ...root,
    made("x", start, 2),
    made("y", start, 3),
    made("ours", ["x", "y"], 4),
    made("theirs", ["y", "x"], 5),
  ];
}

/** The history as `git fast-import` reads it. */
export function importStream(commits: readonly MadeCommit[]): Buffer {
  return Buffer.concat(commits.map(({ name, parents, files, date }) => commit(name, parents, files, date)));
}

/** The history as a merge reads it. */
export function mergeHistory(commits: readonly MadeCommit[], objects: MemoryObjects): MergeHistory {
  const byName = new Map(commits.map((made) => [made.name, made]));
  const find = (oid: Oid) => {
    const made = byName.get(oid);
    if (!made) throw new Error(`There is no commit ${oid}.`);
    return made;
  };
  return {
    parents: async (oid) => find(oid).parents.map(asOid),
    date: async (oid) => find(oid).date,
    tree: async (oid) => objects.putFiles(find(oid).files),
  };
}

export function asOid(name: string): Oid {
  return name as Oid;
}
