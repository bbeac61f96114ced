import {
  checksumsOf,
  dependenciesOf,
  isInstanceFile,
  manifestKey,
  writeManifest,
} from "@/lib/archive/manifest";
import type { ManifestFacts } from "@/lib/archive/manifest";
import { breathe } from "@/lib/runtime/pace";
import { groupsOf } from "@/lib/domain/bulk";
import { classifyPath } from "@/lib/domain/path";
import type { Oid, WorkspaceFile } from "@/lib/domain/workspace";
import type { Snapshot } from "../contents";
import type { GitObject, Ports } from "../ports";

function withBytes(files: readonly WorkspaceFile[], objects: ReadonlyMap<Oid, GitObject>) {
  return files.flatMap(({ path, oid }) => {
    const object = objects.get(oid);
    return object ? [{ path, bytes: object.bytes }] : [];
  });
}

/** What the manifest of each workspace says besides version and checksums; reads app instances only. */
export async function manifestFacts(
  ports: Ports,
  snapshots: readonly Snapshot[],
): Promise<Map<string, { facts: ManifestFacts; key: string }>> {
  const instances = snapshots.flatMap(({ files }) => files.filter(isInstanceFile).map((file) => file.oid));
  const objects = await ports.workspaces.readObjects([...new Set(instances)]);
  const known = new Map<string, { facts: ManifestFacts; key: string }>();
  for (const { record, files } of snapshots) {
    const facts: ManifestFacts = {
      groups: groupsOf(record.labels, ports.groups),
      dependsOn: dependenciesOf(withBytes(files.filter(isInstanceFile), objects)),
      app: record.app,
    };
    known.set(record.id, { facts, key: manifestKey(facts) });
    await breathe();
  }
  return known;
}

function isChecksummed(file: WorkspaceFile): boolean {
  return ["automations", "pages", "imports"].includes(classifyPath(file.path).kind);
}

/** Blobs whose bytes a manifest needs. */
export function checksummedBlobs(snapshot: Snapshot): Oid[] {
  return snapshot.files.filter(isChecksummed).map((file) => file.oid);
}

/** The text of the workspace's `.import.yml` for this version. */
export function manifestText(
  snapshot: Snapshot,
  workspaceId: string,
  facts: ManifestFacts,
  version: { name: string; exportedAt: Date },
  objects: ReadonlyMap<Oid, GitObject>,
): string {
  return writeManifest({
    workspaceId,
    versionName: version.name,
    exportedAt: version.exportedAt,
    facts,
    checksums: checksumsOf(withBytes(snapshot.files.filter(isChecksummed), objects)),
  });
}
