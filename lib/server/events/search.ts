import { own, setOwn } from "@/lib/domain/own";
import {
  fieldNamed,
  MAX_CLAUSES,
  TIMESTAMP,
  tooMuch,
  type BoolQuery,
  type Clauses,
  type SearchQuery,
  type SearchRequest,
} from "@/lib/domain/wire/search";
import type { Event } from "@/lib/domain/event";
import { type EventCondition } from "@/lib/domain/event-condition";
import { AppError } from "@/lib/domain/error";
import type { Engine } from "../engine";
import { limitsOf, type EventScope } from "./list";

const MAX_DEPTH = 6;
/** How far into the matches pages reach, and how far they are counted. */
const SEARCH_WINDOW = 10_000;

function listOf(clauses: Clauses | undefined): SearchQuery[] {
  return clauses === undefined ? [] : Array.isArray(clauses) ? clauses : [clauses];
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
      `You can page through ${String(SEARCH_WINDOW)} events. Continue from there with a range on id.`,
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
