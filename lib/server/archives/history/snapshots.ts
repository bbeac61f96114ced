import { buildTree, hashObject } from "@/lib/archive/objects";
import { breathe } from "@/lib/runtime/pace";
import { AppError } from "@/lib/domain/error";
import { MANIFEST_PATH } from "@/lib/domain/path";
import type { Oid } from "@/lib/domain/workspace";
import { asBuffer } from "@/lib/git/objects/bytes";
import { entriesOf, isTreeMode, parseTree } from "@/lib/git/objects/tree";
import type { StagedFile } from "@/lib/git/on-disk/staging";
import type { PackInput } from "@/lib/git/pack/pack-writer";
import type { ObjectSource } from "@/lib/versioning/ports";
import type { Shown } from "../../workspaces/edits/credentials";
import type { TreeFile } from "../../workspaces/tree-files";

const READ_AT_ONCE = 50;

interface Held {
  oid: Oid;
  bytes: Buffer;
}

/** A state of the workspace as it goes into the history. */
export interface Snapshot {
  tree: Oid;
  files: StagedFile[];
  /** What no earlier snapshot has. */
  objects: PackInput[];
}

/** The objects of one state of a workspace after the other, each of them once, and as whoever exports may see them. */
export class Snapshots {
  readonly #seen = new Set<Oid>();
  /** What was shown for a file, by its path and stored id. */
  readonly #shownAs = new Map<string, Oid>();
  /** What lay at each path of the snapshot before, which the next one's objects are made from. */
  #before = new Map<string, Held>();
  #bytes = 0;

  constructor(
    private readonly source: ObjectSource,
    private readonly shown: Shown,
    private readonly limit: number,
  ) {}

  /** The next state; null when a file of it is not stored any more. Throws TooLarge. */
  async next(all: readonly TreeFile[]): Promise<Snapshot | null> {
    const files = all.filter(({ mode, path }) => mode.startsWith("100") && path !== MANIFEST_PATH);
    const unknown = files.filter((file) => !this.#shownAs.has(keyOf(file)));
    const stored = await this.#read([...new Set(unknown.map(({ oid }) => oid))]);
    if (!stored) return null;
    const objects: PackInput[] = [];
    const now = new Map<string, Held>();
    for (const file of unknown) {
      const { path, oid } = file;
      const bytes = stored.get(oid) ?? Buffer.alloc(0);
      const shown = asBuffer(this.shown(path, bytes));
      const held = { oid: shown === bytes ? oid : hashObject("blob", shown), bytes: shown };
      this.#shownAs.set(keyOf(file), held.oid);
      this.#add(objects, "blob", held, this.#before.get(path));
      now.set(path, held);
      await breathe();
    }
    const staged = files.map((file): StagedFile => ({
      path: file.path,
      mode: file.mode === "100755" ? "100755" : "100644",
      oid: this.#shownAs.get(keyOf(file)) ?? file.oid,
    }));
    const tree = this.#addTrees(objects, staged, now);
    this.#remember(staged, now);
    return { tree, files: staged, objects };
  }

  /** These contents; null when one is not stored any more. */
  async #read(oids: readonly Oid[]): Promise<Map<Oid, Buffer> | null> {
    const found = new Map<Oid, Buffer>();
    let bytes = this.#bytes;
    for (let at = 0; at < oids.length; at += READ_AT_ONCE) {
      const part = oids.slice(at, at + READ_AT_ONCE);
      const stored = await this.source.readObjects(part);
      for (const oid of part) {
        const object = stored.get(oid);
        if (!object) return null;
        bytes += object.bytes.length;
        if (bytes > this.limit) throw tooLarge(this.limit);
        found.set(oid, asBuffer(object.bytes));
      }
    }
    return found;
  }

  #addTrees(objects: PackInput[], files: readonly StagedFile[], now: Map<string, Held>): Oid {
    const built = buildTree(files);
    const open = [{ path: "/", oid: built.tree }];
    for (let folder = open.pop(); folder; folder = open.pop()) {
      const { path, oid } = folder;
      const bytes = asBuffer(built.objects.get(oid)?.bytes ?? new Uint8Array());
      this.#add(objects, "tree", { oid, bytes }, this.#before.get(path));
      now.set(path, { oid, bytes });
      for (const entry of entriesOf(parseTree(bytes)))
        if (isTreeMode(entry.mode)) open.push({ path: `${path}${entry.name}/`, oid: entry.oid });
    }
    return built.tree;
  }

  #add(objects: PackInput[], type: "blob" | "tree", { oid, bytes }: Held, base: Held | undefined): void {
    if (this.#seen.has(oid)) return;
    this.#seen.add(oid);
    this.#bytes += bytes.length;
    if (this.#bytes > this.limit) throw tooLarge(this.limit);
    objects.push({ oid, type, bytes, ...(base ? { base } : {}) });
  }

  /** Files that did not change stay what the next change of them is compared with; those that went are let go. */
  #remember(files: readonly StagedFile[], now: Map<string, Held>): void {
    for (const { path } of files) {
      const held = now.get(path) ?? this.#before.get(path);
      if (held) now.set(path, held);
    }
    this.#before = now;
  }
}

function keyOf({ path, oid }: TreeFile): string {
  return `${oid}${path}`;
}

function tooLarge(limit: number): AppError {
  return new AppError(
    "TooLarge",
    `The history of this workspace has more than ${String(limit)} bytes of content. Export the workspace without its history, or raise SWITCHYARD_LIMIT_ARCHIVE_INFLATED_BYTES.`,
    { limit },
  );
}
