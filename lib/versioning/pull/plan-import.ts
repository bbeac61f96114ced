import { findPart, keepRepositories, readIndex } from "@/lib/archive/contents";
import type { Index } from "@/lib/archive/contents";
import { checksumMismatches, readManifest } from "@/lib/archive/manifest";
import { buildTree, hashObject } from "@/lib/archive/objects";
import { breathe } from "@/lib/archive/pace";
import { checkReadable, decodeText, parseStructured } from "@/lib/archive/yaml";
import { AppError } from "@/lib/domain/error";
import { classifyPath, MANIFEST_PATH, reportedPath } from "@/lib/domain/path";
import type { Manifest } from "@/lib/domain/manifest";
import type { ImportError } from "@/lib/domain/version";
import type { Oid, WorkspaceFile } from "@/lib/domain/workspace";
import type { ContentLimits, GitObject, NewContents, Ports, TreeEntry, WorkspaceRecord } from "../ports";
import { selectFiles } from "./select-files";
import type { SelectedFile, Selection, SelectionRules } from "./select-files";

/** Reads blobs of the source, all in one go. */
export type ReadBlobs = (oids: readonly Oid[]) => Promise<Map<Oid, Uint8Array>>;

interface ImportRights {
  security: boolean;
  repositories: boolean;
  /** What whoever imports lacks for this change, though they may change such files; null: nothing. */
  lacks?(part: "security" | "repositories", before: unknown, after: unknown): string | null;
}

export interface PlanInput {
  limits: ContentLimits;
  /** The workspace as it is; null for one that will be created. */
  present: { record: WorkspaceRecord; files: readonly WorkspaceFile[] } | null;
  source: readonly TreeEntry[];
  exclude: readonly string[];
  rights: ImportRights;
  readBlobs: ReadBlobs;
  /** Report every file of the source as imported, changed or not. */
  reportAll?: boolean;
}

