import { EMPTY_TREE } from "@/lib/archive/objects";
import { AppError } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import type {
  CommitInfo,
  MergeOutcome,
  NewCommit,
  OpenOptions,
  PushOutcome,
  RefUpdate,
  RepositorySession,
  TreeChanges,
  TreeEntry,
} from "@/lib/versioning/ports";
import { serializeCommit, type CommitFields } from "../objects/commit";
import { entryAt, entryCount, isTreeMode } from "../objects/tree";
import { asBuffer } from "../objects/bytes";
import { Pace } from "@/lib/runtime/pace";
import { CommitGraph } from "./commit-graph";
import { ChangeCounter } from "./count-changes";
import type { GitLimits } from "./limits";
import { mergeAt } from "./merge-directory";
import type { ObjectRemote } from "./object-remote";
import { ObjectStore } from "./object-store";
import { directorySegments, TreeEditor } from "./tree-editor";
import { missingObject, TreeReader } from "./tree-reader";

/** Everything of a session that works on objects, wherever they come from; refs and pushing are left to the kinds. */
export abstract class ObjectSession implements RepositorySession {
  protected readonly store: ObjectStore;
  readonly #reader: TreeReader;
  readonly #editor: TreeEditor;
  readonly #graph: CommitGraph;
  readonly #changes: ChangeCounter;
  readonly #remote: ObjectRemote;
  readonly #pace: Pace;

  constructor(
    readonly repository: Repository,
    protected readonly options: OpenOptions,
    protected readonly limits: GitLimits,
    makeRemote: (store: ObjectStore) => ObjectRemote,
  ) {
    this.#pace = new Pace(options.signal);
    this.store = new ObjectStore(options.objects);
    this.#remote = makeRemote(this.store);
    this.#reader = new TreeReader(this.store, this.#remote, limits, options.signal);
    this.#editor = new TreeEditor(this.store, this.#reader);
    this.#graph = new CommitGraph(this.store, this.#remote, options.signal);
    this.#changes = new ChangeCounter(this.#graph, this.#reader, this.#pace);
  }

  readonly origin: string | null = null;

  abstract ref(name: string): Oid | null;
  abstract refs(prefix: string): Map<string, Oid>;
  abstract refresh(): Promise<void>;
  abstract push(updates: readonly RefUpdate[]): Promise<PushOutcome>;

  commit(oid: Oid): Promise<CommitInfo> {
    return this.#graph.commit(oid);
  }

  findCommit(oid: Oid): Promise<CommitInfo | null> {
    return this.#graph.find(oid);
  }

  async subtree(commit: Oid, directory: string): Promise<Oid | null> {
    const { tree } = await this.commit(commit);
    return this.#reader.directory(tree, this.segments(directory));
  }

  async directories(commit: Oid, directory: string): Promise<Map<string, Oid>> {
    const tree = await this.subtree(commit, directory);
    if (tree === null) return new Map();
    const read = await this.#reader.tree(tree);
    await this.#breathe();
    const found = new Map<string, Oid>();
    for (let index = 0; index < entryCount(read); index++) {
      const { name, mode, oid } = entryAt(read, index);
      if (isTreeMode(mode)) found.set(name, oid);
      if (this.#pace.due) await this.#pace.rest();
    }
    return found;
  }

  async entries(tree: Oid | null): Promise<TreeEntry[]> {
    return tree === null ? [] : this.#reader.files(tree);
  }

  load(trees: readonly Oid[]): Promise<void> {
    return this.#reader.loadBelow(trees);
  }

  async blobs(oids: readonly Oid[]): Promise<Map<Oid, Uint8Array>> {
    const wanted = [...new Set(oids)];
    const stored = await this.store.readStored(wanted.filter((oid) => !this.store.has(oid)));
    const missing = wanted.filter((oid) => !this.store.has(oid) && !stored.has(oid));
    if (missing.length > 0) await this.#remote.fetchBlobs(missing);
    const found = new Map<Oid, Uint8Array>();
    const pace = new Pace(this.options.signal);
    let total = 0;
    for (const oid of wanted) {
      const size = stored.get(oid)?.bytes.length ?? this.store.sizeOf(oid);
      total += size ?? 0;
      if (total > this.limits.readBytes) throw readTooMuch(this.limits.readBytes);
      if (size !== undefined && size > this.limits.blobBytes)
        throw blobTooLarge(oid, size, this.limits.blobBytes);
      const object = stored.get(oid) ?? this.store.peek(oid);
      if (object?.type !== "blob") throw missingObject(oid);
      found.set(oid, object.bytes);
      if (pace.due) await pace.rest();
    }
    return found;
  }

  async isAncestor(ancestor: Oid, descendant: Oid): Promise<boolean> {
    await this.#breathe();
    return this.#graph.isAncestor(ancestor, descendant);
  }

  async countCommits(range: { since: Oid | null; until: Oid; directory: string }): Promise<number | null> {
    const commits = await this.#graph.between(range.since, range.until);
    if (commits === null) return null;
    return this.#changes.count(commits, range.until, this.segments(range.directory));
  }

  putBlob(bytes: Uint8Array): Oid {
    return this.store.put("blob", asBuffer(bytes));
  }

  async editTree(tree: Oid | null, changes: TreeChanges): Promise<Oid | null> {
    await this.#breathe();
    return this.#editor.edit(tree, changes);
  }

  async putCommit(commit: NewCommit): Promise<Oid> {
    await this.#breathe();
    const before = commit.onto === null ? null : (await this.commit(commit.onto)).tree;
    let root = before;
    for (const { directory, subtree } of commit.others ?? [])
      root = await this.#editor.place(root, this.segments(directory), subtree);
    root = await this.#editor.place(root, this.segments(commit.directory), commit.subtree);
    if (root === null || root === EMPTY_TREE) root = this.store.put("tree", Buffer.alloc(0));
    return this.store.put("commit", serializeCommit({ ...commit, ...this.peopleOf(commit), tree: root }));
  }

  /** Who stands in a commit as its author and its committer. */
  protected peopleOf({ author }: Pick<NewCommit, "author">): Pick<CommitFields, "author" | "committer"> {
    return { author };
  }

  mergeDirectory(input: {
    ours: Oid;
    theirs: Oid;
    directory: string;
    generated?: readonly string[];
  }): Promise<MergeOutcome> {
    return mergeAt(
      { ...input, segments: this.segments(input.directory) },
      {
        graph: this.#graph,
        reader: this.#reader,
        store: this.store,
        readBlobs: (oids) => this.blobs(oids),
      },
    );
  }

  close(): Promise<void> {
    this.store.clear();
    return Promise.resolve();
  }

  /** What is in memory is answered without a pause; a thousand such answers in a row must not hold up the server. */
  async #breathe(): Promise<void> {
    this.options.signal.throwIfAborted();
    if (this.#pace.due) await this.#pace.rest();
  }

  /** Where a directory of the port lies below the root tree. */
  protected segments(directory: string): string[] {
    return directorySegments(directory);
  }
}

function blobTooLarge(oid: Oid, size: number, limit: number): AppError {
  return new AppError(
    "TooLarge",
    `A file of the repository has ${String(size)} bytes; the limit is ${String(limit)}.`,
    { oid, size, limit },
  );
}

function readTooMuch(limit: number): AppError {
  return new AppError(
    "TooLarge",
    `The files to read from the repository have more than ${String(limit)} bytes together.`,
    { limit },
  );
}
