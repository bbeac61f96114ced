import { readZip } from "@/lib/archive/zip/read-zip";
import { layoutOf } from "@/lib/archive/zip/layout";
import { readArchiveSource, type ArchiveSource } from "@/lib/versioning/archive-import";
import type { Engine } from "../engine";

/** An uploaded archive on disk; nothing of it is left once it is closed. */
export interface UploadedArchive {
  fd: number;
  close(): Promise<void>;
}

/** What an archive holds, checked and ready to be imported. */
export type OpenArchive =
  { kind: "workspace"; source: ArchiveSource } | { kind: "fleet"; sources: ArchiveSource[] };

// A zip archive cannot have more without the zip64 format.
const MAX_ENTRIES = 0xffff;

/** Reads and checks an archive. Throws UnreadableContent and TooLarge, naming the entry. */
export async function openArchive(
  engine: Pick<Engine, "env">,
  { fd }: Pick<UploadedArchive, "fd">,
): Promise<OpenArchive> {
  const { fileBytes, archiveInflatedBytes } = engine.env.limits;
  const zip = await readZip(fd, {
    fileBytes,
    inflatedBytes: archiveInflatedBytes,
    entries: MAX_ENTRIES,
  });
  const layout = layoutOf(zip.files);
  if (layout.kind === "workspace")
    return { kind: "workspace", source: await readArchiveSource(layout.folder, layout.files, zip.read) };
  const sources: ArchiveSource[] = [];
  for (const [folder, files] of layout.workspaces)
    sources.push(await readArchiveSource(folder, files, zip.read));
  return { kind: "fleet", sources };
}
