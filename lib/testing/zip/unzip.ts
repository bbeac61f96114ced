import { bytesInMemory } from "@/lib/archive/zip/bytes";
import { openZip } from "@/lib/archive/zip/read-zip";

/** Every entry of an archive with its text, read as an upload is. */
export async function unzip(archive: Uint8Array): Promise<Record<string, string>> {
  const zip = await openZip(bytesInMemory(archive), { inflatedBytes: 2 ** 26, entries: 10_000 });
  const texts: [string, string][] = [];
  for (const entry of zip.entries) texts.push([entry.path, (await zip.content(entry)).toString("utf8")]);
  return Object.fromEntries(texts);
}
