import { WORK_OF_ARCHIVE, YamlWork } from "@/lib/archive/yaml/work";
import { bytesOfFile } from "@/lib/archive/zip/bytes";
import { layoutOf } from "@/lib/archive/zip/layout";
import { openZip } from "@/lib/archive/zip/read-zip";
import type { ArchiveSource } from "@/lib/versioning/archive-import";
import type { Engine } from "../engine";
import { junkWarnings, MAX_ENTRIES, sourceOf, type OpenArchive } from "./archive-source";
import { isBulkExport, openBulkExport } from "./bulk-export";

/** An uploaded archive on disk; nothing of it is left once it is closed. */
export interface UploadedArchive {
  fd: number;
  close(): Promise<void>;
}

/** Reads and checks an archive. Throws UnreadableContent and TooLarge, naming the entry. */
export async function openArchive(
  engine: Pick<Engine, "env">,
  { fd }: Pick<UploadedArchive, "fd">,
): Promise<OpenArchive> {
  const { limits } = engine.env;
  const zip = await openZip(await bytesOfFile(fd), {
    inflatedBytes: limits.archiveInflatedBytes,
    entries: MAX_ENTRIES,
  });
  if (isBulkExport(zip)) return openBulkExport(zip, limits);
  const layout = layoutOf(zip.entries);
  const warnings = junkWarnings(zip);
  const work = new YamlWork(WORK_OF_ARCHIVE);
  if (layout.kind === "workspace")
    return { kind: "workspace", source: { ...(await sourceOf(zip, layout, limits, work)), warnings } };
  const sources: ArchiveSource[] = [];
  for (const [folder, files] of layout.workspaces)
    sources.push(await sourceOf(zip, { folder, files }, limits, work));
  return { kind: "fleet", sources, warnings, errors: [] };
}
