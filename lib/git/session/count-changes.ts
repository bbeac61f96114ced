import type { Oid } from "@/lib/domain/workspace";
import type { CommitInfo } from "@/lib/versioning/ports";
import { treeDifference } from "../objects/tree-difference";
import type { Pace } from "@/lib/runtime/pace";
import type { CommitGraph } from "./commit-graph";
import type { TreeReader } from "./tree-reader";

const BATCH = 500;

/**
 * Counts commits that change a directory. What each commit changes in the folder above is found once, so asking for
 * a thousand directories of one folder costs hardly more than asking for one.
 */
export class ChangeCounter {
  /** By folder and commit: the tree of the folder. */
  readonly #folders = new Map<string, Map<Oid, Oid | null>>();
  /** By two trees: the names that differ. */
  readonly #names = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly graph: CommitGraph,
    private readonly reader: TreeReader,
    private readonly pace: Pace,
  ) {}

  /**
   * How many of these commits change the directory, as `git rev-list -- directory` sees them: a merge that left it
   * as one parent has it counts for nothing, and only that parent is followed.
   */
  async count(
    commits: ReadonlyMap<Oid, CommitInfo>,
    until: Oid,
    segments: readonly string[],
  ): Promise<number> {
    const trees = await this.#readFolders(commits, segments.slice(0, -1));
    const name = segments.at(-1);
    const at = (commit: Oid) => trees.get(commit) ?? null;
    const seen = new Set<Oid>();
    const open = [until];
    let changed = 0;
    for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
      const commit = commits.get(oid);
      if (!commit || seen.has(oid)) continue;
      seen.add(oid);
      if (this.pace.due) await this.pace.rest();
      let same: Oid | undefined;
      for (const parent of commit.parents) {
        if (same === undefined && !(await this.#differs(at(oid), at(parent), name))) same = parent;
      }
      if (same !== undefined) {
        open.push(same);
        continue;
      }
      if (commit.parents.length > 0 || (await this.#differs(at(oid), null, name))) changed++;
      open.push(...commit.parents);
    }
    return changed;
  }

  async #differs(one: Oid | null, other: Oid | null, name: string | undefined): Promise<boolean> {
    if (one === other) return false;
    if (name === undefined) return true;
    const key = `${one ?? ""} ${other ?? ""}`;
    let names = this.#names.get(key);
    if (!names) {
      const tree = async (oid: Oid | null) => (oid === null ? undefined : this.reader.tree(oid));
      const { now, before } = treeDifference(await tree(one), await tree(other));
      names = new Set([...now.keys(), ...before.keys()]);
      this.#names.set(key, names);
    }
    return names.has(name);
  }

  /** The folder's tree in each commit and each of their parents. */
  async #readFolders(
    commits: ReadonlyMap<Oid, CommitInfo>,
    folder: readonly string[],
  ): Promise<ReadonlyMap<Oid, Oid | null>> {
    const key = folder.join("/");
    const known = this.#folders.get(key) ?? new Map<Oid, Oid | null>();
    this.#folders.set(key, known);
    const missing: CommitInfo[] = [];
    for (const commit of commits.values()) {
      if (!known.has(commit.oid)) missing.push(commit);
      for (const parent of commit.parents) {
        if (commits.has(parent) || known.has(parent)) continue;
        const found = await this.graph.find(parent);
        if (found) missing.push(found);
        else known.set(parent, null);
      }
    }
    for (let at = 0; at < missing.length; at += BATCH) {
      const batch = missing.slice(at, at + BATCH);
      // With the folder's own tree, which tells what the commit changed in it.
      const roots = batch.map(({ tree }) => tree);
      await this.reader.load(roots, folder.length + 1);
      for (const { oid, tree } of batch) {
        known.set(oid, await this.reader.directory(tree, folder));
        if (this.pace.due) await this.pace.rest();
      }
    }
    return known;
  }
}
