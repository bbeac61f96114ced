import type { Effort } from "../diff/effort";
import { isBinary } from "../text";

/** The score of identical content. */
export const FULL_SCORE = 60_000;

const CHUNK = 64;
const BUCKETS = 107_927;
/** Looking a hash up costs several times what comparing two line numbers does. */
const STEPS_PER_HASH = 4;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** How many bytes of a content fall into chunks of each hash; a fingerprint that git compares files by. */
export type Fingerprint = ReadonlyMap<number, number>;

/** Cuts content into lines or 64-byte chunks and counts their bytes by hash. */
export function fingerprint(bytes: Uint8Array): Fingerprint {
  const counts = new Map<number, number>();
  const isText = !isBinary(bytes);
  let low = 0;
  let high = 0;
  let length = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (isText && byte === CARRIAGE_RETURN && bytes[index + 1] === LINE_FEED) continue;
    const before = low;
    low = ((low << 7) ^ (high >>> 25)) + byte;
    high = (high << 7) ^ (before >>> 25);
    if (++length < CHUNK && byte !== LINE_FEED) continue;
    const hash = ((low + Math.imul(high, 0x61)) >>> 0) % BUCKETS;
    counts.set(hash, (counts.get(hash) ?? 0) + length);
    low = high = length = 0;
  }
  return counts;
}

/** A content together with its fingerprint. */
export interface Sample {
  size: number;
  fingerprint: Fingerprint;
}

/** How much of the larger content the two share, up to FULL_SCORE; 0 when their sizes rule `minimum` out. */
export function similarity(source: Sample, target: Sample, minimum: number, effort: Effort): number {
  const larger = Math.max(source.size, target.size);
  const smaller = Math.min(source.size, target.size);
  if (larger * (FULL_SCORE - minimum) < (larger - smaller) * FULL_SCORE) return 0;
  if (target.size === 0) return 0;
  effort.spend(source.fingerprint.size * STEPS_PER_HASH);
  let copied = 0;
  for (const [hash, count] of source.fingerprint) {
    copied += Math.min(count, target.fingerprint.get(hash) ?? 0);
  }
  return Math.floor((copied * FULL_SCORE) / larger);
}
