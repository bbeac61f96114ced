import { partOf, unreadSentence, unreadSpellings } from "@/lib/archive/parts";
import { findPart, indexProblems, readIndex, type Index } from "@/lib/archive/contents";
import { checkReadable } from "@/lib/archive/yaml";
import { AppError } from "@/lib/domain/error";
import { collisionKey, isTextPath, MANIFEST_PATH, parseWorkspacePath } from "@/lib/domain/path";
import type { WorkspaceFile } from "@/lib/domain/workspace";
import type { Limits } from "../../env/limits";

/** The new bytes of each path; null deletes it. */
export type Edits = ReadonlyMap<string, Uint8Array | null>;

/** Throws for a path that nobody may write, or bytes that the platform could not read afterwards. */
export function checkEdit(path: string, bytes: Uint8Array | null, limits: Limits): void {
  parseWorkspacePath(path);
  if (collisionKey(path) === MANIFEST_PATH)
    throw new AppError("InvalidRequest", `${MANIFEST_PATH} is generated and cannot be edited.`, { path });
  if (bytes === null) {
    return;
  }
  if (!isTextPath(path))
    throw new AppError("InvalidRequest", `${path} is not a text file, so it can only come from git.`, {
      path,
    });
  if (bytes.byteLength > limits.fileBytes)
    throw new AppError("TooLarge", `${path} is larger than ${String(limits.fileBytes)} bytes.`, {
      path,
      maxBytes: limits.fileBytes,
    });
  // An ordinary file may hold anything, such as JSON with comments.
  if (partOf(path, bytes).kind !== "other") checkReadable(path, bytes);
}

/** Throws for a deletion of a file that the workspace is read from, and for a new file that would not be read. */
function checkSpellings(
  before: readonly WorkspaceFile[],
  after: readonly WorkspaceFile[],
  edits: Edits,
): void {
  const old = before.map(({ path }) => path);
  for (const kind of ["index", "security"] as const) {
    const path = findPart(old, kind);
    if (path !== undefined && edits.get(path) === null)
      throw new AppError("InvalidRequest", `${path} belongs to every workspace and cannot be deleted.`, {
        path,
      });
  }
  const known = new Set(old);
  for (const [path, read] of unreadSpellings(after.map((file) => file.path))) {
    const created = [path, read].find((one) => !known.has(one));
    if (created === undefined) continue;
    const other = created === path ? read : path;
    throw new AppError(
      "InvalidRequest",
      `${created} cannot exist next to ${other}: ${unreadSentence(path, read)} Change ${other}, or delete it first.`,
      { path: created, other },
    );
  }
}

/** Throws when the files as a whole could not live in one workspace; `before` are those that were there. */
export function checkWhole(
  before: readonly WorkspaceFile[],
  files: readonly WorkspaceFile[],
  edits: Edits,
  limits: Limits,
): void {
  checkSpellings(before, files, edits);
  if (files.length > limits.filesPerWorkspace)
    throw new AppError(
      "TooLarge",
      `A workspace can have at most ${String(limits.filesPerWorkspace)} files.`,
      {
        maxFiles: limits.filesPerWorkspace,
      },
    );
  const paths = new Map<string, string[]>();
  const named = (path: string) => paths.get(collisionKey(path)) ?? [];
  for (const { path } of files) paths.set(collisionKey(path), [...named(path), path]);
  for (const [path, bytes] of edits) {
    if (bytes === null) continue;
    const other = named(path).find((one) => one !== path);
    if (other !== undefined) throw clash(path, other);
    const segments = path.split("/");
    for (let depth = 1; depth < segments.length; depth++) {
      const [folder] = named(segments.slice(0, depth).join("/"));
      if (folder !== undefined) throw clash(path, folder);
    }
    const below = `${collisionKey(path)}/`;
    const child = files.find((file) => collisionKey(file.path).startsWith(below));
    if (child) throw clash(path, child.path);
  }
}

function clash(path: string, other: string): AppError {
  return new AppError(
    "InvalidRequest",
    `${path} cannot exist next to ${other}. Delete or rename one of them.`,
    {
      path,
      other,
    },
  );
}

/**
 * What an edited `index.yml` says of the workspace. Throws UnreadableContent where a field that `isEdited` is not of its
 * form; one that came like that from git hinders nobody who changes another.
 */
export function checkIndex(bytes: Uint8Array, path: string, isEdited: (field: string) => boolean): Index {
  const index = readIndex(bytes, path);
  const problem = indexProblems(bytes, path).find(({ field }) => isEdited(field.split(".")[0] ?? ""));
  if (!problem) return index;
  const { field, message } = problem;
  throw new AppError("UnreadableContent", `${path}: ${field}: ${message}`, { path, field });
}
