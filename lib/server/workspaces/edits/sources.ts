import { own } from "@/lib/domain/own";
import type { SourceList } from "@/lib/domain/wire/api";
import { AppError } from "@/lib/domain/error";
import { extensionOf, isTextPath, parseWorkspacePath } from "@/lib/domain/path";
import type { WorkspaceFile } from "@/lib/domain/workspace";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../../engine";
import type { Viewer } from "../../viewer";
import { applyEdits } from "./apply";

type SourcesEngine = Pick<Engine, "store" | "env" | "masterKey" | "redactor">;

async function filesOf(engine: SourcesEngine, id: string): Promise<WorkspaceFile[]> {
  return (await engine.store.workspaces.files([id])).get(id) ?? [];
}

function entry({ path, oid, size }: WorkspaceFile): SourceList["files"][number] {
  return { path, oid, size, text: isTextPath(path) };
}

/** The versioned files of a workspace, without their content. */
export async function listSources(engine: SourcesEngine, workspace: WorkspaceRecord): Promise<SourceList> {
  const files = await filesOf(engine, workspace.id);
  const { tree, revision } = workspace;
  return { tree, revision, files: files.map(entry).sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function notThere(path: string): AppError {
  return new AppError("NotFound", `There is no file ${path} in this workspace.`, { path });
}

/** One file with its bytes. Throws NotFound. */
export async function readSource(
  engine: SourcesEngine,
  workspace: WorkspaceRecord,
  path: string,
): Promise<{ file: WorkspaceFile; bytes: Uint8Array }> {
  parseWorkspacePath(path);
  const file = (await filesOf(engine, workspace.id)).find((one) => one.path === path);
  if (!file) throw notThere(path);
  const bytes = (await engine.store.workspaces.readObjects([file.oid])).get(file.oid)?.bytes;
  if (!bytes) throw new Error(`The object ${file.oid} of a workspace's file is not stored.`);
  return { file, bytes };
}

/** `If-Match` and `If-None-Match` of a request. */
export interface Conditions {
  ifMatch: string | null;
  ifNoneMatch: string | null;
}

/** Whatever the file is. */
export const ANY: Conditions = { ifMatch: null, ifNoneMatch: null };

function tags(header: string): string[] {
  return header.split(",").map((tag) => tag.trim().replace(/^W\//, "").replaceAll('"', ""));
}

function tagMatches({ ifMatch, ifNoneMatch }: Conditions, oid: string | undefined, path: string): void {
  const matches = (header: string) =>
    header.trim() === "*" ? oid !== undefined : oid !== undefined && tags(header).includes(oid);
  const refuse = (what: string) =>
    new AppError("PreconditionFailed", `${path} ${what}`, { path, ...(oid ? { oid } : {}) });
  if (ifNoneMatch !== null && matches(ifNoneMatch))
    throw refuse("already exists. Read it, and send its ETag as If-Match to change it.");
  if (ifMatch !== null && !matches(ifMatch))
    throw refuse(
      oid === undefined
        ? "does not exist (any more). Leave out If-Match to create it."
        : "was changed since you read it. Read it again and repeat your change.",
    );
}

/** Throws PreconditionFailed where `If-Match` or `If-None-Match` forbid the change. */
export function conditionsMet(
  conditions: Conditions,
): (path: string, current: WorkspaceFile | undefined) => void {
  return (path, current) => tagMatches(conditions, current?.oid, path);
}

async function reread(engine: SourcesEngine, workspace: WorkspaceRecord): Promise<WorkspaceRecord> {
  return (await engine.store.workspaces.get(workspace.id)) ?? workspace;
}

/** Writes one file. Answers its entry and the workspace's new revision. */
export async function putSource(
  engine: SourcesEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  input: { path: string; bytes: Uint8Array; conditions: Conditions },
): Promise<SourceList["files"][number] & { revision: number }> {
  const { path, bytes, conditions } = input;
  await applyEdits(engine, viewer, workspace.id, new Map([[path, bytes]]), conditionsMet(conditions));
  const { revision } = await reread(engine, workspace);
  const { file } = await readSource(engine, workspace, path);
  return { ...entry(file), revision };
}

/** Deletes one file. Throws NotFound. */
export async function deleteSource(
  engine: SourcesEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  input: { path: string; conditions: Conditions },
): Promise<void> {
  const { path, conditions } = input;
  const check = conditionsMet(conditions);
  await applyEdits(engine, viewer, workspace.id, new Map([[path, null]]), (at, current) => {
    check(at, current);
    if (!current) throw notThere(at);
  });
}

/** Changes many files, all or none: text to write, null to delete. */
export async function patchSources(
  engine: SourcesEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  { files, conditions }: { files: Record<string, string | null>; conditions: Conditions },
): Promise<SourceList> {
  const edits = Object.entries(files).map(([path, text]): [string, Uint8Array | null] => [
    path,
    text === null ? null : Buffer.from(text, "utf8"),
  ]);
  // Of all files at once the id is that of their tree.
  await applyEdits(engine, viewer, workspace.id, new Map(edits), (_path, _current, tree) =>
    tagMatches(conditions, tree, "A file of this workspace"),
  );
  return listSources(engine, await reread(engine, workspace));
}

const CONTENT_TYPES: Record<string, string> = {
  ".yml": "text/yaml; charset=utf-8",
  ".yaml": "text/yaml; charset=utf-8",
};

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** How a file is served; what a browser could run, and JSON with comments in it, is plain text. */
export function contentTypeOf(path: string, bytes: Uint8Array): string {
  const extension = extensionOf(path);
  if (extension === ".json" && isJson(bytes)) return "application/json; charset=utf-8";
  const known = own(CONTENT_TYPES, extension);
  return known ?? (isTextPath(path) ? "text/plain; charset=utf-8" : "application/octet-stream");
}
