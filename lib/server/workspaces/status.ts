import type { z } from "zod";
import { checksumsOf } from "@/lib/archive/manifest";
import type { FileChange, WorkspaceStatus } from "@/lib/domain/wire/api";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { ReadEngine } from "./summary";
import { changesOf, filesOfTree } from "./tree-files";

/** `GET …/status`: the live files' checksums, and what differs from what git is known to hold. */
export async function workspaceStatus(
  engine: ReadEngine,
  workspace: WorkspaceRecord,
): Promise<z.infer<typeof WorkspaceStatus>> {
  const { workspaces } = engine.store;
  const files = (await workspaces.files([workspace.id])).get(workspace.id) ?? [];
  const objects = await workspaces.readObjects(files.map(({ oid }) => oid));
  const contents = files.map(({ path, oid }) => ({
    path,
    bytes: objects.get(oid)?.bytes ?? new Uint8Array(),
  }));
  const synced = workspace.syncedTree ? await filesOfTree(workspaces, workspace.syncedTree) : [];
  const changes: FileChange[] = synced ? changesOf(synced, files) : [];
  const { dirty, tree, revision } = workspace;
  return { dirty, tree, revision, checksums: checksumsOf(contents), changes };
}
