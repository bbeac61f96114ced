import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readZip } from "@/lib/archive/zip/read-zip";

const LIMITS = { fileBytes: 2 ** 20, inflatedBytes: 2 ** 26, entries: 10_000 };

/** Every entry of an archive with its text, read as an upload is. */
export async function unzip(archive: Uint8Array): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-zip-"));
  const path = join(folder, "archive.zip");
  await writeFile(path, archive);
  const file = await open(path, "r");
  try {
    const { files, read } = await readZip(file.fd, LIMITS);
    const blobs = await read(files.map(({ oid }) => oid));
    const textOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("utf8");
    return Object.fromEntries(files.map((one) => [one.path, textOf(blobs.get(one.oid))]));
  } finally {
    await file.close();
    await rm(folder, { recursive: true });
  }
}
