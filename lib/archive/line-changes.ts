import { diffArrays } from "diff";

/** Beyond this many lines on a side the count is that of lines outside the common head and tail. */
const EXACT_LINES = 4000;

function lines(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const parts = text.split("\n");
  if (parts.at(-1) === "") parts.pop();
  return parts;
}

function lineCount(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return bytes.length > 0 && bytes.at(-1) !== 10 ? count + 1 : count;
}

function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8000).includes(0);
}

/** Lines added and removed between two versions of a file; null stands for no file, binary files count no line. */
export function lineChanges(
  before: Uint8Array | null,
  after: Uint8Array | null,
): { insertions: number; deletions: number } {
  if ((before && isBinary(before)) || (after && isBinary(after))) return { insertions: 0, deletions: 0 };
  if (!before || !after)
    return { insertions: after ? lineCount(after) : 0, deletions: before ? lineCount(before) : 0 };
  const old = lines(before);
  const now = lines(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail))
    tail++;
  const left = old.slice(head, old.length - tail);
  const right = now.slice(head, now.length - tail);
  if (left.length === 0 || right.length === 0 || left.length > EXACT_LINES || right.length > EXACT_LINES)
    return { insertions: right.length, deletions: left.length };
  const parts = diffArrays(left, right, { maxEditLength: 2000 });
  // Too different for the search: everything between head and tail counts as rewritten.
  if (!parts) return { insertions: right.length, deletions: left.length };
  const count = (flag: "added" | "removed") =>
    parts.reduce((sum, part) => sum + (part[flag] ? part.value.length : 0), 0);
  return { insertions: count("added"), deletions: count("removed") };
}
