import { commonPrefix, commonSuffix } from "./common-bytes";
import { type Entry, entriesOf, entryAt, entryCount, type Tree } from "./tree";

/** By name: the entries of two trees that are not the same in both. */
export interface TreeDifference {
  now: Map<string, Entry>;
  before: Map<string, Entry>;
}

/** What differs between two trees; of a large tree with few changes only these are decoded. */
export function treeDifference(tree: Tree | undefined, base: Tree | undefined): TreeDifference {
  if (!tree || !base)
    return { now: byName(tree ? entriesOf(tree) : []), before: byName(base ? entriesOf(base) : []) };
  const prefix = commonPrefix(tree.bytes, base.bytes);
  const suffix = wholeEntries(tree, base, commonSuffix(tree.bytes, base.bytes, prefix));
  const now = byName(middle(tree, prefix, suffix));
  const before = byName(middle(base, prefix, suffix));
  for (const [name, entry] of now) {
    const old = before.get(name);
    if (old?.oid !== entry.oid || old.mode !== entry.mode) continue;
    now.delete(name);
    before.delete(name);
  }
  return { now, before };
}

function byName(entries: Iterable<Entry>): Map<string, Entry> {
  return new Map(Array.from(entries, (entry) => [entry.name, entry]));
}

/** The common end without a part of an entry: the same bytes may begin inside a longer name of the other tree. */
function wholeEntries(tree: Tree, base: Tree, suffix: number): number {
  const shift = base.bytes.length - tree.bytes.length;
  for (let index = firstEntry(tree, tree.bytes.length - suffix); index < entryCount(tree); index++) {
    const start = tree.starts[index] ?? 0;
    if (base.starts[firstEntry(base, start + shift)] === start + shift) return tree.bytes.length - start;
  }
  return 0;
}

/** The first entry that starts at an offset or after it. */
function firstEntry(tree: Tree, offset: number): number {
  let low = 0;
  let high = entryCount(tree);
  while (low < high) {
    const half = (low + high) >>> 1;
    if ((tree.starts[half] ?? 0) < offset) low = half + 1;
    else high = half;
  }
  return low;
}

/** The entries that are not wholly within the first `prefix` or the last `suffix` bytes. */
function* middle(tree: Tree, prefix: number, suffix: number): Generator<Entry> {
  const from = tree.bytes.length - suffix;
  const after = firstEntry(tree, prefix);
  const endsInside = tree.starts[after] !== prefix;
  for (let index = Math.max(0, endsInside ? after - 1 : after); index < entryCount(tree); index++) {
    if ((tree.starts[index] ?? 0) >= from) return;
    yield entryAt(tree, index);
  }
}
