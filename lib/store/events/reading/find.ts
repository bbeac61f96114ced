import { breathe } from "@/lib/runtime/pace";
import type { Database } from "../../database/database";
import { candidatesIn } from "../index/lookup";
import { segmentOf, SEGMENT_SIZE } from "../index/postings";
import { bucketsOf } from "../index/terms";
import { NO_CURSOR, type Columns, type Plan } from "./plan";
import { countCursors, pageOfCursors } from "./pages";
import {
  askAmong,
  isFew,
  lookAlong,
  matchesSql,
  nearest,
  streamsOf,
  windowSql,
  type Direction,
} from "./streams";

/** How many simple looks at an event a search may cost before it answers with what it has. */
export const LOOKS = 2000;
/** A look at what one segment has of one term costs about as much as so many at events. */
const TERM_LOOKS = 0.4;
const SEGMENTS_FIRST = 8;
const SEGMENTS_AT_ONCE = 128;
const FIRST_BATCH = 250;
/** SQLite's driver answers nothing else meanwhile; each question to PostgreSQL is a way there and back. */
const BATCH = { sqlite: 500, postgresql: 1000 } as const;

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
  #segments: number;
  readonly #segmentLooks: number;
  readonly #kept: number;

  constructor(
    private readonly database: Database,
    private readonly plan: Plan,
    private readonly direction: Direction,
    private readonly wanted: number,
    private looks: number,
  ) {
    this.left = plan.columns;
    this.#kept = looks / 2;
    this.#segmentLooks = 1 + TERM_LOOKS * (plan.terms ? bucketsOf(plan.terms).size : 0);
    this.#segments = Math.max(1, Math.min(SEGMENTS_FIRST, Math.floor(this.looks / 4 / this.#segmentLooks)));
  }

  /** How many events are looked at next. */
  get batch(): number {
    if (this.#isInTail) return BATCH[this.database.provider];
    return Math.min(BATCH[this.database.provider], Math.max(1, Math.ceil(this.looks / this.plan.weight)));
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

  /** Whether the newest events are next, which are not indexed before their segment is complete. */
  get #isInTail(): boolean {
    return this.plan.terms !== null && segmentOf(this.#next) === segmentOf(this.plan.last + 1);
  }

  /** The newest events are looked at whatever that costs, and use up no more than half of the looks for all others. */
  #spend(looks: number): void {
    this.looks = Math.max(this.looks - looks, this.#isInTail ? Math.min(this.looks, this.#kept) : -Infinity);
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
      const streams = streamsOf(within);
      const [only] = streams;
      const { looked, last, found } =
        streams.length === 1 && only
          ? await lookAlong(database, within, only, plan.rest, { direction, limit: size })
          : await this.#lookAlongMany(within, size);
      this.#spend(looked * plan.weight + 1);
      this.found.push(...found);
      this.#passed(looked < size ? end : last);
      return;
    }
    const window = nearest(within, direction, size);
    this.#spend((window.to - window.from + 1) * plan.weight);
    const query = windowSql(database.sql, window, plan.rest, direction);
    const found = await askAmong(database, plan.columns, query, direction);
    this.found.push(...found);
    this.#passed(direction === "asc" ? window.to : window.from);
  }

  async #lookAlongMany(within: Columns, limit: number) {
    const cursors = await pageOfCursors(this.database, within, this.direction, { limit });
    return { looked: cursors.length, last: cursors.at(-1) ?? 0, found: await this.#matching(cursors) };
  }

  #upTo(cursor: number): Columns {
    return this.direction === "asc"
      ? { ...this.left, to: Math.min(this.left.to, cursor) }
      : { ...this.left, from: Math.max(this.left.from, cursor) };
  }

  async #matching(cursors: readonly number[]): Promise<number[]> {
    if (cursors.length === 0) return [];
    const { database, plan, direction } = this;
    const query = matchesSql(database.sql, plan.columns, plan.rest, cursors, direction);
    return askAmong(database, plan.columns, query, direction);
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
    const last = segments.at(-1) ?? first;
    const range = [Math.min(first, last), Math.max(first, last)] as const;
    const candidates = await candidatesIn(database, range, plan.terms);
    this.#segments = this.#segmentsNext(candidates);
    for (const run of runsOf(segments, (segment) => candidates.has(segment))) {
      if (this.isOver || this.isSpent) return;
      const border = edgeOf(run.at(-1) ?? first, direction);
      if (candidates.has(run[0] ?? first)) {
        await this.#lookAt(
          run.flatMap((one) => sorted(candidates.get(one), step)),
          border,
        );
        this.#spend(run.length * this.#segmentLooks);
      } else
        while (!this.isOver && !this.isSpent && this.#isBefore(border)) await this.scan(this.batch, border);
    }
  }

  /** Of a term that is rare, many segments are looked up at once; of a common one, no more than there are looks for. */
  #segmentsNext(candidates: ReadonlyMap<number, readonly number[]>): number {
    const all = [...candidates.values()].reduce((sum, { length }) => sum + length, 0) * this.plan.weight;
    const each = all / Math.max(1, candidates.size) + this.#segmentLooks;
    const most = Math.ceil((this.looks - candidates.size * each) / each);
    return Math.min(Math.max(1, most), SEGMENTS_AT_ONCE);
  }

  #isBefore(border: number): boolean {
    return this.direction === "asc" ? this.left.from <= border : this.left.to >= border;
  }

  async #lookAt(candidates: readonly number[], border: number): Promise<void> {
    const { from, to } = this.left;
    const left = candidates.filter((cursor) => cursor >= from && cursor <= to);
    for (let start = 0; start < left.length;) {
      const part = left.slice(start, start + this.batch);
      start += part.length;
      this.#spend(part.length * this.plan.weight);
      this.found.push(...(await this.#matching(part)));
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
  const search = new Search(database, plan, direction, wanted, looks);
  if (!search.isOver) await search.scan(Math.min(FIRST_BATCH, search.batch));
  while (!search.isOver && !search.isSpent) {
    await breathe();
    if (plan.terms && !plan.columns.operationId && !plan.columns.correlationId) await search.lookUp();
    else await search.scan(search.batch);
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
