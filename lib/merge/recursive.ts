import { hashObject } from "@/lib/archive/objects";
import type { Oid } from "@/lib/domain/workspace";
import { mergeBases, type CommitGraph } from "./bases";
import { mergeTrees } from "./tree";
import { treeId } from "./tree-id";
import type { MergeEntry, MergeObjects, TreeMerge } from "./types";

/** The history and contents of what is merged; trees are those of the one directory that matters. */
export interface MergeHistory extends CommitGraph {
  /** The tree of a commit, null when the directory is not in it. */
  tree(commit: Oid): Promise<Oid | null>;
}

export interface CommitMergeInput {
  ours: Oid;
  theirs: Oid;
  generated?: readonly string[];
}

/**
 * Git's merge of two commits. Several merge bases are merged first, oldest first; unrelated histories start
 * from nothing. Where the bases disagree, the merged one holds what git writes there; where that is not certain,
 * the path is a conflict unless both sides agree on it.
 */
export async function mergeCommits(
  history: MergeHistory,
  objects: MergeObjects,
  input: CommitMergeInput,
): Promise<TreeMerge> {
  return new RecursiveMerge(history, new ScratchObjects(objects), objects).merge(input);
}

class RecursiveMerge {
  private readonly graph: VirtualGraph;
  /** Contents that stand for a path at which the merged bases are not known. */
  private readonly unknown = new Set<Oid>();

  constructor(
    history: MergeHistory,
    private readonly scratch: ScratchObjects,
    private readonly objects: MergeObjects,
  ) {
    this.graph = new VirtualGraph(history);
  }

  async merge(input: CommitMergeInput): Promise<TreeMerge> {
    const base = await this.baseTree(input.ours, input.theirs, 0);
    if (base.kind === "conflict") return base;
    const [ours, theirs] = await Promise.all([this.graph.tree(input.ours), this.graph.tree(input.theirs)]);
    return mergeTrees(this.scratch.writingTo(this.objects), {
      base: base.tree,
      ours,
      theirs,
      generated: input.generated,
      unknown: this.unknown,
    });
  }

  private async baseTree(ours: Oid, theirs: Oid, depth: number): Promise<TreeMerge> {
    const [first, ...others] = (await mergeBases(this.graph, ours, theirs)).reverse();
    if (first === undefined) return { kind: "merged", tree: null };
    let merged = first;
    for (const next of others) {
      const result = await this.mergeBasesInto(merged, next, depth + 1);
      if (result.kind === "conflict") return result;
      merged = this.graph.add([merged, next], result.tree);
    }
    return { kind: "merged", tree: await this.graph.tree(merged) };
  }

  private async mergeBasesInto(one: Oid, other: Oid, depth: number): Promise<TreeMerge> {
    const base = await this.baseTree(one, other, depth);
    if (base.kind === "conflict") return base;
    const [ours, theirs] = await Promise.all([this.graph.tree(one), this.graph.tree(other)]);
    return mergeTrees(this.scratch, {
      base: base.tree,
      ours,
      theirs,
      unknown: this.unknown,
      bases: { depth, standIn: (path) => this.standIn(path) },
    });
  }

  private standIn(path: string): Oid {
    const oid = this.scratch.putBlob(Buffer.from(`Merge bases disagree on ${path}.\n`));
    this.unknown.add(oid);
    return oid;
  }
}

/** The history with merged bases added to it. */
class VirtualGraph implements MergeHistory {
  private readonly added = new Map<Oid, { parents: readonly Oid[]; tree: Oid | null }>();

  constructor(private readonly history: MergeHistory) {}

  add(parents: readonly Oid[], tree: Oid | null): Oid {
    const oid = hashObject("commit", Buffer.from(JSON.stringify([parents, tree, this.added.size])));
    this.added.set(oid, { parents, tree });
    return oid;
  }

  async parents(oid: Oid): Promise<readonly Oid[]> {
    return this.added.get(oid)?.parents ?? this.history.parents(oid);
  }

  async date(oid: Oid): Promise<number> {
    return this.added.has(oid) ? 0 : this.history.date(oid);
  }

  async tree(oid: Oid): Promise<Oid | null> {
    const added = this.added.get(oid);
    return added ? added.tree : this.history.tree(oid);
  }
}

/** Keeps what only a merge base needs to itself, so that it never becomes part of a repository. */
class ScratchObjects implements MergeObjects {
  private readonly blobs = new Map<Oid, Uint8Array>();
  private readonly trees = new Map<Oid, readonly MergeEntry[]>();

  constructor(private readonly objects: MergeObjects) {}

  /** Reads here and there, writes there only. */
  writingTo(target: MergeObjects): MergeObjects {
    return {
      readTree: (oid) => this.readTree(oid),
      readBlobs: (oids) => this.readBlobs(oids),
      putBlob: (bytes) => target.putBlob(bytes),
      putTree: (entries) => target.putTree(entries),
    };
  }

  async readTree(oid: Oid): Promise<readonly MergeEntry[]> {
    return this.trees.get(oid) ?? this.objects.readTree(oid);
  }

  async readBlobs(oids: readonly Oid[]): Promise<ReadonlyMap<Oid, Uint8Array>> {
    const found = new Map<Oid, Uint8Array>();
    const missing: Oid[] = [];
    for (const oid of oids) {
      const bytes = this.blobs.get(oid);
      if (bytes) found.set(oid, bytes);
      else missing.push(oid);
    }
    if (missing.length > 0)
      for (const [oid, bytes] of await this.objects.readBlobs(missing)) found.set(oid, bytes);
    return found;
  }

  putBlob(bytes: Uint8Array): Oid {
    const oid = hashObject("blob", bytes);
    this.blobs.set(oid, bytes);
    return oid;
  }

  putTree(entries: readonly MergeEntry[]): Oid {
    const oid = treeId(entries);
    this.trees.set(oid, entries);
    return oid;
  }
}
