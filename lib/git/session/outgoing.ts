import { EMPTY_TREE } from "@/lib/archive/objects";
import type { Oid } from "@/lib/domain/workspace";
import type { GitObject } from "@/lib/versioning/ports";
import { asBuffer } from "../objects/bytes";
import { isSubmoduleMode, isTreeMode } from "../objects/tree";
import { treeDifference } from "../objects/tree-difference";
import { parseCommit } from "../objects/commit";
import { Pace } from "@/lib/runtime/pace";
import type { PackInput } from "../pack/pack-writer";
import type { ObjectStore } from "./object-store";

const BLOB_BATCH = 1000;

/** The objects that a push of some commits has to send, parents and bases first. */
export class Outgoing {
  readonly #seen = new Set<Oid>();
  readonly #trees: { oid: Oid; base: Oid | undefined }[] = [];
  readonly #commits: Oid[] = [];
  readonly #blobs: Oid[] = [];
  readonly #sent: Oid[] = [];

  private constructor(
    private readonly store: ObjectStore,
    private readonly pace: Pace,
  ) {}

  /** Finds what is reachable from these commits and not known to be on the remote. */
  static async from(store: ObjectStore, tips: readonly Oid[], signal: AbortSignal): Promise<Outgoing> {
    const outgoing = new Outgoing(store, new Pace(signal));
    for (const commit of await outgoing.#newCommits(tips)) {
      outgoing.#commits.push(commit.oid);
      const base = commit.parents
        .map((parent) => outgoing.#rootOf(parent))
        .find((tree) => tree !== undefined);
      await outgoing.#addTree(commit.tree, base);
      if (outgoing.pace.due) await outgoing.pace.rest();
    }
    return outgoing;
  }

  /** What `objects` gave out. */
  get sent(): readonly Oid[] {
    return this.#sent;
  }

  /** Everything to send, in batches that take little memory at a time. */
  async *objects(): AsyncGenerator<Iterable<PackInput>, void, undefined> {
    yield this.#commitsAndTrees();
    for (let at = 0; at < this.#blobs.length; at += BLOB_BATCH) {
      const batch = this.#blobs.slice(at, at + BLOB_BATCH);
      const stored = await this.store.readStored(batch.filter((oid) => !this.store.fresh(oid)));
      yield this.#blobsOf(batch, stored);
    }
  }

  *#commitsAndTrees(): Generator<PackInput, void, undefined> {
    for (const oid of this.#commits) yield this.#input(oid, "commit");
    for (const { oid, base } of this.#trees) {
      const bytes = base === undefined ? undefined : this.store.peek(base)?.bytes;
      yield {
        ...this.#input(oid, "tree"),
        ...(base && bytes ? { base: { oid: base, bytes: asBuffer(bytes) } } : {}),
      };
    }
  }

  *#blobsOf(
    batch: readonly Oid[],
    stored: ReadonlyMap<Oid, GitObject>,
  ): Generator<PackInput, void, undefined> {
    for (const oid of batch) {
      const bytes = this.store.fresh(oid)?.bytes ?? stored.get(oid)?.bytes;
      // What neither we nor the database have was carried over from the remote.
      if (!bytes) continue;
      this.#sent.push(oid);
      yield { oid, type: "blob", bytes: asBuffer(bytes) };
    }
  }

  #input(oid: Oid, type: "commit" | "tree"): PackInput {
    this.#sent.push(oid);
    const bytes = this.store.peek(oid)?.bytes ?? Buffer.alloc(0);
    return { oid, type, bytes: asBuffer(bytes) };
  }

  /** Commits of ours, parents before children. */
  async #newCommits(tips: readonly Oid[]): Promise<{ oid: Oid; tree: Oid; parents: Oid[] }[]> {
    const ordered: { oid: Oid; tree: Oid; parents: Oid[] }[] = [];
    const stack = tips.map((oid) => ({ oid, isDone: false })).reverse();
    const done = new Map<Oid, { oid: Oid; tree: Oid; parents: Oid[] }>();
    for (let item = stack.pop(); item; item = stack.pop()) {
      const { oid } = item;
      if (item.isDone) {
        const commit = done.get(oid);
        if (commit) ordered.push(commit);
        continue;
      }
      if (this.#seen.has(oid) || this.store.isRemote(oid)) continue;
      this.#seen.add(oid);
      await this.store.loadStored([oid]);
      const object = this.store.peek(oid);
      if (object?.type !== "commit") continue;
      const commit = parseCommit(oid, asBuffer(object.bytes));
      done.set(oid, commit);
      stack.push({ oid, isDone: true }, ...commit.parents.map((parent) => ({ oid: parent, isDone: false })));
    }
    return ordered;
  }

  #rootOf(commit: Oid): Oid | undefined {
    const object = this.store.peek(commit);
    return object?.type === "commit" ? parseCommit(commit, asBuffer(object.bytes)).tree : undefined;
  }

  async #addTree(root: Oid, rootBase: Oid | undefined): Promise<void> {
    const open: { oid: Oid; base: Oid | undefined }[] = [{ oid: root, base: rootBase }];
    for (let item = open.pop(); item; item = open.pop()) {
      const { oid, base } = item;
      if (this.#seen.has(oid) || oid === base || this.store.isRemote(oid)) continue;
      if (!this.store.has(oid)) await this.store.loadStored([oid]);
      if (oid !== EMPTY_TREE && !this.store.has(oid)) continue;
      this.#seen.add(oid);
      const tree = this.store.tree(oid);
      if (!tree) continue;
      const baseTree = base !== undefined && this.store.has(base) ? this.store.tree(base) : undefined;
      const origin = this.store.fresh(oid)?.base;
      const isSent = origin !== undefined && (this.#seen.has(origin) || this.store.isRemote(origin));
      this.#trees.push({ oid, base: isSent ? origin : baseTree && base });
      const { now, before } = treeDifference(tree, baseTree);
      for (const entry of now.values()) {
        if (isTreeMode(entry.mode)) open.push({ oid: entry.oid, base: before.get(entry.name)?.oid });
        else if (
          !isSubmoduleMode(entry.mode) &&
          !this.#seen.has(entry.oid) &&
          !this.store.isRemote(entry.oid)
        ) {
          this.#seen.add(entry.oid);
          this.#blobs.push(entry.oid);
        }
      }
    }
  }
}
