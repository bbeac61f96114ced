import type { ConnectionStep } from "@/lib/domain/wire/connection";
import type { Oid } from "@/lib/domain/workspace";
import type { Repository } from "@/lib/domain/repository";
import type { ObjectSource } from "./objects";

/** One file, link or submodule of a directory; `path` is relative to it. */
export interface TreeEntry {
  path: string;
  /** Octal as git writes it: 100644, 100755, 120000 (symbolic link), 160000 (submodule), or what a stranger wrote. */
  mode: string;
  oid: Oid;
}

/** A change of one path of a directory; null removes it. */
export type TreeChanges = ReadonlyMap<string, { mode: string; oid: Oid } | null>;

export interface CommitInfo {
  oid: Oid;
  tree: Oid;
  parents: Oid[];
  authorName: string;
  authorEmail: string;
  /** Seconds since 1970. */
  date: number;
  message: string;
}

export interface NewCommit {
  /** The commit whose root tree is kept outside `directory`; null: an empty tree. */
  onto: Oid | null;
  directory: string;
  /** The new content of `directory`; null: the directory is not there. */
  subtree: Oid | null;
  /** Folders that change in the same commit, before `directory` and in this order; null removes one. */
  others?: readonly { directory: string; subtree: Oid | null }[];
  parents: readonly Oid[];
  author: { name: string; email: string };
  date: Date;
  message: string;
}

export type ConflictKind =
  "content" | "add/add" | "modify/delete" | "file/directory" | "mode" | "binary" | "rename" | "name";

/** A path that git could not merge, with the blob of each side; null where the side has no file there. */
export interface PathConflict {
  path: string;
  kind: ConflictKind;
  base: Oid | null;
  ours: Oid | null;
  theirs: Oid | null;
}

export type MergeOutcome =
  { kind: "merged"; subtree: Oid | null } | { kind: "conflict"; conflicts: PathConflict[] };

export interface RefUpdate {
  /** Full name, `refs/heads/…` or `refs/tags/…`. */
  ref: string;
  /** What the remote must hold now; null: nothing. */
  expected: Oid | null;
  next: Oid;
}

export type PushOutcome =
  | { kind: "accepted" }
  /**
   * `stale`: a ref moved since it was read; ask again and replay. `reasons` by ref, in the remote's words; `moved`: the
   * refs that it moved all the same, as it shows them afterwards.
   */
  | { kind: "rejected"; stale: boolean; reasons: Map<string, string>; moved: ReadonlySet<string> };

/**
 * One conversation with one repository. Everything read is fetched once; everything written stays in memory
 * until `push`. All methods throw RemoteUnreachable, RemoteAuthFailed or RemoteNotFound when the remote
 * fails them, and the abort signal's reason once it is aborted.
 */
export interface RepositorySession {
  readonly repository: Repository;
  /** In a sentence, the commit that a directory on disk was checked out from; null where there is nothing to say. */
  readonly origin: string | null;

  /** The commit of a full ref name as last advertised; null: no such ref. Tags are peeled to their commit. */
  ref(name: string): Oid | null;
  /** Advertised refs below a prefix such as `refs/heads/prismeai/`. */
  refs(prefix: string): Map<string, Oid>;
  /** Asks the remote for its refs again. */
  refresh(): Promise<void>;

  commit(oid: Oid): Promise<CommitInfo>;
  /** The commit of that id when the repository has it, else null. */
  findCommit(oid: Oid): Promise<CommitInfo | null>;
  /** The tree of `directory` in a commit; null when it is not there. Empty `directory`: the root tree. */
  subtree(commit: Oid, directory: string): Promise<Oid | null>;
  /** Sub-directories of `directory` by name, each with its tree. */
  directories(commit: Oid, directory: string): Promise<Map<string, Oid>>;
  /** Every file below a tree, in git's order; throws TooLarge beyond the limits. */
  entries(tree: Oid | null): Promise<TreeEntry[]>;
  /** Reads everything below these trees together, for `entries` to answer from memory. */
  load(trees: readonly Oid[]): Promise<void>;
  /** The bytes of all these blobs, in one request for those not here yet. Throws TooLarge for one over the limit. */
  blobs(oids: readonly Oid[]): Promise<Map<Oid, Uint8Array>>;

  isAncestor(ancestor: Oid, descendant: Oid): Promise<boolean>;
  /** Commits in `until` but not in `since` that change `directory`; null when `since` is not in its history. */
  countCommits(range: { since: Oid | null; until: Oid; directory: string }): Promise<number | null>;

  putBlob(bytes: Uint8Array): Oid;
  /** The tree with these changes applied; null when nothing is left. Equal content gives the equal id. */
  editTree(tree: Oid | null, changes: TreeChanges): Promise<Oid | null>;
  putCommit(commit: NewCommit): Promise<Oid>;
  /**
   * Git's merge of two commits, for `directory` alone. Paths in `generated` never conflict: ours is kept.
   * Several merge bases are merged first, as git does; unrelated histories merge from nothing.
   */
  mergeDirectory(input: {
    ours: Oid;
    theirs: Oid;
    directory: string;
    generated?: readonly string[];
  }): Promise<MergeOutcome>;

  /**
   * Sends new objects and moves these refs, all or none where the remote can do that. What became of each ref is what
   * the remote says of it, and what it shows where its word is not enough. Once accepted, `ref()` answers what was
   * sent, without asking again.
   */
  push(updates: readonly RefUpdate[]): Promise<PushOutcome>;

  /** Ends the conversation and frees what it held. */
  close(): Promise<void>;
}

export interface OpenOptions {
  objects: ObjectSource;
  signal: AbortSignal;
  /** Full ref names and prefixes (ending in `/`) that matter. Nothing else is asked for. */
  refs: readonly string[];
  /** Commits and trees of the last meeting: those still there are read in the same request as the tips. */
  expects?: { commits?: readonly Oid[]; trees?: readonly Oid[] };
  /** A push follows, so what the remote says about pushes is worth asking for at once. */
  pushes?: boolean | undefined;
  /** Most directories are known by their id, so only the folders above them are read at first. */
  isMostlyKnown?: boolean;
}

export interface Repositories {
  open(repository: Repository, options: OpenOptions): Promise<RepositorySession>;
  /** Tries each step of using the repository and changes nothing in it; what does not work is told in the answer. */
  test(repository: Repository, signal: AbortSignal): Promise<ConnectionStep[]>;
}
