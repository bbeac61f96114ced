import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { breathe } from "@/lib/runtime/pace";
import type { Oid } from "@/lib/domain/workspace";

const MAGIC = Buffer.from("ff744f6300000002", "hex");
const FIRST_BYTES = 256;

function uint32s(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, at) => bytes.writeUInt32BE(number, at * 4));
  return bytes;
}

/** The index (`.idx`, version 2) of a pack that `writePack` made, of less than 2 GiB: git reads no pack without one. */
export async function packIndex({
  chunks,
  oids,
}: {
  chunks: readonly Buffer[];
  oids: readonly Oid[];
}): Promise<Buffer> {
  const [header, ...rest] = chunks;
  const objects: { oid: Oid; offset: number; checksum: number }[] = [];
  let offset = header?.length ?? 0;
  for (const [index, oid] of oids.entries()) {
    const [head, body] = rest.slice(index * 2, index * 2 + 2) as [Buffer, Buffer];
    objects.push({ oid, offset, checksum: crc32(body, crc32(head)) });
    offset += head.length + body.length;
    await breathe();
  }
  objects.sort((a, b) => (a.oid < b.oid ? -1 : 1));
  const counts = new Array<number>(FIRST_BYTES).fill(0);
  for (const { oid } of objects) {
    const first = Number.parseInt(oid.slice(0, 2), 16);
    counts[first] = (counts[first] ?? 0) + 1;
  }
  let sum = 0;
  const index = Buffer.concat([
    MAGIC,
    uint32s(counts.map((count) => (sum += count))),
    ...objects.map(({ oid }) => Buffer.from(oid, "hex")),
    uint32s(objects.map(({ checksum }) => checksum)),
    uint32s(objects.map(({ offset: start }) => start)),
    chunks.at(-1) ?? Buffer.alloc(0),
  ]);
  return Buffer.concat([index, createHash("sha1").update(index).digest()]);
}
