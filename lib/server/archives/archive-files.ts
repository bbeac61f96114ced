import { setOwn } from "@/lib/domain/own";
import { checksumsOf, dependenciesOf, writeManifest, type Checksums } from "@/lib/archive/manifest";
import type { ZipInput } from "@/lib/archive/zip/write-zip";
import { groupsOf } from "@/lib/domain/bulk";
import { AppError } from "@/lib/domain/error";
import { MANIFEST_PATH } from "@/lib/domain/path";
import type { Oid } from "@/lib/domain/workspace";
import type { ObjectSource, WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../engine";
import type { Shown } from "../workspaces/edits/credentials";
import type { TreeFile } from "../workspaces/tree-files";

const FILES_AT_ONCE = 50;

/** What to put into an archive of a workspace, and under which folder. */
export interface ArchiveContent {
  folder: string;
  record: WorkspaceRecord;
  files: readonly TreeFile[];
  version: { name: string; exportedAt: Date };
  /** How whoever asks sees the files. */
  shown: Shown;
}

/** Reads files in the order in which an archive takes them, a few at a time. */
function readAhead(objects: ObjectSource, oids: readonly Oid[]): (index: number) => Promise<Uint8Array> {
  let held = new Map<Oid, { bytes: Uint8Array }>();
  return async (index) => {
    const oid = oids[index];
    if (oid === undefined || !held.has(oid))
      held = await objects.readObjects([...new Set(oids.slice(index, index + FILES_AT_ONCE))]);
    const object = oid && held.get(oid);
    if (object) return object.bytes;
    throw new AppError("NotFound", "A file of this version is no longer stored here.", { oid });
  };
}

/** The files of one workspace for an archive; `.import.yml` comes last, made of what was read for the others. */
export function archiveFiles(
  engine: Pick<Engine, "store" | "env">,
  { folder, record, files, version, shown }: ArchiveContent,
): ZipInput[] {
  const regular = files.filter(({ mode, path }) => mode.startsWith("100") && path !== MANIFEST_PATH);
  const read = readAhead(
    engine.store.workspaces,
    regular.map(({ oid }) => oid),
  );
  const checksums: Checksums = { automations: {}, pages: {}, imports: {} };
  const apps = new Set<string>();
  const inputs = regular.map(({ path, mode }, index): ZipInput => ({
    path: `${folder}/${path}`,
    mode: mode === "100755" ? "100755" : "100644",
    bytes: async () => {
      const file = [{ path, bytes: await read(index) }];
      const own = checksumsOf(file);
      for (const kind of ["automations", "pages", "imports"] as const)
        for (const [slug, checksum] of Object.entries(own[kind])) setOwn(checksums[kind], slug, checksum);
      for (const app of dependenciesOf(file)) apps.add(app);
      return shown(path, file[0]?.bytes ?? new Uint8Array());
    },
  }));
  const manifest: ZipInput = {
    path: `${folder}/${MANIFEST_PATH}`,
    mode: "100644",
    bytes: () =>
      Promise.resolve(
        Buffer.from(
          writeManifest({
            workspaceId: record.id,
            versionName: version.name,
            exportedAt: version.exportedAt,
            facts: {
              groups: groupsOf(record.labels, engine.env.groups),
              dependsOn: [...apps].sort(),
              app: record.app,
            },
            checksums,
          }),
          "utf8",
        ),
      ),
  };
  return [...inputs, manifest];
}
