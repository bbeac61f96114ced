import { own, setOwn } from "@/lib/domain/own";
import { z } from "zod";
import type { Event } from "@/lib/domain/event";
import { isEventField, type EventCondition } from "@/lib/domain/event-condition";
import { AppError } from "@/lib/domain/error";
import type { Engine } from "../engine";
import { limitsOf, type EventScope } from "./list";

const MAX_DEPTH = 6;
const MAX_CLAUSES = 100;
// A clause is made of six at most, and the request around them of a few.
const MAX_PARTS = 6 * MAX_CLAUSES + 20;
/** How far into the matches pages reach, and how far they are counted. */
const SEARCH_WINDOW = 10_000;

const Text = z.string().max(500);
const Value = z.union([Text, z.number(), z.boolean()]);
const Bound = z.union([Text, z.number()]);
/** The published name of `createdAt`. */
const TIMESTAMP = "@timestamp";
const fieldNamed = (name: string) => (name === TIMESTAMP ? "createdAt" : name);
const Field = z.string().refine((name) => isEventField(fieldNamed(name)), {
  message:
    "A field is id, type, createdAt (or @timestamp), or a path that begins with payload., source. or error.",
});

/** A clause that names one field: `{field: …}`. */
function onField<T extends z.ZodType>(what: T) {
  return z.record(Field, what).refine((fields) => Object.keys(fields).length === 1, {
    message: "Name exactly one field; put several clauses into bool.",
  });
}

const Range = z.strictObject({
  gt: Bound.optional(),
  gte: Bound.optional(),
  lt: Bound.optional(),
  lte: Bound.optional(),
});
const Match = z.union([
  Text,
  z.number(),
  z.boolean(),
  z.strictObject({ query: Value, operator: z.enum(["and", "or"]).optional() }),
]);

export type SearchQuery =
  | { match_all: Record<string, never> }
  | { term: Record<string, z.infer<typeof Value> | { value: z.infer<typeof Value> }> }
  | { terms: Record<string, z.infer<typeof Value>[]> }
  | { range: Record<string, z.infer<typeof Range>> }
  | { match: Record<string, z.infer<typeof Match>> }
  | { exists: { field: string } }
  | { wildcard: Record<string, string | { value: string }> }
  | { bool: BoolQuery };

type Clauses = SearchQuery | SearchQuery[];
interface BoolQuery {
  must?: Clauses | undefined;
  filter?: Clauses | undefined;
  should?: Clauses | undefined;
  must_not?: Clauses | undefined;
  minimum_should_match?: 0 | 1 | undefined;
}

export const SearchQuery: z.ZodType<SearchQuery> = z.lazy(() =>
  z.union([
    z.strictObject({ match_all: z.strictObject({}) }),
    z.strictObject({ term: onField(z.union([Value, z.strictObject({ value: Value })])) }),
    z.strictObject({ terms: onField(z.array(Value).max(100)) }),
    z.strictObject({ range: onField(Range) }),
    z.strictObject({ match: onField(Match) }),
    z.strictObject({ exists: z.strictObject({ field: Field }) }),
    z.strictObject({ wildcard: onField(z.union([Text, z.strictObject({ value: Text })])) }),
    z.strictObject({ bool: Bool }),
  ]),
);

const ClauseList = z.union([SearchQuery, z.array(SearchQuery).max(MAX_CLAUSES)]).optional();
const Bool: z.ZodType<BoolQuery> = z.lazy(() =>
  z.strictObject({
    must: ClauseList,
    filter: ClauseList,
    should: ClauseList,
    must_not: ClauseList,
    minimum_should_match: z.union([z.literal(0), z.literal(1)]).optional(),
  }),
);

const Direction = z.enum(["asc", "desc"]);
const SortField = z.enum(["id", "createdAt", TIMESTAMP]);
const Sorting = z.partialRecord(SortField, z.union([Direction, z.strictObject({ order: Direction })]));

/** How many objects and lists a value holds, counted up to a number. */
function partsOf(value: unknown, most: number): number {
  let count = 0;
  for (const rest = [value]; rest.length > 0 && count < most;) {
    const next = rest.pop();
    if (typeof next !== "object" || next === null) continue;
    count++;
    for (const part of Object.values(next) as unknown[]) rest.push(part);
  }
  return count;
}

const SearchFields = z.strictObject({
  query: SearchQuery.default({ match_all: {} }),
  page: z.number().int().min(0).default(0),
  limit: z.number().int().min(0).max(1000).default(50),
  sort: z.union([Direction, Sorting, z.array(Sorting).max(3)]).optional(),
  /** Paths of the fields to answer; all of them when absent. */
  source: z.union([z.boolean(), z.array(z.string().max(500)).max(100)]).optional(),
  // What published clients send as well: events are all there is to search, and matches are always counted.
  scope: z.literal("events").optional(),
  track_total_hits: z.boolean().optional(),
});
/**
 * Body of `POST …/search`. Trying thousands of clauses against every form they might have would hold everything else
 * up for seconds, so they are counted first.
 */
export const SearchRequest = z.preprocess((body) => {
  if (partsOf(body, MAX_PARTS) >= MAX_PARTS) throw tooMuch(`has more than ${String(MAX_CLAUSES)} clauses`);
  return body;
}, SearchFields);
export type SearchRequest = z.output<typeof SearchRequest>;

