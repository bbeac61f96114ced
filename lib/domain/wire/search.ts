import { z } from "zod";
import { AppError } from "../error";
import { isEventField } from "../event-condition";

export const MAX_CLAUSES = 100;
// A clause is made of six at most, and the request around them of a few.
const MAX_PARTS = 6 * MAX_CLAUSES + 20;

/** The refusal of a search that would take too long. */
export function tooMuch(what: string): AppError {
  return new AppError("InvalidRequest", `The query ${what}. Simplify it.`);
}

const Text = z.string().max(500);
const Value = z.union([Text, z.number(), z.boolean()]);
const Bound = z.union([Text, z.number()]);
/** The published name of `createdAt`. */
export const TIMESTAMP = "@timestamp";
export const fieldNamed = (name: string) => (name === TIMESTAMP ? "createdAt" : name);
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

export type Clauses = SearchQuery | SearchQuery[];
export interface BoolQuery {
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
  /** Paths of the fields to return; all of them if absent. */
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
