import { AppError } from "@/lib/domain/error";
import { EMPTY_TREE } from "@/lib/archive/objects";
import type { Oid } from "@/lib/domain/workspace";
import type { TreeEntry } from "@/lib/versioning/ports";
import { type Entry, entriesOf, findEntry, isTreeMode, parseTree, type Tree } from "../objects/tree";
import { breathe, Pace } from "@/lib/runtime/pace";
import type { GitLimits } from "./limits";
import type { ObjectRemote, TreeDepth } from "./object-remote";
import type { ObjectStore } from "./object-store";

/** Reads trees, bringing those that are not in memory in as few requests as can be. */
export class TreeReader {
  constructor(
    private readonly store: ObjectStore,
    private readonly remote: ObjectRemote,
    private readonly limits: GitLimits,
    private readonly signal: AbortSignal,
  ) {}

  async tree(oid: Oid): Promise<Tree> {
    if (oid === EMPTY_TREE) return parseTree(Buffer.alloc(0));
    const here = this.store.tree(oid);
    if (here) return here;
    await this.load([oid], "all");
    const loaded = this.store.tree(oid);
    if (!loaded) throw missingObject(oid);
    return loaded;
  }

  /** Brings these trees into memory: from the database, the rest in one request from the remote. */
  async load(oids: readonly Oid[], depth: TreeDepth): Promise<void> {
    const wanted = [...new Set(oids)].filter((oid) => oid !== EMPTY_TREE && !this.store.has(oid));
    const missing = await this.store.loadStored(wanted);
    if (missing.length === 0) return;
    await this.remote.fetchTrees(missing, depth);
    await breathe();
  }

  /** The entry at a path below a tree; null when there is none. */
  async entry(root: Oid, segments: readonly string[]): Promise<Entry | null> {
    let at: Entry = { name: "", mode: "40000", oid: root };
    for (const [depth, segment] of segments.entries()) {
      if (!isTreeMode(at.mode)) return null;
      let tree = this.store.tree(at.oid);
      if (!tree) {
        // Only the folders on the way: what lies below the last one is somebody else's question.
        await this.load([at.oid], segments.length - depth);
        tree = await this.tree(at.oid);
      }
      const next = findEntry(tree, segment);
      if (!next) return null;
      at = next;
    }
    return at;
  }

  /** The directory at a path below a tree; null when there is none. */
  async directory(root: Oid, segments: readonly string[]): Promise<Oid | null> {
    const entry = await this.entry(root, segments);
    return entry && isTreeMode(entry.mode) ? entry.oid : null;
  }

  /** Every file below a tree in git's order. Throws TooLarge beyond the limits. */
  async files(root: Oid): Promise<TreeEntry[]> {
    await this.loadBelow([root]);
    const files: TreeEntry[] = [];
    const pace = new Pace(this.signal);
    const open: { prefix: string; entries: Entry[]; next: number }[] = [];
    let visited = 0;
    const enter = async (oid: Oid, prefix: string) => {
      open.push({ prefix, entries: entriesOf(await this.tree(oid)), next: 0 });
      if (open.length > this.limits.depth) throw tooDeep(this.limits.depth);
    };
    await enter(root, "");
    for (let folder = open.at(-1); folder; folder = open.at(-1)) {
      const entry = folder.entries[folder.next++];
      if (!entry) {
        open.pop();
        continue;
      }
      visited++;
      if (visited > this.limits.entries * 2 || files.length >= this.limits.entries) {
        throw tooMany(this.limits.entries);
      }
      const path = folder.prefix + entry.name;
      if (isTreeMode(entry.mode)) await enter(entry.oid, `${path}/`);
      else files.push({ path, mode: entry.mode, oid: entry.oid });
      if (pace.due) await pace.rest();
    }
    return files;
  }

  /**
   * Brings everything below these trees into memory, a level of all of them at a time: each level costs one request at
   * most, and usually the first brings everything. Throws TooLarge beyond the limits.
   */
  async loadBelow(roots: readonly Oid[]): Promise<void> {
    const pace = new Pace(this.signal);
    const most = this.limits.entries * 2 * roots.length;
    const seen = new Set<Oid>(roots);
    let level = [...seen];
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > this.limits.depth) throw tooDeep(this.limits.depth);
      await this.load(level, "all");
      const next: Oid[] = [];
      for (const oid of level) {
        for (const entry of entriesOf(await this.tree(oid))) {
          if (!isTreeMode(entry.mode) || seen.has(entry.oid)) continue;
          seen.add(entry.oid);
          next.push(entry.oid);
        }
        if (seen.size > most) throw tooMany(this.limits.entries);
        if (pace.due) await pace.rest();
      }
      level = next;
    }
  }
}

export function missingObject(oid: Oid): AppError {
  return new AppError(
    "UnreadableContent",
    `The object ${oid} is missing from the repository, which may be damaged. Run git fsck on the remote.`,
    { missing: oid },
  );
}

function tooMany(limit: number): AppError {
  return new AppError("TooLarge", `The directory has more than ${String(limit)} files.`, { limit });
}

function tooDeep(limit: number): AppError {
  return new AppError("TooLarge", `The directory is nested deeper than ${String(limit)} folders.`, { limit });
}
