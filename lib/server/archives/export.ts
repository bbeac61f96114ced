import type { Readable } from "node:stream";
import { writeZip } from "@/lib/archive/zip/write-zip";
import type { VersionRecord, WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../engine";
import { filesOfVersion } from "../versions/versions";
import type { Shown } from "../workspaces/edits/credentials";
import { archiveFiles } from "./archive-files";
import { historyFiles } from "./history";

/** An archive on its way out. */
export interface Export {
  fileName: string;
  stream: Readable;
}

/** The name under which the workspace as it is now is exported. */
export const CURRENT = "current";

/** A workspace as it is now, or as it was in a version, as a zip archive. Throws NotFound. */
export async function exportWorkspace(
  engine: Pick<Engine, "store" | "env">,
  workspace: WorkspaceRecord,
  { version, shown }: { version: VersionRecord | null; shown: Shown },
): Promise<Export> {
  const files = version
    ? await filesOfVersion(engine, version)
    : ((await engine.store.workspaces.files([workspace.id])).get(workspace.id) ?? []);
  const folder = version?.name ?? CURRENT;
  const exportedAt = version ? new Date(version.createdAt) : new Date();
  const inputs = archiveFiles(engine, {
    folder,
    record: workspace,
    files,
    version: { name: folder, exportedAt },
    shown,
  });
  return { fileName: `${workspace.slug}-${folder}.zip`, stream: writeZip(inputs, exportedAt) };
}

/**
 * A workspace as it is now with all its versions, as a git repository in a zip archive: the files are those of any other
 * export. Throws NotFound and TooLarge.
 */
export async function exportWithHistory(
  engine: Pick<Engine, "store" | "env">,
  workspace: WorkspaceRecord,
  shown: Shown,
): Promise<Export> {
  const files = (await engine.store.workspaces.files([workspace.id])).get(workspace.id) ?? [];
  const exportedAt = new Date();
  const content = { folder: CURRENT, record: workspace, files, shown };
  const history = await historyFiles(engine, content);
  const current = archiveFiles(engine, { ...content, version: { name: CURRENT, exportedAt } });
  return {
    fileName: `${workspace.slug}-history.zip`,
    stream: writeZip([...current, ...history], exportedAt),
  };
}
