import { createHash } from "node:crypto";
import type { Oid, WorkspaceFile } from "@/lib/domain/workspace";
import type { GitObject, ObjectType } from "./git-object";

/** Git's id of an object: SHA-1 of its header and bytes. */
export function hashObject(type: ObjectType, bytes: Uint8Array): Oid {
  return createHash("sha1")
    .update(`${type} ${String(bytes.length)}\0`)
    .update(bytes)
    .digest("hex") as Oid;
}

/** The id of the empty tree, which every git knows without being sent it. */
export const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904" as Oid;

interface Folder {
  files: Map<string, { mode: string; oid: Oid }>;
  folders: Map<string, Folder>;
}

function emptyFolder(): Folder {
  return { files: new Map(), folders: new Map() };
}

function writeFolder(folder: Folder, objects: Map<Oid, GitObject>): Oid {
  const entries = [
    ...[...folder.files].map(([name, { mode, oid }]) => ({ name, order: name, mode, oid })),
    ...[...folder.folders].map(([name, child]) => ({
      name,
      // Git sorts a directory as if its name ended in a slash.
      order: `${name}/`,
      mode: "40000",
      oid: writeFolder(child, objects),
    })),
  ].map((entry) => ({ ...entry, key: Buffer.from(entry.order, "utf8") }));
  entries.sort((a, b) => Buffer.compare(a.key, b.key));
  const bytes = Buffer.concat(
    entries.flatMap(({ name, mode, oid }) => [
      Buffer.from(`${mode} ${name}\0`, "utf8"),
      Buffer.from(oid, "hex"),
    ]),
  );
  const oid = hashObject("tree", bytes);
  objects.set(oid, { type: "tree", bytes });
  return oid;
}

/** The git tree of these files and every tree object in it; the same files give the same id as in git. */
export function buildTree(files: Iterable<Pick<WorkspaceFile, "path" | "mode" | "oid">>): {
  tree: Oid;
  objects: Map<Oid, GitObject>;
} {
  const root = emptyFolder();
  for (const { path, mode, oid } of files) {
    const segments = path.split("/");
    const name = segments.pop() ?? path;
    let folder = root;
    for (const segment of segments) {
      let next = folder.folders.get(segment);
      if (!next) {
        next = emptyFolder();
        folder.folders.set(segment, next);
      }
      folder = next;
    }
    folder.files.set(name, { mode, oid });
  }
  const objects = new Map<Oid, GitObject>();
  return { tree: writeFolder(root, objects), objects };
}
