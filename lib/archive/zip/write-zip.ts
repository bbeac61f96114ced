import { Readable } from "node:stream";
import { ZipFile } from "yazl";

/** A file to put into an archive; its bytes are asked for when its turn comes. */
export interface ZipInput {
  path: string;
  mode: "100644" | "100755";
  /** Where it is known beforehand, it is checked. */
  size?: number;
  bytes: () => Promise<Uint8Array>;
}

/**
 * The zip archive of these files as it is made: no more than one file and what its reader did not take yet is in
 * memory. The same files and date give the same bytes.
 */
export function writeZip(files: Iterable<ZipInput>, date: Date): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as unknown as Readable;
  zip.on("error", (error: Error) => output.destroy(error));
  for (const { path, mode, size, bytes } of files) {
    const options = {
      mtime: date,
      mode: Number.parseInt(mode, 8),
      ...(size === undefined ? {} : { size }),
    };
    zip.addReadStreamLazy(path, options, (callback) => {
      bytes().then(
        (content) => callback(null, Readable.from([content], { objectMode: false })),
        (error: unknown) => output.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    });
  }
  zip.end();
  return output;
}
