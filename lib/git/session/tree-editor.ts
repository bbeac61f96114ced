import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import type { TreeChanges } from "@/lib/versioning/ports";
import {
  editEntries,
  entryCount,
  type EntryEdits,
  findEntry,
  isTreeMode,
  makeTree,
  type Tree,
  TREE_MODE,
} from "../objects/tree";
import type { ObjectStore } from "./object-store";
import type { TreeReader } from "./tree-reader";

type Change = { mode: string; oid: Oid } | null;

/** The changes of one folder: of its own names, and of folders inside it. */
interface Folder {
  own: Map<string, Change>;
  inner: Map<string, Folder>;
}

/** Makes new trees out of old ones; what is not changed keeps its bytes. */
export class TreeEditor {
  constructor(
    private readonly store: ObjectStore,
    private readonly reader: TreeReader,
  ) {}

  /** The tree with these paths changed; null when nothing is left. */
  async edit(tree: Oid | null, changes: TreeChanges): Promise<Oid | null> {
    const root: Folder = { own: new Map(), inner: new Map() };
    for (const [path, change] of changes) {
      const segments = checkedSegments(path);
      const name = segments.pop() ?? "";
      let folder = root;
      for (const segment of segments) {
        const inner = folder.inner.get(segment) ?? { own: new Map(), inner: new Map() };
        folder.inner.set(segment, inner);
        folder = inner;
      }
      folder.own.set(name, change);
    }
    return this.#apply(tree, root);
  }

  /** The root tree with the directory at `segments` replaced (null: taken away); folders left empty go too. */
  async place(root: Oid | null, segments: readonly string[], subtree: Oid | null): Promise<Oid | null> {
    const [name, ...rest] = segments;
    if (name === undefined) return subtree;
    const tree = root === null ? null : await this.reader.tree(root);
    const entry = tree && findEntry(tree, name);
    const isFolder = entry !== null && entry !== undefined && isTreeMode(entry.mode);
    if (entry && !isFolder) {
      if (subtree === null) return root;
      throw new AppError(
        "UnreadableContent",
        `${segments.join("/")} cannot be written: the repository has a file, link or submodule at ${name}. Move it away, or change the dirpath.`,
      );
    }
    const inner = await this.place(isFolder ? entry.oid : null, rest, subtree);
    if (inner === null && !entry) return root;
    const edits = new Map([[name, inner === null ? null : { mode: TREE_MODE, oid: inner }]]);
    return this.#write(root, tree, edits);
  }

  async #apply(base: Oid | null, folder: Folder): Promise<Oid | null> {
    const tree = base === null ? null : await this.reader.tree(base);
    const edits = new Map<string, Change>(folder.own);
    for (const [name, inner] of folder.inner) {
      const own = folder.own.get(name);
      const entry = own === undefined && tree ? findEntry(tree, name) : undefined;
      const below = entry && isTreeMode(entry.mode) ? entry.oid : null;
      const result = await this.#apply(below, inner);
      if (result === null) {
        if (below !== null) edits.set(name, null);
      } else if (own) {
        throw new AppError("InvalidRequest", `The path ${name} cannot be a file and a folder at once.`);
      } else {
        edits.set(name, { mode: TREE_MODE, oid: result });
      }
    }
    return edits.size === 0 ? base : this.#write(base, tree, edits);
  }

  #write(base: Oid | null, tree: Tree | null, edits: EntryEdits): Oid | null {
    const edited = editEntries(tree ?? makeTree([]), edits);
    if (entryCount(edited) === 0) return null;
    return this.store.putTree(edited, base ?? undefined);
  }
}

/** Segments that git itself would accept; the rules for workspaces are stricter and stand above. */
function checkedSegments(path: string): string[] {
  const segments = path.split("/");
  for (const segment of segments) {
    if (
      segment === "" ||
      segment === "." ||
      segment === ".." ||
      /^\.git$/i.test(segment) ||
      segment.includes("\0")
    ) {
      throw new AppError(
        "InvalidRequest",
        `The path ${JSON.stringify(path.slice(0, 200))} cannot be stored in git.`,
      );
    }
  }
  return segments;
}

/** The segments of a directory; none for the root. */
export function directorySegments(directory: string): string[] {
  return directory === "" ? [] : checkedSegments(directory);
}
