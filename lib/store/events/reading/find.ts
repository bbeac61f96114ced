import { breathe } from "@/lib/archive/pace";
import type { Database } from "../../database/database";
import { candidatesIn, indexedAmong } from "../index/lookup";
import { segmentOf, SEGMENT_SIZE } from "../index/postings";
import { NO_CURSOR, type Columns, type Plan } from "./plan";
import { countCursors, pageOfCursors } from "./pages";
import { askAmong, isFew, lastCursor, matchesSql, nearest, windowSql, type Direction } from "./streams";

/** How many events a search looks at before it answers with what it has. */
export const LOOKS = 3000;
/** A look at the index of one segment costs about as much as one at so many events. */
const SEGMENT_LOOKS = 4;
const SEGMENTS_FIRST = 8;
const SEGMENTS_AT_ONCE = 128;
const FIRST_BATCH = 500;
const BATCH = 750;

export interface Found {
  cursors: number[];
  /** Where the search gave up; null: it saw everything, or found enough. */
  searchedTo: number | null;
}

/** One search under way: where it stands, what it found, how much it may still look at. */
class Search {
  readonly found: number[] = [];
  /** What has not been looked at yet. */
  left: Columns;
  #segments = SEGMENTS_FIRST;

  constructor(
    private readonly database: Database,
    private readonly plan: Plan,
    private readonly direction: Direction,
    private readonly wanted: number,
    private looks: number,
    last: number,
  ) {
    this.left = { ...plan.columns, to: Math.min(plan.columns.to, last) };
  }

  get isOver(): boolean {
    return this.left.from > this.left.to || this.found.length >= this.wanted;
  }

  get isSpent(): boolean {
    return this.looks <= 0;
  }

  /** The next cursor that has not been looked at. */
  get #next(): number {
    return this.direction === "asc" ? this.left.from : this.left.to;
  }

  /** Everything up to and with this cursor has been looked at. */
  #passed(cursor: number): void {
    if (this.direction === "asc") this.left = { ...this.left, from: Math.max(this.left.from, cursor + 1) };
    else this.left = { ...this.left, to: Math.min(this.left.to, cursor - 1) };
  }

  /** Looks at the next events that the columns' own index has, `until` there and no further. */
  async scan(size: number, until?: number): Promise<void> {
    const { database, plan, direction } = this;
    const within = until === undefined ? this.left : this.#upTo(until);
    const end = direction === "asc" ? within.to : within.from;
    if (isFew(within)) {
      const cursors = await pageOfCursors(database, within, direction, { limit: size });
      this.looks -= cursors.length + 1;
      await this.#keepMatching(cursors);
      this.#passed(cursors.length < size ? end : (cursors.at(-1) ?? end));
      return;
    }
    const window = nearest(within, direction, this.left.to, size);
    this.looks -= window.to - window.from + 1;
    const query = windowSql(database.sql, window, plan.rest, direction);
    const found = await askAmong(database, plan.columns, query, direction);
    this.found.push(...found);
    this.#passed(direction === "asc" ? window.to : window.from);
  }

  #upTo(cursor: number): Columns {
    return this.direction === "asc"
      ? { ...this.left, to: Math.min(this.left.to, cursor) }
      : { ...this.left, from: Math.max(this.left.from, cursor) };
  }

  async #keepMatching(cursors: readonly number[]): Promise<void> {
    if (cursors.length === 0) return;
    const { database, plan, direction } = this;
    const query = matchesSql(database.sql, plan.columns, plan.rest, cursors, direction);
    this.found.push(...(await askAmong(database, plan.columns, query, direction)));
  }

  /** Looks at the next segments: at what their terms promise where they are indexed, else at everything. */
  async lookUp(): Promise<void> {
    const { plan, direction, database } = this;
    if (!plan.terms) return;
    const step = direction === "asc" ? 1 : -1;
    const first = segmentOf(this.#next);
    const end = segmentOf(direction === "asc" ? this.left.to : this.left.from);
    const count = Math.min(this.#segments, Math.abs(end - first) + 1);
    const segments = Array.from({ length: count }, (_, at) => first + at * step);
    const indexed = await indexedAmong(
      database,
      Math.min(first, segments.at(-1) ?? first),
      Math.max(...segments),
    );
    const known = segments.filter((segment) => indexed.has(segment));
    const candidates =
      known.length > 0 ? await candidatesIn(database, known, plan.terms) : new Map<number, number[]>();
    this.#segments = this.#segmentsNext(candidates);
    this.looks -= known.length * SEGMENT_LOOKS;
    for (const run of runsOf(segments, (segment) => indexed.has(segment))) {
      if (this.isOver || this.isSpent) return;
      const border = edgeOf(run.at(-1) ?? first, direction);
      if (indexed.has(run[0] ?? first))
        await this.#lookAt(
          run.flatMap((one) => sorted(candidates.get(one), step)),
          border,
        );
      else while (!this.isOver && !this.isSpent && this.#isBefore(border)) await this.scan(BATCH, border);
    }
  }

  /** Of a term that is rare, many segments are looked up at once; of a common one, no more than there are looks for. */
  #segmentsNext(candidates: ReadonlyMap<number, readonly number[]>): number {
    if (candidates.size === 0) return SEGMENTS_AT_ONCE;
    const all = [...candidates.values()].reduce((sum, { length }) => sum + length, 0);
    const left = this.looks - all - candidates.size * SEGMENT_LOOKS;
    const most = Math.ceil(left / (all / candidates.size + SEGMENT_LOOKS));
    return Math.min(Math.max(1, most), SEGMENTS_AT_ONCE);
  }

  #isBefore(border: number): boolean {
    return this.direction === "asc" ? this.left.from <= border : this.left.to >= border;
  }

  async #lookAt(candidates: readonly number[], border: number): Promise<void> {
    const { from, to } = this.left;
    const left = candidates.filter((cursor) => cursor >= from && cursor <= to);
    for (let start = 0; start < left.length; start += FIRST_BATCH) {
      const part = left.slice(start, start + FIRST_BATCH);
      this.looks -= part.length;
      await this.#keepMatching(part);
      this.#passed(part.at(-1) ?? border);
      if (this.isOver || this.isSpent) return;
      await breathe();
    }
    this.#passed(border);
  }

  get searchedTo(): number | null {
    if (this.isOver) return null;
    return this.direction === "asc" ? this.left.from - 1 : this.left.to + 1;
  }
}

