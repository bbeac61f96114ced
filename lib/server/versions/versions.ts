import type { z } from "zod";
import type { FileSides, VersionChanges } from "@/lib/domain/wire/api";
import { AppError } from "@/lib/domain/error";
import { parseWorkspacePath } from "@/lib/domain/path";
import type { Version } from "@/lib/domain/version";
import type { Oid } from "@/lib/domain/workspace";
import { newEvent } from "@/lib/domain/event";
import type { VersionRecord, WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../engine";
import { publicVersion } from "../operations/endings";
import type { Viewer } from "../viewer";
import type { Shown } from "../workspaces/edits/credentials";
import { changesOf, filesOfTree, textOf, type TreeFile } from "../workspaces/tree-files";

type VersionsEngine = Pick<Engine, "store">;

const PAGE = 200;

/** The versions of a workspace, newest first. */
export async function listVersions(
  engine: VersionsEngine,
  workspace: WorkspaceRecord,
  { repository, page, limit }: { repository?: string; page: number; limit: number },
): Promise<Version[]> {
  const { workspaces } = engine.store;
  if (repository === undefined)
    return (await workspaces.versions(workspace.id, { page, limit })).map(publicVersion);
  const found: VersionRecord[] = [];
  for await (const record of everyVersion(engine, workspace.id)) {
    if (record.repositoryId === repository) found.push(record);
    if (found.length >= (page + 1) * limit) break;
  }
  return found.slice(page * limit).map(publicVersion);
}

/** All versions of a workspace, newest first. */
export async function* everyVersion(
  engine: VersionsEngine,
  workspaceId: string,
): AsyncGenerator<VersionRecord> {
  for (let page = 0; ; page++) {
    const records = await engine.store.workspaces.versions(workspaceId, { page, limit: PAGE });
    yield* records;
    if (records.length < PAGE) return;
  }
}

/** The version of that name, in one repository or else the newest in any. Throws NotFound. */
export async function requireVersion(
  engine: VersionsEngine,
  workspace: WorkspaceRecord,
  name: string,
  repository: string | undefined,
): Promise<VersionRecord> {
  if (repository !== undefined) {
    const record = await engine.store.workspaces.version(workspace.id, repository, name);
    if (record) return record;
  } else {
    for await (const record of everyVersion(engine, workspace.id)) if (record.name === name) return record;
  }
  throw new AppError(
    "NotFound",
    `${workspace.name} has no version ${name}${repository === undefined ? "" : ` in ${repository}`}.`,
    { name, ...(repository === undefined ? {} : { repository }) },
  );
}

/** Forgets a version; a tag on a remote stays where it is. */
export async function deleteVersion(
  engine: VersionsEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  version: VersionRecord,
): Promise<Version> {
  const shown = publicVersion(version);
  await engine.store.workspaces.deleteVersion(version.id, [
    newEvent(viewer, "workspaces.versions.deleted", workspace.id, { version: shown }),
  ]);
  return shown;
}

/** The files that a version holds. Throws NotFound where they are not kept here. */
export async function filesOfVersion(engine: VersionsEngine, version: VersionRecord): Promise<TreeFile[]> {
  const files = await filesOfTree(engine.store.workspaces, version.tree);
  if (files) return files;
  throw new AppError(
    "NotFound",
    `The content of ${version.name} is no longer kept here, only in its repository.`,
    { name: version.name, repository: version.repositoryId },
  );
}

/** What a rollback to this version would change in the workspace. */
export async function versionChanges(
  engine: VersionsEngine,
  workspace: WorkspaceRecord,
  version: VersionRecord,
): Promise<z.infer<typeof VersionChanges>> {
  const [current, then] = await Promise.all([
    engine.store.workspaces.files([workspace.id]),
    filesOfVersion(engine, version),
  ]);
  return { version: publicVersion(version), changes: changesOf(current.get(workspace.id) ?? [], then) };
}

/** A file as it is now and as it was in this version. */
export async function versionFile(
  engine: VersionsEngine,
  workspace: WorkspaceRecord,
  version: VersionRecord,
  { path, shown }: { path: string; shown: Shown },
): Promise<FileSides> {
  parseWorkspacePath(path);
  const { workspaces } = engine.store;
  const then = (await filesOfVersion(engine, version)).find((file) => file.path === path);
  const now = (await workspaces.files([workspace.id])).get(workspace.id)?.find((file) => file.path === path);
  const text = (oid: Oid | undefined) => textOf(workspaces, oid, (bytes) => shown(path, bytes));
  return { path, before: await text(now?.oid), after: await text(then?.oid) };
}
