import type { EventCondition } from "@/lib/domain/event-condition";
import { spellings, textsOf } from "../query/json";

/** How many hashes of terms are told apart in a segment. */
export const BUCKETS = 4096;
/** A value at a path has several, so that another value rarely has them all. */
const HASHES_OF_VALUE = 3;
/** A text is looked for by no more of its parts: more would tell little and cost a look each. */
const MOST_PARTS = 6;

/** What the events have that a condition can hold for; null: it can hold for any event. */
export type TermQuery =
  { buckets: readonly number[] } | { all: readonly TermQuery[] } | { any: readonly TermQuery[] };

function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function valueBuckets(field: string, json: string): number[] {
  const text = `${field}\n${json}`;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return Array.from({ length: HASHES_OF_VALUE }, (_, n) => mix(hash + Math.imul(n, 0x9e3779b9)) % BUCKETS);
}

/** What stands for "there is something at this path"; no JSON text is empty. */
function pathBuckets(field: string): number[] {
  return valueBuckets(field, "").slice(0, 1);
}

// Each character by itself and to one character, so that a part of a text stays a part of it.
function fold(text: string): string {
  return text.toLowerCase().replaceAll("ς", "σ").replaceAll("\u0307", "");
}

function isWordUnit(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57) || unit > 127;
}

/** Tells the bucket of every three neighbouring letters or digits. Punctuation is written differently by databases. */
function eachPart(text: string, tell: (bucket: number) => void): void {
  const folded = fold(text);
  let [first, second] = [0, 0];
  for (let at = 0; at < folded.length; at++) {
    const unit = folded.charCodeAt(at);
    const third = isWordUnit(unit) ? unit : 0;
    if (first && second && third)
      tell(mix(Math.imul(Math.imul(first, 31) + second, 0x1003f) + third) % BUCKETS);
    first = second;
    second = third;
  }
}

function eachValue(field: string, value: unknown, depth: number, tell: (bucket: number) => void): void {
  if (value === null || value === undefined) return;
  pathBuckets(field).forEach(tell);
  if (typeof value !== "object") {
    for (const json of textsOf([value as string | number | boolean])) valueBuckets(field, json).forEach(tell);
  } else if (Array.isArray(value)) {
    for (const item of value)
      if (typeof item !== "object")
        for (const json of textsOf([item as string | number | boolean]))
          valueBuckets(field, json).forEach(tell);
  } else if (depth > 0) {
    for (const [key, inner] of Object.entries(value)) eachValue(`${field}.${key}`, inner, depth - 1, tell);
  }
}

/** An event as its terms are taken from it; documents as the database writes them. */
export interface IndexedRow {
  workspaceId: string;
  type: string;
  payload: string;
  source: string;
  error: string | null;
}

/** No field names anything deeper. */
const DEPTH = 11;

/** Tells the bucket of every term of an event, some more than once. */
export function eachTerm(row: IndexedRow, tell: (bucket: number) => void): void {
  eachValue("type", row.type, 0, tell);
  eachValue("source.workspaceId", row.workspaceId, 0, tell);
  eachValue("payload", JSON.parse(row.payload), DEPTH, tell);
  eachValue("source", JSON.parse(row.source), DEPTH, tell);
  if (row.error !== null) eachValue("error", JSON.parse(row.error), DEPTH, tell);
  eachPart(row.type, tell);
  eachPart(row.payload, tell);
}

function both(queries: readonly (TermQuery | null)[]): TermQuery | null {
  const known = queries.flatMap((query) => query ?? []);
  return known.length === 0 ? null : { all: known };
}

function either(queries: readonly (TermQuery | null)[]): TermQuery | null {
  const known = queries.flatMap((query) => query ?? []);
  return known.length < queries.length ? null : { any: known };
}

/** What every event has that contains this text. */
export function textTerms(text: string): TermQuery | null {
  const found = new Set<number>();
  eachPart(text, (bucket) => found.add(bucket));
  const parts = [...found];
  const step = Math.max(1, parts.length / MOST_PARTS);
  const buckets = parts.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
  return buckets.length === 0 ? null : { buckets };
}

/** What every event has with one of these values at that field, told roughly: it narrows what other terms promise. */
export function valueHints(field: string, values: readonly string[]): TermQuery {
  return { any: textsOf(values).map((json) => ({ buckets: valueBuckets(field, json).slice(0, 1) })) };
}

type Leaf = Extract<EventCondition, { field: string }>;

// PostgreSQL takes a number in a path for a place in a list.
function hasPlace(field: string): boolean {
  return field.split(".").some((key) => /^-?\d+$/.test(key));
}

function leafTerms(leaf: Leaf): TermQuery | null {
  const { field } = leaf;
  if (field === "id" || field === "createdAt" || hasPlace(field)) return null;
  const isColumn = field === "type" || field === "source.workspaceId";
  const there = { buckets: pathBuckets(field) };
  // The parts of texts are taken from type and payload only.
  const partsOf = (text: string) =>
    field === "type" || field.startsWith("payload.") ? textTerms(text) : null;
  if ("is" in leaf) {
    const texts = isColumn ? textsOf(leaf.is.map(String)) : textsOf(leaf.is);
    return { any: texts.map((json) => ({ buckets: valueBuckets(field, json) })) };
  }
  if ("text" in leaf) {
    // PostgreSQL finds 1 for 1.0 as well.
    const texts = spellings(leaf.text).flatMap((json) => [json, JSON.stringify(JSON.parse(json))]);
    return { any: [...new Set(texts)].map((json) => ({ buckets: valueBuckets(field, json) })) };
  }
  if ("pattern" in leaf) return both([there, ...leaf.pattern.split(/[*?]/).map(partsOf)]);
  if ("words" in leaf) return both([there, (leaf.every ? both : either)(leaf.words.map(partsOf))]);
  return there;
}

/** What every event has that a condition holds for. */
export function termsOf(condition: EventCondition): TermQuery | null {
  if ("all" in condition) return both(condition.all.map(termsOf));
  if ("any" in condition) return either(condition.any.map(termsOf));
  // An event that lacks a term may only seem to have it, so nothing follows from having it.
  if ("not" in condition) return null;
  return leafTerms(condition);
}

/** Every bucket that a query asks for. */
export function bucketsOf(query: TermQuery): Set<number> {
  if ("buckets" in query) return new Set(query.buckets);
  const parts = "all" in query ? query.all : query.any;
  return new Set(parts.flatMap((part) => [...bucketsOf(part)]));
}
