import { findPart, readIndex } from "@/lib/archive/contents";
import type { Index } from "@/lib/archive/contents";
import { readManifest } from "@/lib/archive/manifest";
import { buildTree } from "@/lib/archive/objects";
import { AppError } from "@/lib/domain/error";
import { MANIFEST_PATH, reportedPath } from "@/lib/domain/path";
import type { Manifest } from "@/lib/domain/manifest";
import type { ImportError, ImportWarning } from "@/lib/domain/version";
import type { Oid, WorkspaceFile } from "@/lib/domain/workspace";
import type { GitObject, NewContents, Ports, TreeEntry } from "../ports";
import { indexWarnings } from "./checks/index-fields";
import { checksumWarnings } from "./checks/checksums";
import {
  rulesOf,
  withKeptRepositories,
  withLinks,
  type IndexFile,
  type ReadBlobs,
  type RightsInput,
} from "./import-rights";
import { lookIntoFiles, type FilesLook } from "./checks/files";
import { selectFiles } from "./select-files";
import type { SelectedFile, Selection } from "./select-files";

export interface PlanInput extends RightsInput {
  /** Report every file of the source as imported, changed or not. */
  reportAll?: boolean;
  /** The workspace's own repository that the source comes from; its declaration stays. */
  via?: string | undefined;
  /** The files that the manifest came with, where the source has others as well. */
  described?: readonly TreeEntry[];
}

export interface ImportPlan {
  contents: NewContents;
  imported: string[];
  deleted: string[];
  excluded: string[];
  errors: ImportError[];
  warnings: ImportWarning[];
  /** Content of ordinary files that are too large to be taken. */
  leftOut: ReadonlySet<Oid>;
  index: Index;
  manifest: Manifest | null;
}

function noIndex(): AppError {
  return new AppError(
    "UnreadableContent",
    "The source has no index.yml, so it is not a workspace. Check the repository's branch and dirpath.",
    { path: "index.yml" },
  );
}

/** The bytes of everything that is new here, and what they are; what is present already was checked when it came. */
async function readNew(
  selection: Selection,
  present: ReadonlyMap<string, WorkspaceFile>,
  indexPath: string,
  { readBlobs, limits }: PlanInput,
): Promise<{ blobs: Map<Oid, Uint8Array>; look: FilesLook }> {
  const wanted = selection.files.filter(
    ({ path, oid }) => present.get(path)?.oid !== oid || path === indexPath,
  );
  const oids = new Set(wanted.map(({ oid }) => oid));
  if (selection.manifest) oids.add(selection.manifest);
  const blobs = await readBlobs([...oids]);
  const paths = selection.files.map(({ path }) => path);
  return { blobs, look: await lookIntoFiles(wanted, paths, blobs, limits) };
}

/**
 * What an import would make of a workspace; changes nothing.
 * Throws UnreadableContent (no `index.yml`, or a file that cannot be read, with path and line) and TooLarge.
 */
export async function planImport(input: PlanInput): Promise<ImportPlan> {
  const presentFiles = input.present?.files ?? [];
  const present = new Map(presentFiles.map((file) => [file.path, file]));
  const rules = await rulesOf(input);
  const selection = selectFiles(input.source, presentFiles, rules);
  if (
    findPart(
      input.source.map(({ path }) => path),
      "index",
    ) === undefined
  )
    throw noIndex();
  const indexPath = findPart(
    selection.files.map(({ path }) => path),
    "index",
  );
  if (indexPath === undefined) throw noIndex();
  const { blobs, look } = await readNew(selection, present, indexPath, input);
  const errors = [...selection.errors, ...look.leftOut];
  const leftOut = new Set(look.leftOut.map(({ path }) => path));
  const left = new Set(selection.files.filter(({ path }) => leftOut.has(path)).map(({ oid }) => oid));

  const allowed = await withKeptRepositories(input, indexOf(selection, indexPath, blobs), errors);
  const links: ImportWarning[] = [];
  const kept = await withLinks(input, { ...allowed, path: indexPath }, input.via, links);
  const files = selection.files
    .filter(({ path }) => !leftOut.has(path))
    .map((file) => (file.path === indexPath ? { ...file, oid: kept.oid } : file));
  const manifest = readSourceManifest(selection.manifest, blobs, errors);
  const taken = new Set(selection.files.map(({ path }) => path));
  for (const path of selection.excluded) taken.delete(path);
  const described = (input.described ?? input.source).filter(({ path }) => taken.has(path));
  const checksums = manifest
    ? await checksumWarnings({ manifest, files: described, blobs, present, readBlobs: input.readBlobs })
    : [];
  return {
    ...assemble(files, present, new Map([...blobs, [kept.oid, kept.bytes]]), input.reportAll ?? false),
    excluded: selection.excluded.map(reportedPath),
    errors,
    warnings: [...look.warnings, ...links, ...checksums, ...indexWarnings(kept.bytes, indexPath)],
    leftOut: left,
    index: readIndex(kept.bytes, indexPath),
    manifest,
  };
}

