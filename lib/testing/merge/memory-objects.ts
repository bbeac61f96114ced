import { hashObject } from "@/lib/archive/objects";
import type { Oid } from "@/lib/domain/workspace";
import { buildTree } from "@/lib/merge/paths/build";
import { treeId } from "@/lib/merge/tree-id";
import type { MergeEntry, MergeObjects, Slot } from "@/lib/merge/types";

/** A file of a scenario: its content, its mode when that is not 100644, or the commit of a submodule. */
export interface FileSpec {
  mode?: string;
  bytes: Uint8Array;
  submodule?: string;
}

/** A directory as path by path; strings are read as latin1, so that every byte can be written. */
export type Files = Record<string, string | FileSpec>;

/** Objects in memory; counts how often contents were asked for. */
export class MemoryObjects implements MergeObjects {
  readonly blobs = new Map<Oid, Uint8Array>();
  readonly trees = new Map<Oid, readonly MergeEntry[]>();
  reads = 0;

  async readTree(oid: Oid): Promise<readonly MergeEntry[]> {
    const entries = this.trees.get(oid);
    if (!entries) throw new Error(`There is no tree ${oid}.`);
    return entries;
  }

  async readBlobs(oids: readonly Oid[]): Promise<Map<Oid, Uint8Array>> {
    this.reads++;
    const found = new Map<Oid, Uint8Array>();
    for (const oid of oids) {
      const bytes = this.blobs.get(oid);
      if (!bytes) throw new Error(`There is no blob ${oid}.`);
      found.set(oid, bytes);
    }
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

  /** Writes the tree of these files; null when there are none. */
  putFiles(files: Files): Oid | null {
    const slots = new Map<string, Slot>();
    for (const [path, content] of Object.entries(files)) {
      const file = fileSpec(content);
      const oid = file.submodule !== undefined ? (file.submodule as Oid) : this.putBlob(file.bytes);
      slots.set(path, { mode: file.mode ?? "100644", oid });
    }
    return buildTree(this, slots);
  }
}

export function fileSpec(content: string | FileSpec): FileSpec {
  return typeof content === "string" ? { bytes: Buffer.from(content, "latin1") } : content;
}
