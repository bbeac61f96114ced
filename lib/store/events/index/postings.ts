import { BUCKETS, type TermQuery } from "./terms";

/** Cursors of one segment; one bit each. */
export const SEGMENT_SIZE = 2048;
const WORDS = SEGMENT_SIZE / 32;
const BITMAP_BYTES = SEGMENT_SIZE / 8;
const BITMAP = 0;
const DISTANCES = 1;

/** The segment that a cursor lies in. */
export function segmentOf(cursor: number): number {
  return Math.floor(cursor / SEGMENT_SIZE);
}

/** The terms of the events of one segment while they are collected. */
export class TermMatrix {
  readonly #bits = new Uint32Array(BUCKETS * WORDS);

  add(bucket: number, position: number): void {
    const at = bucket * WORDS + (position >>> 5);
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (position & 31));
  }

  /** Every bucket that some event has, as it is stored. */
  rows(): { bucket: number; postings: Uint8Array }[] {
    const rows = [];
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const positions = positionsOf(this.#bits.subarray(bucket * WORDS, (bucket + 1) * WORDS));
      if (positions.length > 0) rows.push({ bucket, postings: encode(positions) });
    }
    return rows;
  }
}

/** Where the bits stand, in order. */
export function positionsOf(bits: Uint32Array): number[] {
  const positions: number[] = [];
  for (const [at, word] of bits.entries())
    for (let left = word; left !== 0; left &= left - 1)
      positions.push(at * 32 + 31 - Math.clz32(left & -left));
  return positions;
}

function encode(positions: readonly number[]): Uint8Array {
  const bytes = [DISTANCES];
  let last = -1;
  for (const position of positions) {
    const distance = position - last;
    if (distance < 128) bytes.push(distance);
    else bytes.push((distance & 127) | 128, distance >>> 7);
    last = position;
  }
  if (bytes.length <= BITMAP_BYTES) return Uint8Array.from(bytes);
  const bitmap = new Uint8Array(BITMAP_BYTES + 1);
  bitmap[0] = BITMAP;
  for (const position of positions) {
    const at = 1 + (position >>> 3);
    bitmap[at] = (bitmap[at] ?? 0) | (1 << (position & 7));
  }
  return bitmap;
}

/** The bits that stored postings stand for. */
export function decode(postings: Uint8Array): Uint32Array {
  const bits = new Uint32Array(WORDS);
  if (postings[0] === BITMAP) {
    for (let at = 0; at < BITMAP_BYTES; at++)
      bits[at >>> 2] = (bits[at >>> 2] ?? 0) | ((postings[at + 1] ?? 0) << ((at & 3) * 8));
    return bits;
  }
  let position = -1;
  for (let at = 1; at < postings.length; at++) {
    const byte = postings[at] ?? 0;
    position += byte < 128 ? byte : (byte & 127) | ((postings[++at] ?? 0) << 7);
    bits[position >>> 5] = (bits[position >>> 5] ?? 0) | (1 << (position & 31));
  }
  return bits;
}

function isEmpty(bits: Uint32Array): boolean {
  return bits.every((word) => word === 0);
}

/** The events of a segment that have what the query asks for, or seem to; null: none. */
export function evaluate(
  query: TermQuery,
  postings: (bucket: number) => Uint32Array | null,
): Uint32Array | null {
  if ("any" in query) return union(query.any.map((part) => evaluate(part, postings)));
  const found = new Uint32Array(WORDS).fill(0xffffffff);
  // What is rare is known by its first terms to be missing, so that the others need not be read.
  for (const part of "buckets" in query ? query.buckets : query.all) {
    const bits = typeof part === "number" ? postings(part) : evaluate(part, postings);
    if (!bits) return null;
    for (let at = 0; at < WORDS; at++) found[at] = (found[at] ?? 0) & (bits[at] ?? 0);
    if (isEmpty(found)) return null;
  }
  return found;
}

function union(parts: readonly (Uint32Array | null)[]): Uint32Array | null {
  const [first, ...others] = parts.flatMap((bits) => bits ?? []);
  if (!first) return null;
  const found = Uint32Array.from(first);
  for (const bits of others)
    for (let at = 0; at < WORDS; at++) found[at] = (found[at] ?? 0) | (bits[at] ?? 0);
  return found;
}
