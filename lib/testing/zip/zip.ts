import { writeZip } from "@/lib/archive/zip/write-zip";

/** Everything that a stream gives, as one piece. */
export async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export const ZIP_DATE = new Date("2026-01-02T03:04:06.000Z");

/** A zip archive of these texts or bytes, by path. */
export function aZip(files: Record<string, string | Uint8Array>): Promise<Buffer> {
  const inputs = Object.entries(files).map(([path, content]) => ({
    path,
    mode: "100644" as const,
    bytes: () => Promise.resolve(Buffer.from(content)),
  }));
  return bytesOf(writeZip(inputs, ZIP_DATE));
}

/** The body of an upload: a form with the archive in it. */
export function aForm(archive: Uint8Array, field = "archive"): FormData {
  const form = new FormData();
  form.append(field, new Blob([new Uint8Array(archive)], { type: "application/zip" }), "workspace.zip");
  return form;
}
