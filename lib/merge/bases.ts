import type { Oid } from "@/lib/domain/workspace";

/** The history that merge bases are looked for in. */
export interface CommitGraph {
  /** Throws when the commit is not known. */
  parents(oid: Oid): Promise<readonly Oid[]>;
  /** The committer's time in seconds: newer commits are visited first, so little is read. */
  date(oid: Oid): Promise<number>;
}

const OURS = 1;
const THEIRS = 2;
/** Below a common ancestor: common as well, but not a best one. */
const STALE = 4;
/** How many more commits are looked at before a count is final, in case a clock was wrong. */
const SLACK = 64;

/** All best common ancestors, the newest first; none for unrelated histories. */
export async function mergeBases(graph: CommitGraph, ours: Oid, theirs: Oid): Promise<Oid[]> {
  if (ours === theirs) return [ours];
  const marks = await paintBoth(graph, ours, theirs);
  const common = [...marks].filter(([, mark]) => mark === (OURS | THEIRS)).map(([oid]) => oid);
  const best: Oid[] = [];
  for (const candidate of common) {
    const others = common.filter((other) => other !== candidate);
    if (!(await isAncestorOfAny(graph, candidate, others))) best.push(candidate);
  }
  const dated = await Promise.all(best.map(async (oid) => ({ oid, date: await graph.date(oid) })));
  return dated.sort((one, other) => other.date - one.date).map(({ oid }) => oid);
}

/** Whether `ancestor` is `descendant` or one of its ancestors. */
export async function isAncestor(graph: CommitGraph, ancestor: Oid, descendant: Oid): Promise<boolean> {
  if (ancestor === descendant) return true;
  const marks = await paintBoth(graph, ancestor, descendant);
  return ((marks.get(ancestor) ?? 0) & THEIRS) !== 0;
}

/** How many commits are in the history of `until` but not in that of `since` (null: nothing). */
export async function countAhead(graph: CommitGraph, since: Oid | null, until: Oid): Promise<number> {
  return (await commitsAhead(graph, since, until)).length;
}

/** The commits in the history of `until` but not in that of `since`, newest first. */
export async function commitsAhead(graph: CommitGraph, since: Oid | null, until: Oid): Promise<Oid[]> {
  const walk = new Walk(graph, (mark) => (mark & OURS) !== 0);
  await walk.mark(until, THEIRS);
  if (since !== null) await walk.mark(since, OURS);
  let slack = SLACK;
  while (walk.open > 0 || slack-- > 0) {
    const visit = await walk.next();
    if (!visit) break;
    await walk.markParents(visit.oid, visit.mark);
  }
  return [...walk.visited].filter((oid) => walk.marks.get(oid) === THEIRS);
}

async function isAncestorOfAny(graph: CommitGraph, oid: Oid, others: readonly Oid[]): Promise<boolean> {
  for (const other of others) if (await isAncestor(graph, oid, other)) return true;
  return false;
}

/** Marks the history of both commits until only ancestors of common ancestors are left. */
async function paintBoth(graph: CommitGraph, ours: Oid, theirs: Oid): Promise<Map<Oid, number>> {
  const walk = new Walk(graph, (mark) => (mark & STALE) !== 0);
  await walk.mark(ours, OURS);
  await walk.mark(theirs, THEIRS);
  while (walk.open > 0) {
    const visit = await walk.next();
    if (!visit) break;
    const isCommon = (visit.mark & (OURS | THEIRS)) === (OURS | THEIRS);
    // Nothing but ancestors of this one is left, so they need not even be fetched.
    if (isCommon && walk.open === 0) break;
    await walk.markParents(visit.oid, isCommon ? visit.mark | STALE : visit.mark);
  }
  return walk.marks;
}

/** A walk from the newest commit down that passes marks on to parents, to those visited before as well. */
class Walk {
  readonly marks = new Map<Oid, number>();
  readonly visited = new Set<Oid>();
  /** How many of the waiting commits still matter. */
  open = 0;
  private readonly queue = new DateQueue();

  constructor(
    private readonly graph: CommitGraph,
    private readonly isSettled: (mark: number) => boolean,
  ) {}

  async mark(oid: Oid, mark: number): Promise<void> {
    const before = this.marks.get(oid) ?? 0;
    const after = before | mark;
    if (after === before) return;
    this.marks.set(oid, after);
    if (this.queue.has(oid)) {
      if (!this.isSettled(before) && this.isSettled(after)) this.open--;
      return;
    }
    if (!this.isSettled(after)) this.open++;
    this.queue.push(oid, await this.graph.date(oid));
  }

  async markParents(oid: Oid, mark: number): Promise<void> {
    for (const parent of await this.graph.parents(oid)) await this.mark(parent, mark);
  }

  async next(): Promise<{ oid: Oid; mark: number } | null> {
    const oid = this.queue.pop();
    if (oid === undefined) return null;
    const mark = this.marks.get(oid) ?? 0;
    if (!this.isSettled(mark)) this.open--;
    this.visited.add(oid);
    return { oid, mark };
  }
}

/** Commits by date, the newest first; those of one time in the order they came. */
class DateQueue {
  private readonly heap: { oid: Oid; date: number; order: number }[] = [];
  private readonly waiting = new Set<Oid>();
  private pushed = 0;

  has(oid: Oid): boolean {
    return this.waiting.has(oid);
  }

  push(oid: Oid, date: number): void {
    this.waiting.add(oid);
    this.heap.push({ oid, date, order: this.pushed++ });
    let at = this.heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(at, parent)) break;
      this.swap(at, parent);
      at = parent;
    }
  }

  pop(): Oid | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (!first || !last) return undefined;
    this.waiting.delete(first.oid);
    if (this.heap.length === 0) return first.oid;
    this.heap[0] = last;
    let at = 0;
    for (;;) {
      let next = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.heap.length && this.isBefore(child, next)) next = child;
      }
      if (next === at) return first.oid;
      this.swap(at, next);
      at = next;
    }
  }

  private isBefore(one: number, other: number): boolean {
    const a = this.heap[one];
    const b = this.heap[other];
    if (!a || !b) return false;
    return a.date !== b.date ? a.date > b.date : a.order < b.order;
  }

  private swap(one: number, other: number): void {
    const a = this.heap[one];
    const b = this.heap[other];
    if (!a || !b) return;
    this.heap[one] = b;
    this.heap[other] = a;
  }
}