function sorted(cursors: readonly number[] | undefined, step: number): number[] {
  return step === 1 ? [...(cursors ?? [])] : [...(cursors ?? [])].reverse();
}

/** The last cursor of a segment on the way. */
function edgeOf(segment: number, direction: Direction): number {
  return direction === "asc" ? (segment + 1) * SEGMENT_SIZE - 1 : segment * SEGMENT_SIZE;
}

function runsOf<T>(items: readonly T[], kind: (item: T) => boolean): T[][] {
  const runs: T[][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    const [first] = last ?? [];
    if (last && first !== undefined && kind(first) === kind(item)) last.push(item);
    else runs.push([item]);
  }
  return runs;
}

/** The first `wanted` cursors of events that match, in order; with `looks`, of so many events looked at. */
export async function findCursors(
  database: Database,
  plan: Plan,
  direction: Direction,
  { wanted, looks = NO_CURSOR }: { wanted: number; looks?: number },
): Promise<Found> {
  const search = new Search(database, plan, direction, wanted, looks, await lastCursor(database));
  if (!search.isOver) await search.scan(FIRST_BATCH);
  while (!search.isOver && !search.isSpent) {
    await breathe();
    if (plan.terms && !plan.columns.operationId && !plan.columns.correlationId) await search.lookUp();
    else await search.scan(BATCH);
  }
  return { cursors: search.found.slice(0, wanted), searchedTo: search.searchedTo };
}

/** A page of cursors; with `countTo` how many match, up to so many. */
export async function findPage(
  database: Database,
  plan: Plan,
  direction: Direction,
  page: { limit: number; offset: number; countTo?: number; looks?: number },
): Promise<Found & { size?: number }> {
  const { limit, offset, countTo, looks } = page;
  if (plan.rest.length > 0) {
    const wanted = Math.max(limit + offset, countTo ?? 0);
    const found = await findCursors(database, plan, direction, { wanted, ...(looks ? { looks } : {}) });
    return {
      ...found,
      cursors: found.cursors.slice(offset, offset + limit),
      ...(countTo === undefined ? {} : { size: found.cursors.length }),
    };
  }
  const cursors =
    limit === 0 ? [] : await pageOfCursors(database, plan.columns, direction, { limit, offset });
  // A page that is not full is the last one: what comes before it was skipped, so it is counted already.
  const isLast = cursors.length < limit && (cursors.length > 0 || offset === 0);
  return {
    cursors,
    searchedTo: null,
    ...(countTo === undefined
      ? {}
      : { size: isLast ? offset + cursors.length : await countCursors(database, plan.columns, countTo) }),
  };
}
