import { createHash } from "node:crypto";
import { promisify } from "node:util";
import zlib from "node:zlib";
import type { Oid } from "@/lib/domain/workspace";
import type { ObjectType } from "@/lib/versioning/ports";
import { Pace } from "@/lib/runtime/pace";
import { makeDelta } from "./delta";
import { OFS_DELTA, REF_DELTA, TYPE_CODES } from "./format";

const deflateAsync = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.deflate);
/** The remote packs again as it likes; small texts gain little from a higher level, which takes twice the time. */
const LEVEL = zlib.constants.Z_BEST_SPEED;

const MAX_CHAIN = 50;
// Below this a delta saves less than its header costs the reader.
const MIN_DELTA_BYTES = 256;
const ASYNC_ABOVE = 256 * 1024;
// The usual tables take longer to set up than a small text takes to compress; it fits this window whole.
const SMALL = 8 * 1024;
const SMALL_WINDOW = { windowBits: 13, memLevel: 6 };

export interface PackInput {
  oid: Oid;
  type: ObjectType;
  bytes: Buffer;
  /** An object that this one was made from. */
  base?: { oid: Oid; bytes: Buffer };
}

export interface PackOptions {
  /** The reader knows deltas that name their base by its place in the pack. */
  ofsDelta: boolean;
  /** The reader has this object, so a delta may build on it although the pack does not hold it. */
  readerHas: (oid: Oid) => boolean;
  signal?: AbortSignal;
}

/**
 * Packs the objects in the order they come, many at a time; answers the pack in pieces, two of them for each object
 * between its header and its checksum, and the ids of the objects in that order.
 */
export async function writePack(
  batches: AsyncIterable<Iterable<PackInput>>,
  options: PackOptions,
): Promise<{ chunks: Buffer[]; oids: Oid[] }> {
  const header = Buffer.alloc(12);
  const chunks: Buffer[] = [header];
  const placed = new Map<Oid, { offset: number; depth: number }>();
  const pace = new Pace(options.signal);
  let offset = header.length;
  for await (const batch of batches) {
    for (const object of batch) {
      if (placed.has(object.oid)) continue;
      const entry = encode(object, offset, placed, options);
      const isLarge = entry.content.length > ASYNC_ABOVE;
      const body = isLarge ? await deflateAsync(entry.content, { level: LEVEL }) : deflate(entry.content);
      placed.set(object.oid, { offset, depth: entry.depth });
      chunks.push(entry.head, body);
      offset += entry.head.length + body.length;
      if (pace.due) await pace.rest();
    }
  }
  header.write("PACK", "latin1");
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(placed.size, 8);
  const hash = createHash("sha1");
  for (const chunk of chunks) {
    hash.update(chunk);
    if (pace.due) await pace.rest();
  }
  chunks.push(hash.digest());
  return { chunks, oids: [...placed.keys()] };
}

function encode(
  object: PackInput,
  offset: number,
  placed: ReadonlyMap<Oid, { offset: number; depth: number }>,
  options: PackOptions,
): { head: Buffer; content: Buffer; depth: number } {
  const whole = {
    head: entryHeader(TYPE_CODES[object.type], object.bytes.length),
    content: object.bytes,
    depth: 0,
  };
  const { base } = object;
  if (!base || base.oid === object.oid || object.bytes.length < MIN_DELTA_BYTES) return whole;
  const inside = placed.get(base.oid);
  if (inside ? inside.depth >= MAX_CHAIN : !options.readerHas(base.oid)) return whole;
  const delta = makeDelta(base.bytes, object.bytes);
  if (!delta) return whole;
  const byOffset = inside && options.ofsDelta;
  return {
    head: byOffset
      ? Buffer.concat([entryHeader(OFS_DELTA, delta.length), distanceBytes(offset - inside.offset)])
      : Buffer.concat([entryHeader(REF_DELTA, delta.length), Buffer.from(base.oid, "hex")]),
    content: delta,
    depth: (inside?.depth ?? 0) + 1,
  };
}

function deflate(content: Buffer): Buffer {
  const isSmall = content.length <= SMALL;
  return zlib.deflateSync(content, {
    level: LEVEL,
    chunkSize: Math.max(256, Math.min(content.length, 16 * 1024)),
    ...(isSmall ? SMALL_WINDOW : {}),
  });
}

function entryHeader(code: number, size: number): Buffer {
  const bytes: number[] = [];
  let byte = (code << 4) | (size & 15);
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(byte | 0x80);
    byte = rest % 128;
  }
  bytes.push(byte);
  return Buffer.from(bytes);
}

/** Git's variable-length number for offsets: every byte but the last stands for one more than its bits. */
function distanceBytes(distance: number): Buffer {
  const bytes = [distance % 128];
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    bytes.unshift((rest % 128) | 0x80);
  }
  return Buffer.from(bytes);
}
