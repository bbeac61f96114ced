import { hashObject } from "@/lib/archive/objects";
import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import type { GitObject, ObjectSource, ObjectType } from "@/lib/versioning/ports";
import { asBuffer } from "../objects/bytes";
import { parseTree, type Tree } from "../objects/tree";
import type { Pack } from "../pack/pack-reader";

const PARSED_TREES = 4096;
const PARSED_TREE_BYTES = 64 * 1024 * 1024;
// Trees that were pushed stay at hand for the next commit until they take this much.
const PUSHED_TREE_BYTES = 32 * 1024 * 1024;
const SOURCE_BATCH = 2000;

export interface FreshObject {
  type: ObjectType;
  bytes: Buffer;
  /** The tree that this one was made from. */
  base: Oid | undefined;
}

/** The objects of one session, in layers: written here, fetched from the remote, known to the platform's database. */
export class ObjectStore {
  readonly #fresh = new Map<Oid, FreshObject>();
  readonly #pushed = new Map<Oid, FreshObject>();
  #pushedBytes = 0;
  readonly #packed = new Map<Oid, Pack>();
  readonly #stored = new Map<Oid, GitObject>();
  readonly #notStored = new Set<Oid>();
  readonly #remote = new Set<Oid>();
  #known: ReadonlyMap<Oid, GitObject> = new Map();
  #isKnownRemote = false;
  readonly #trees = new Map<Oid, Tree>();
  #treeBytes = 0;

  constructor(private readonly source: ObjectSource) {}

  /** Keeps an object until it is pushed; one that the remote has is not kept again. */
  put(type: ObjectType, bytes: Buffer, base?: Oid): Oid {
    const oid = hashObject(type, bytes);
    if (!this.isRemote(oid) && !this.#fresh.has(oid)) this.#fresh.set(oid, { type, bytes, base });
    return oid;
  }

  putTree(tree: Tree, base?: Oid): Oid {
    const oid = this.put("tree", tree.bytes, base);
    this.#remember(oid, tree);
    return oid;
  }

  addPack(pack: Pack): void {
    for (const oid of pack.oids()) {
      if (!this.#packed.has(oid)) this.#packed.set(oid, pack);
    }
  }

  /** Objects of an earlier session. `isRemote`: what leads to them is on the remote at this moment. */
  know(objects: ReadonlyMap<Oid, GitObject>, isRemote: boolean): void {
    this.#known = objects;
    this.#isKnownRemote = isRemote;
  }

  /** True when the remote is known to hold the object. */
  isRemote(oid: Oid): boolean {
    return this.#packed.has(oid) || this.#remote.has(oid) || (this.#isKnownRemote && this.#known.has(oid));
  }

  fresh(oid: Oid): FreshObject | undefined {
    return this.#fresh.get(oid);
  }

  /** The object when it is in memory. */
  peek(oid: Oid): GitObject | undefined {
    return (
      this.#fresh.get(oid) ??
      this.#pushed.get(oid) ??
      this.#known.get(oid) ??
      this.#packed.get(oid)?.read(oid) ??
      this.#stored.get(oid)
    );
  }

  has(oid: Oid): boolean {
    const layers = [this.#fresh, this.#pushed, this.#known, this.#packed, this.#stored];
    return layers.some((layer) => layer.has(oid));
  }

  /** The type of an object in memory, without inflating it. */
  typeOf(oid: Oid): ObjectType | undefined {
    return this.#packed.get(oid)?.typeOf(oid) ?? this.peek(oid)?.type;
  }

  /** The size of an object in memory, without inflating it. */
  sizeOf(oid: Oid): number | undefined {
    return this.#packed.get(oid)?.sizeOf(oid) ?? this.peek(oid)?.bytes.length;
  }

  /** The parsed tree when it is in memory. Throws UnreadableContent for an object that is none. */
  tree(oid: Oid): Tree | undefined {
    const parsed = this.#trees.get(oid);
    if (parsed) return parsed;
    const object = this.peek(oid);
    if (!object) return undefined;
    if (object.type !== "tree") {
      throw new AppError(
        "UnreadableContent",
        `Object ${oid} of the repository is a ${object.type} where a directory is expected.`,
      );
    }
    const tree = parseTree(asBuffer(object.bytes));
    this.#remember(oid, tree);
    return tree;
  }

  /** Brings objects from the database into memory; answers those it does not have. */
  async loadStored(oids: readonly Oid[]): Promise<Oid[]> {
    const missing = oids.filter((oid) => !this.has(oid));
    for (const [oid, object] of await this.readStored(missing)) this.#stored.set(oid, object);
    return missing.filter((oid) => !this.#stored.has(oid));
  }

  /** Objects of the database, without keeping them. */
  async readStored(oids: readonly Oid[]): Promise<Map<Oid, GitObject>> {
    const asked = oids.filter((oid) => !this.#notStored.has(oid));
    const found = new Map<Oid, GitObject>();
    for (let at = 0; at < asked.length; at += SOURCE_BATCH) {
      const batch = asked.slice(at, at + SOURCE_BATCH);
      const answer = await this.source.readObjects(batch);
      for (const oid of batch) {
        const object = answer.get(oid);
        if (object) found.set(oid, object);
        else this.#notStored.add(oid);
      }
    }
    return found;
  }

  /** The remote acknowledged these: blobs are let go, trees and commits stay while there is room. */
  settlePushed(oids: Iterable<Oid>): void {
    for (const oid of oids) {
      this.#remote.add(oid);
      const object = this.#fresh.get(oid);
      this.#fresh.delete(oid);
      if (!object || object.type === "blob") continue;
      this.#pushed.set(oid, object);
      this.#pushedBytes += object.bytes.length;
    }
    for (const [oid, object] of this.#pushed) {
      if (this.#pushedBytes <= PUSHED_TREE_BYTES) break;
      if (object.type === "commit") continue;
      this.#pushed.delete(oid);
      this.#forgetTree(oid);
      this.#pushedBytes -= object.bytes.length;
    }
  }

  clear(): void {
    for (const layer of [this.#fresh, this.#pushed, this.#packed, this.#stored, this.#trees]) layer.clear();
    this.#known = new Map();
  }

  #remember(oid: Oid, tree: Tree): void {
    this.#forgetTree(oid);
    this.#trees.set(oid, tree);
    this.#treeBytes += tree.bytes.length;
    for (const oldest of this.#trees.keys()) {
      if (this.#trees.size <= PARSED_TREES && this.#treeBytes <= PARSED_TREE_BYTES) return;
      if (oldest !== oid) this.#forgetTree(oldest);
    }
  }

  #forgetTree(oid: Oid): void {
    this.#treeBytes -= this.#trees.get(oid)?.bytes.length ?? 0;
    this.#trees.delete(oid);
  }
}