function indexOf(selection: Selection, path: string, blobs: ReadonlyMap<Oid, Uint8Array>): IndexFile {
  const oid = selection.files.find((file) => file.path === path)?.oid;
  const bytes = oid && blobs.get(oid);
  if (!oid || !bytes) throw noIndex();
  return { path, oid, bytes };
}

function readSourceManifest(
  oid: Oid | null,
  blobs: ReadonlyMap<Oid, Uint8Array>,
  errors: ImportError[],
): Manifest | null {
  const bytes = oid ? blobs.get(oid) : undefined;
  if (!bytes) return null;
  try {
    return readManifest(bytes);
  } catch (error) {
    // The manifest is generated; a damaged one costs its facts, not the import.
    if (!(error instanceof AppError)) throw error;
    errors.push({ err: "UnreadableManifest", msg: `${error.message} It was ignored.`, path: MANIFEST_PATH });
    return null;
  }
}

function assemble(
  files: readonly SelectedFile[],
  present: ReadonlyMap<string, WorkspaceFile>,
  blobs: ReadonlyMap<Oid, Uint8Array>,
  reportAll: boolean,
): Pick<ImportPlan, "contents" | "imported" | "deleted"> {
  const { tree, objects } = buildTree(files);
  const all = new Map<Oid, GitObject>(objects);
  const imported: string[] = [];
  const sized = files.map((file): WorkspaceFile => {
    const bytes = blobs.get(file.oid);
    const old = present.get(file.path);
    if (bytes) all.set(file.oid, { type: "blob", bytes });
    if (reportAll || old?.oid !== file.oid || old.mode !== file.mode) imported.push(reportedPath(file.path));
    return { ...file, size: bytes?.length ?? old?.size ?? 0 };
  });
  const left = new Set(files.map(({ path }) => path));
  const deleted = [...present.keys()].filter((path) => !left.has(path)).map(reportedPath);
  return {
    contents: { tree, files: sized, objects: all },
    imported: imported.sort(),
    deleted: deleted.sort(),
  };
}

/** The tree a workspace would have if it took this source as it is, and that tree's objects. */
export async function treeAsImported(input: PlanInput): Promise<{ tree: Oid; objects: Map<Oid, GitObject> }> {
  const presentFiles = input.present?.files ?? [];
  const rules = await rulesOf(input);
  const selection = selectFiles(input.source, presentFiles, rules);
  const indexPath = findPart(
    selection.files.map(({ path }) => path),
    "index",
  );
  const { repositories, lacks } = input.rights;
  if (indexPath === undefined || (repositories && !lacks)) return buildTree(selection.files);
  const index = selection.files.find(({ path }) => path === indexPath);
  const blobs = index ? await input.readBlobs([index.oid]) : new Map<Oid, Uint8Array>();
  const kept = await withKeptRepositories(input, indexOf(selection, indexPath, blobs), []);
  return buildTree(
    selection.files.map((file) => (file.path === indexPath ? { ...file, oid: kept.oid } : file)),
  );
}

/** Blobs from the database and, for those it does not have, from the repository. */
export function blobReader(ports: Ports, remote: ReadBlobs | null): ReadBlobs {
  return async (oids) => {
    const stored = await ports.workspaces.readObjects(oids);
    const found = new Map([...stored].map(([oid, object]) => [oid, object.bytes]));
    const missing = oids.filter((oid) => !found.has(oid));
    if (missing.length > 0 && remote) for (const [oid, bytes] of await remote(missing)) found.set(oid, bytes);
    return found;
  };
}
