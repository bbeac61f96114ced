const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const FIRST_SIZE = 64;
const FULL_SHARE = 0.8;
const GROWTH = 4;

/**
 * Keys, given in order of insertion, in the order in which git visits them in its hash tables. Where several
 * renames are equally likely this order decides, so it has to be git's.
 */
export function inHashOrder(keys: Iterable<string>): string[] {
  let buckets: Key[][] = emptyBuckets(FIRST_SIZE);
  let count = 0;
  for (const text of keys) {
    const key = { text, hash: hashOf(text) };
    bucketOf(buckets, key).unshift(key);
    count++;
    if (count > Math.floor(buckets.length * FULL_SHARE)) buckets = grow(buckets);
  }
  return buckets.flat().map((key) => key.text);
}

interface Key {
  text: string;
  hash: number;
}

function emptyBuckets(size: number): Key[][] {
  return Array.from({ length: size }, () => []);
}

function bucketOf(buckets: Key[][], key: Key): Key[] {
  const bucket = buckets[key.hash & (buckets.length - 1)];
  if (!bucket) throw new RangeError("A hash table has no bucket for its key.");
  return bucket;
}

function grow(buckets: Key[][]): Key[][] {
  const larger = emptyBuckets(buckets.length * GROWTH);
  for (const bucket of buckets) for (const key of bucket) bucketOf(larger, key).unshift(key);
  return larger;
}

function hashOf(text: string): number {
  let hash = FNV_BASIS;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash, FNV_PRIME) ^ byte;
  return hash >>> 0;
}