export interface ImportPlan {
  contents: NewContents;
  imported: string[];
  deleted: string[];
  excluded: string[];
  errors: ImportError[];
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

function refuseLarge(path: string, bytes: Uint8Array, limit: number): void {
  if (bytes.length <= limit) return;
  throw new AppError(
    "TooLarge",
    `${path} has ${String(bytes.length)} bytes; a file may have ${String(limit)}.`,
    { path, bytes: bytes.length, limit },
  );
}

async function rulesOf(input: PlanInput): Promise<SelectionRules> {
  const { exclude, rights, present, limits } = input;
  const common = { exclude, maxFiles: limits.filesPerWorkspace };
  if (!present) return { ...common, keepSecurity: null };
  const denied = "changing it needs the right to manage security";
  return { ...common, keepSecurity: rights.security ? await securityLack(input, present) : denied };
}

function documentOf(bytes: Uint8Array, path: string): unknown {
  try {
    return parseStructured(bytes, path);
  } catch (error) {
    // What cannot be read gives nobody anything; where it is new, the import refuses it.
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

async function securityLack(
  { source, rights, readBlobs }: PlanInput,
  present: NonNullable<PlanInput["present"]>,
): Promise<string | null> {
  const fileIn = <T extends { path: string }>(files: readonly T[]) => {
    const path = findPart(
      files.map((file) => file.path),
      "security",
    );
    return files.find((file) => file.path === path);
  };
  const [old, next] = [fileIn(present.files), fileIn(source)];
  if (!rights.lacks || !next || next.oid === old?.oid) return null;
  const blobs = await readBlobs([next.oid, ...(old ? [old.oid] : [])]);
  const [before, after] = [old, next].map((file) => {
    const bytes = file && blobs.get(file.oid);
    return file && bytes ? documentOf(bytes, file.path) : undefined;
  });
  return rights.lacks("security", before, after);
}

/** The bytes of everything that is new here; what is present already was checked when it came. */
async function readNew(
  selection: Selection,
  present: ReadonlyMap<string, WorkspaceFile>,
  indexPath: string,
  { readBlobs, limits }: PlanInput,
): Promise<Map<Oid, Uint8Array>> {
  const wanted = selection.files.filter(
    ({ path, oid }) => present.get(path)?.oid !== oid || path === indexPath,
  );
  const oids = new Set(wanted.map(({ oid }) => oid));
  if (selection.manifest) oids.add(selection.manifest);
  const blobs = await readBlobs([...oids]);
  for (const { path, oid } of wanted) {
    const bytes = blobs.get(oid);
    if (!bytes)
      throw new AppError("NotFound", `The repository does not have the content of ${path}.`, { path });
    refuseLarge(path, bytes, limits.fileBytes);
    // Files that the platform does not read as data may hold anything.
    if (classifyPath(path).kind !== "other") checkReadable(path, bytes);
    await breathe();
  }
  return blobs;
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
  const blobs = await readNew(selection, present, indexPath, input);
  const errors = [...selection.errors];

  const kept = await withKeptRepositories(input, selection, indexPath, blobs, errors);
  const files = selection.files.map((file) => (file.path === indexPath ? { ...file, oid: kept.oid } : file));
  const manifest = readSourceManifest(selection.manifest, blobs, errors);
  if (manifest) warnOfChecksums(manifest, input, blobs, errors);
  return {
    ...assemble(files, present, new Map([...blobs, [kept.oid, kept.bytes]]), input.reportAll ?? false),
    excluded: selection.excluded.map(reportedPath),
    errors,
    index: readIndex(kept.bytes, indexPath),
    manifest,
  };
}

function repositoriesOf(index: unknown): unknown {
  return typeof index === "object" && index !== null && "repositories" in index
    ? index.repositories
    : undefined;
}

async function withKeptRepositories(
  { present, rights, readBlobs }: PlanInput,
  selection: Selection,
  indexPath: string,
  blobs: ReadonlyMap<Oid, Uint8Array>,
  errors: ImportError[],
): Promise<{ oid: Oid; bytes: Uint8Array }> {
  const oid = selection.files.find(({ path }) => path === indexPath)?.oid;
  const bytes = oid && blobs.get(oid);
  if (!oid || !bytes) throw noIndex();
  // It may have another extension here.
  const currentPath = findPart(
    (present?.files ?? []).map(({ path }) => path),
    "index",
  );
  const current = present?.files.find(({ path }) => path === currentPath);
  if ((rights.repositories && !rights.lacks) || !present || current?.oid === oid) return { oid, bytes };
  const old = current && (await readBlobs([current.oid])).get(current.oid);
  const reason = rights.repositories
    ? rights.lacks?.(
        "repositories",
        old && current ? repositoriesOf(documentOf(old, current.path)) : undefined,
        repositoriesOf(documentOf(bytes, indexPath)),
      )
    : "changing them needs the right to manage repositories";
  if (!reason) return { oid, bytes };
  const text = decodeText(bytes, indexPath);
  const kept = keepRepositories(
    { text, path: indexPath },
    old && current ? { text: decodeText(old, current.path), path: current.path } : null,
  );
  if (kept === text) return { oid, bytes };
  errors.push({
    err: "PermissionDenied",
    msg: `The repositories in index.yml were left as they are here: ${reason}.`,
    path: indexPath,
  });
  const keptBytes = Buffer.from(kept, "utf8");
  return { oid: hashObject("blob", keptBytes), bytes: keptBytes };
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

function warnOfChecksums(
  manifest: Manifest,
  { source }: PlanInput,
  blobs: ReadonlyMap<Oid, Uint8Array>,
  errors: ImportError[],
): void {
  const read = source.flatMap(({ path, oid }) => {
    const bytes = blobs.get(oid);
    return bytes ? [{ path, bytes }] : [];
  });
  for (const path of checksumMismatches(manifest, read)) {
    errors.push({
      err: "ChecksumMismatch",
      msg: `${path} is not the file that .import.yml was written for; it was imported all the same.`,
      path,
    });
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
  const kept = await withKeptRepositories(input, selection, indexPath, blobs, []);
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
