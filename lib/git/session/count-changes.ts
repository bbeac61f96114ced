import type { Oid } from "@/lib/domain/workspace";
import type { CommitInfo } from "@/lib/versioning/ports";
import type { CommitGraph } from "./commit-graph";
import type { TreeReader } from "./tree-reader";

const BATCH = 500;

/**
 * How many of these commits change a directory, seen as `git rev-list -- directory` sees them: a merge that left it
 * as one parent has it counts for nothing, and only that parent is followed.
 */
export async function countChanges(
  commits: ReadonlyMap<Oid, CommitInfo>,
  until: Oid,
  segments: readonly string[],
  graph: CommitGraph,
  reader: TreeReader,
): Promise<number> {
  const states = await readStates(commits, segments, graph, reader);
  const seen = new Set<Oid>();
  const open = [until];
  let changed = 0;
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    const commit = commits.get(oid);
    if (!commit || seen.has(oid)) continue;
    seen.add(oid);
    const state = states.get(oid) ?? null;
    const same = commit.parents.find((parent) => (states.get(parent) ?? null) === state);
    if (same !== undefined) {
      open.push(same);
      continue;
    }
    if (commit.parents.length > 0 || state !== null) changed++;
    open.push(...commit.parents);
  }
  return changed;
}

/** What each commit and each of their parents has at the directory. */
async function readStates(
  commits: ReadonlyMap<Oid, CommitInfo>,
  segments: readonly string[],
  graph: CommitGraph,
  reader: TreeReader,
): Promise<Map<Oid, Oid | null>> {
  const all = new Map(commits);
  for (const { parents } of commits.values()) {
    for (const parent of parents) {
      const commit = all.has(parent) ? null : await graph.find(parent);
      if (commit) all.set(parent, commit);
    }
  }
  const states = new Map<Oid, Oid | null>();
  const list = [...all.values()];
  for (let at = 0; at < list.length; at += BATCH) {
    const batch = list.slice(at, at + BATCH);
    // The directory's own tree is not read, only its name in the one above.
    if (segments.length > 0)
      await reader.load(
        batch.map(({ tree }) => tree),
        segments.length,
      );
    for (const { oid, tree } of batch) {
      const entry = await reader.entry(tree, segments);
      states.set(oid, entry && entry.oid);
    }
  }
  return states;
}
