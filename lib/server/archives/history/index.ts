import type { ZipInput } from "@/lib/archive/zip/write-zip";
import { invariant } from "@/lib/domain/error";
import { MANIFEST_PATH } from "@/lib/domain/path";
import { gitFolder } from "@/lib/git/on-disk/git-folder";
import { writePack } from "@/lib/git/pack/pack-writer";
import type { VersionRecord, WorkspaceRecord } from "@/lib/versioning/ports";
import { namesOf } from "../../access/users/names";
import type { Engine } from "../../engine";
import { everyVersion } from "../../versions/versions";
import type { Shown } from "../../workspaces/edits/credentials";
import type { TreeFile } from "../../workspaces/tree-files";
import { BRANCH, Commits } from "./commits";
import { Snapshots } from "./snapshots";

export interface HistoryRequest {
  /** Where the archive has the workspace's files. */
  folder: string;
  record: WorkspaceRecord;
  files: readonly TreeFile[];
  shown: Shown;
}

async function versionsOf(engine: Pick<Engine, "store">, workspaceId: string): Promise<VersionRecord[]> {
  // By id: a version that is made in between moves the pages.
  const found = new Map<string, VersionRecord>();
  for await (const version of everyVersion(engine, workspaceId)) found.set(version.id, version);
  return [...found.values()].reverse();
}

/**
 * The `.git` folder of an archive, with the workspace's versions as commits and tags. The same versions always give the
 * same commits. Throws TooLarge.
 */
export async function historyFiles(
  engine: Pick<Engine, "store" | "env">,
  { folder, record, files, shown }: HistoryRequest,
): Promise<ZipInput[]> {
  const source = engine.store.workspaces;
  const versions = await versionsOf(engine, record.id);
  const commits = new Commits({
    source,
    record,
    files,
    versions,
    names: await namesOf(engine, [record.updatedBy, ...versions.map(({ createdBy }) => createdBy)]),
    snapshots: new Snapshots(source, shown, engine.env.limits.archiveInflatedBytes),
  });
  const pack = await writePack(commits.objects(), { ofsDelta: true, readerHas: () => false });
  invariant(commits.tip !== null, "a workspace's present files are stored");
  const { tip, refs } = commits;
  const inside = await gitFolder({
    branch: BRANCH,
    tip,
    refs,
    pack,
    files: commits.files,
    // The manifest is made for each export and is no part of a version.
    ignored: [`/${MANIFEST_PATH}`],
  });
  return inside.map(({ path, bytes }) => ({
    path: `${folder}/.git/${path}`,
    mode: "100644",
    size: bytes.length,
    bytes: () => Promise.resolve(bytes),
  }));
}