function listOf(clauses: Clauses | undefined): SearchQuery[] {
  return clauses === undefined ? [] : Array.isArray(clauses) ? clauses : [clauses];
}

function tooMuch(what: string): AppError {
  return new AppError("InvalidRequest", `The query ${what}. Ask in a simpler way.`);
}

/** Compiles a query, counting its clauses. */
class Compiler {
  #clauses = 0;

  compile(query: SearchQuery, depth = 1): EventCondition {
    if (++this.#clauses > MAX_CLAUSES) throw tooMuch(`has more than ${String(MAX_CLAUSES)} clauses`);
    if (depth > MAX_DEPTH) throw tooMuch(`is nested deeper than ${String(MAX_DEPTH)} levels`);
    if ("bool" in query) return this.#bool(query.bool, depth + 1);
    if ("match_all" in query) return { all: [] };
    if ("exists" in query) return { field: fieldNamed(query.exists.field), exists: true };
    return this.#leaf(query);
  }

  #leaf(
    query: Exclude<SearchQuery, { bool: unknown } | { match_all: unknown } | { exists: unknown }>,
  ): EventCondition {
    const [clause = {}] = Object.values(query) as Record<string, unknown>[];
    const [name = ""] = Object.keys(clause);
    const field = fieldNamed(name);
    if ("term" in query) {
      const value = own(query.term, name) ?? "";
      return { field, is: [typeof value === "object" ? value.value : value] };
    }
    if ("terms" in query) return { field, is: own(query.terms, name) ?? [] };
    if ("range" in query) return { field, bounds: own(query.range, name) ?? {} };
    if ("wildcard" in query) {
      const value = own(query.wildcard, name) ?? "";
      return { field, pattern: typeof value === "object" ? value.value : value };
    }
    const match = own(query.match, name) ?? "";
    const { query: text, operator } = typeof match === "object" ? match : { query: match, operator: "or" };
    const words = String(text).split(/\s+/).filter(Boolean).slice(0, 20);
    return { field, words, every: operator === "and" };
  }

  #bool({ must, filter, should, must_not, minimum_should_match }: BoolQuery, depth: number): EventCondition {
    const compiled = (clauses: Clauses | undefined) => listOf(clauses).map((one) => this.compile(one, depth));
    const needed = [...compiled(must), ...compiled(filter)];
    const wished = compiled(should);
    // Where something is required already, a wish only counts when it is said to.
    const least = minimum_should_match ?? (needed.length > 0 ? 0 : 1);
    return {
      all: [
        ...needed,
        ...(wished.length > 0 && least > 0 ? [{ any: wished }] : []),
        ...compiled(must_not).map((one) => ({ not: one })),
      ],
    };
  }
}

function orderOf(sort: SearchRequest["sort"]): "asc" | "desc" {
  if (sort === undefined || typeof sort === "string") return sort ?? "desc";
  const [first] = Array.isArray(sort) ? sort : [sort];
  const [order = "desc"] = Object.values(first ?? {});
  return typeof order === "object" ? order.order : order;
}

/** An event under our names and the published ones. */
function documentOf(event: Event): Record<string, unknown> {
  return { ...event, [TIMESTAMP]: event.createdAt };
}

function project(event: Event, paths: readonly string[]): Record<string, unknown> {
  const document = documentOf(event);
  const picked: Record<string, unknown> = { id: event.id };
  for (const path of paths) {
    const keys = path.split(".");
    let from: unknown = document;
    for (const key of keys)
      from =
        typeof from === "object" && from !== null && Object.hasOwn(from, key)
          ? own(from as Record<string, unknown>, key)
          : undefined;
    if (from === undefined) continue;
    let into = picked;
    for (const key of keys.slice(0, -1)) {
      const next = own(into, key);
      const inside = typeof next === "object" && next !== null ? { ...next } : {};
      setOwn<unknown>(into, key, inside);
      into = inside;
    }
    setOwn(into, keys.at(-1) ?? "", from);
  }
  return picked;
}

/** What a search answers. */
export interface SearchAnswer {
  size: number;
  documents: Record<string, unknown>[];
  searchedTo?: string;
}

/** Events that a query describes, a page of them, and how many there are (counted up to the window). */
export async function searchEvents(
  engine: Pick<Engine, "store">,
  scope: EventScope,
  { query, page, limit, sort, source }: SearchRequest,
): Promise<SearchAnswer> {
  if ((page + 1) * limit > SEARCH_WINDOW)
    throw new AppError(
      "InvalidRequest",
      `Pages reach ${String(SEARCH_WINDOW)} events deep. Go on from there with a range on id.`,
      { window: SEARCH_WINDOW },
    );
  const {
    events,
    size = 0,
    searchedTo,
  } = await engine.store.events.search({
    ...limitsOf(scope),
    where: [new Compiler().compile(query)],
    page,
    limit,
    sort: orderOf(sort),
    countTo: SEARCH_WINDOW,
  });
  const documents = Array.isArray(source)
    ? events.map((event) => project(event, source))
    : source === false
      ? events.map(({ id }) => ({ id }))
      : events.map(documentOf);
  return { size, documents, ...(searchedTo === undefined ? {} : { searchedTo }) };
}
