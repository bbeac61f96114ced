import { findPart, keepRepositories, mergeRepositories } from "@/lib/archive/contents";
import { hashObject } from "@/lib/archive/objects";
import { readDocument } from "@/lib/archive/texts";
import { decodeText } from "@/lib/archive/yaml";
import { AppError } from "@/lib/domain/error";
import type { ImportError, ImportWarning } from "@/lib/domain/version";
import type { Oid, WorkspaceFile } from "@/lib/domain/workspace";
import type { ContentLimits, TreeEntry, WorkspaceRecord } from "../ports";
import type { SelectionRules } from "./select-files";

/** Reads blobs of the source, all in one go. */
export type ReadBlobs = (oids: readonly Oid[]) => Promise<Map<Oid, Uint8Array>>;

interface ImportRights {
  security: boolean;
  repositories: boolean;
  /** What whoever imports lacks for this change, though they may change such files; null: nothing. */
  lacks?: (part: "security" | "repositories", before: unknown, after: unknown) => string | null;
}

/** What an import is about, as far as its user's rights go. */
export interface RightsInput {
  limits: ContentLimits;
  /** The workspace as it is; null for one that will be created. */
  present: { record: WorkspaceRecord; files: readonly WorkspaceFile[] } | null;
  source: readonly TreeEntry[];
  exclude: readonly string[];
  rights: ImportRights;
  readBlobs: ReadBlobs;
}

function declared(index: unknown): string[] {
  const repositories = repositoriesOf(index);
  return typeof repositories === "object" && repositories !== null ? Object.keys(repositories) : [];
}

/**
 * The index of a source, with the repositories that stand here where the source would take the link away: it declares
 * none, or not the one that it came from. Those that only the source declares come in. What it does remove is told.
 */
export async function withLinks(
  { present, readBlobs }: RightsInput,
  next: IndexFile,
  via: string | undefined,
  warnings: ImportWarning[],
): Promise<{ oid: Oid; bytes: Uint8Array }> {
  const paths = (present?.files ?? []).map(({ path }) => path);
  const current = present?.files.find(({ path }) => path === findPart(paths, "index"));
  if (!current || current.oid === next.oid) return next;
  const old = (await readBlobs([current.oid])).get(current.oid);
  if (!old) return next;
  const here = declared(documentOf(old, current.path));
  const there = declared(documentOf(next.bytes, next.path));
  const removed = here.filter((id) => !there.includes(id));
  if (removed.length === 0) return next;
  const { path } = next;
  if (there.length > 0 && (via === undefined || !removed.includes(via))) {
    const message = `${path} no longer declares the repositories ${removed.join(", ")}, which were declared here before.`;
    warnings.push({ path, message });
    return next;
  }
  const kept = mergeRepositories(
    { text: decodeText(next.bytes, path), path },
    { text: decodeText(old, current.path), path: current.path },
  );
  const bytes = Buffer.from(kept, "utf8");
  const left = declared(documentOf(bytes, path));
  const fresh = there.filter((id) => !here.includes(id));
  const [added, lost] = [true, false].map((isLeft) => fresh.filter((id) => left.includes(id) === isLeft));
  warnings.push({
    path,
    message: [
      `${path} does not declare ${there.length === 0 ? "any repositories" : "the repository it came from"}; those of this workspace were kept: ${here.join(", ")}.`,
      ...(added?.length ? [`New ones were added: ${added.join(", ")}.`] : []),
      ...(lost?.length ? [`These could not be added: ${lost.join(", ")}.`] : []),
    ].join(" "),
  });
  return { oid: hashObject("blob", bytes), bytes };
}

export interface IndexFile {
  path: string;
  oid: Oid;
  bytes: Uint8Array;
}

/** What an import leaves out, and whether security.yml stays as it is. */
export async function rulesOf(input: RightsInput): Promise<SelectionRules> {
  const { exclude, rights, present, limits } = input;
  const common = { exclude, maxFiles: limits.filesPerWorkspace };
  if (!present) return { ...common, keepSecurity: null };
  const denied = "changing it needs permission to manage security";
  return { ...common, keepSecurity: rights.security ? await securityLack(input, present) : denied };
}

function documentOf(bytes: Uint8Array, path: string): unknown {
  try {
    return readDocument(bytes, path);
  } catch (error) {
    // What cannot be read gives nobody anything; where it is new, the import refuses it.
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

async function securityLack(
  { source, rights, readBlobs }: RightsInput,
  present: NonNullable<RightsInput["present"]>,
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

function repositoriesOf(index: unknown): unknown {
  return typeof index === "object" && index !== null && "repositories" in index
    ? index.repositories
    : undefined;
}

/**
 * The index of a source, with the repositories that stand here already where whoever imports may not bring these; says
 * so among the errors.
 */
export async function withKeptRepositories(
  { present, rights, readBlobs }: RightsInput,
  { path: indexPath, oid, bytes }: IndexFile,
  errors: ImportError[],
): Promise<{ oid: Oid; bytes: Uint8Array }> {
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
    : "changing them needs permission to manage repositories";
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
