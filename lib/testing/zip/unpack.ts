import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fromBufferPromise } from "yauzl";

/** Unpacks an archive into a folder. */
export async function unpack(archive: Buffer, folder: string): Promise<void> {
  const zip = await fromBufferPromise(archive, {});
  for await (const entry of zip.eachEntry()) {
    const path = join(folder, entry.fileName);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await buffer(await zip.openReadStreamPromise(entry)));
    await chmod(path, (entry.externalFileAttributes >>> 16) & 0o777);
  }
}
