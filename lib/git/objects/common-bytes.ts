const BLOCK = 512;

/** How many leading bytes are the same. */
export function commonPrefix(a: Buffer, b: Buffer): number {
  const shortest = Math.min(a.length, b.length);
  let at = 0;
  // Whole blocks are compared natively; only the block that differs is looked at byte by byte.
  while (at + BLOCK <= shortest && a.compare(b, at, at + BLOCK, at, at + BLOCK) === 0) at += BLOCK;
  while (at < shortest && a[at] === b[at]) at++;
  return at;
}

/** How many trailing bytes are the same, beyond the first `prefix`. */
export function commonSuffix(a: Buffer, b: Buffer, prefix: number): number {
  const shortest = Math.min(a.length, b.length) - prefix;
  let size = 0;
  while (size + BLOCK <= shortest) {
    const endA = a.length - size;
    const endB = b.length - size;
    if (a.compare(b, endB - BLOCK, endB, endA - BLOCK, endA) !== 0) break;
    size += BLOCK;
  }
  while (size < shortest && a[a.length - 1 - size] === b[b.length - 1 - size]) size++;
  return size;
}
