import { Readable } from "node:stream";
import type { Export } from "@/lib/server/archives/export";

/** Answers with an archive as it is made; a reader that goes away ends the making. */
export function download({ fileName, stream }: Export): Response {
  return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, {
    headers: {
      "content-type": "application/zip",
      // Slugs and version names hold nothing that would have to be quoted.
      "content-disposition": `attachment; filename="${fileName}"`,
    },
  });
}
