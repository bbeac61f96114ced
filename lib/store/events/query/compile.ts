import { comparableTime, type EventCondition } from "@/lib/domain/event-condition";
import { Prisma, type Sql } from "../../database/client";
import { escapeLike, type Dialect } from "../../database/dialect";
import { fieldOf, type Field } from "./fields";
import { comparisons, jsonAt, spellings, textsOf, wildcard } from "./json";

const NEVER = Prisma.sql`1 = 0`;
const ALWAYS = Prisma.sql`1 = 1`;

type Leaf = Extract<EventCondition, { field: string }>;

/** An id as the database compares it; what is no number matches nothing. */
export function cursorOf(text: string): bigint {
  return /^\d{1,18}$/.test(text) ? BigInt(text) : -1n;
}

function joined(parts: readonly Sql[], operator: " AND " | " OR ", none: Sql): Sql {
  return parts.length === 0 ? none : Prisma.sql`(${Prisma.join([...parts], operator)})`;
}

function matches(sql: Dialect, column: Sql, pattern: string): Sql {
  return sql.provider === "sqlite"
    ? Prisma.sql`${column} GLOB ${pattern}`
    : Prisma.sql`${column} LIKE ${pattern} ESCAPE '\\'`;
}

function isOneOf(sql: Dialect, column: Sql, values: readonly string[]): Sql {
  const [only] = values;
  if (only === undefined) return NEVER;
  return values.length === 1 ? Prisma.sql`${column} = ${only}` : sql.isIn(column, values);
}

function textCondition(sql: Dialect, column: Sql, leaf: Leaf): Sql {
  if ("is" in leaf) return isOneOf(sql, column, leaf.is.map(String));
  if ("text" in leaf) return Prisma.sql`${column} = ${leaf.text}`;
  if ("exists" in leaf) return Prisma.sql`${column} IS NOT NULL`;
  if ("pattern" in leaf) return matches(sql, column, wildcard(sql, leaf.pattern));
  if ("words" in leaf) return wordsCondition(leaf, (pattern) => sql.like(column, pattern));
  return comparisons(leaf.bounds, (sign, bound) => Prisma.sql`${column} ${sign} ${sql.text(String(bound))}`);
}

function wordsCondition(
  { words, every }: Extract<Leaf, { words: readonly string[] }>,
  like: (pattern: string) => Sql,
): Sql {
  return joined(
    words.map((word) => like(`%${escapeLike(word)}%`)),
    every ? " AND " : " OR ",
    NEVER,
  );
}

function instant(value: string | number | boolean): Date | null {
  const time = new Date(typeof value === "boolean" ? Number.NaN : value);
  return Number.isNaN(time.getTime()) ? null : comparableTime(time);
}

function scalarCondition(
  column: Sql,
  leaf: Leaf,
  convert: (value: string | number | boolean) => Sql | null,
): Sql {
  if ("exists" in leaf) return Prisma.sql`${column} IS NOT NULL`;
  if ("bounds" in leaf)
    return comparisons(leaf.bounds, (sign, bound) => {
      const value = convert(bound);
      return value ? Prisma.sql`${column} ${sign} ${value}` : NEVER;
    });
  const wanted = "is" in leaf ? leaf.is : "text" in leaf ? [leaf.text] : [];
  const values = wanted.flatMap((value) => convert(value) ?? []);
  return values.length === 0 ? NEVER : Prisma.sql`${column} IN (${Prisma.join(values)})`;
}

function jsonCondition(sql: Dialect, field: Extract<Field, { kind: "json" }>, leaf: Leaf): Sql {
  const at = jsonAt(sql, field.column, field.path);
  if ("is" in leaf) return leaf.is.length === 0 ? NEVER : at.equals(textsOf(leaf.is));
  if ("text" in leaf) return at.equals(spellings(leaf.text));
  if ("exists" in leaf) return at.exists();
  if ("pattern" in leaf) return at.like(wildcard(sql, leaf.pattern), true);
  if ("words" in leaf) return wordsCondition(leaf, (pattern) => at.like(pattern, false));
  // A range without bounds is over everything there is.
  return Object.keys(leaf.bounds).length === 0 ? at.exists() : at.within(leaf.bounds);
}

function leafCondition(sql: Dialect, leaf: Leaf): Sql {
  const field = fieldOf(leaf.field);
  switch (field.kind) {
    case "text":
      return textCondition(sql, field.column, leaf);
    case "json":
      return jsonCondition(sql, field, leaf);
    case "cursor":
      return scalarCondition(field.column, leaf, (value) => Prisma.sql`${cursorOf(String(value))}`);
    case "date":
      return scalarCondition(field.column, leaf, (value) => {
        const date = instant(value);
        return date && sql.date(date);
      });
  }
}

/** SQL that holds for the events of a condition; every value of it is a parameter. */
export function compileCondition(sql: Dialect, condition: EventCondition): Sql {
  if ("all" in condition)
    return joined(
      condition.all.map((one) => compileCondition(sql, one)),
      " AND ",
      ALWAYS,
    );
  if ("any" in condition)
    return joined(
      condition.any.map((one) => compileCondition(sql, one)),
      " OR ",
      NEVER,
    );
  // What is not known is not so.
  if ("not" in condition) return Prisma.sql`NOT COALESCE(${compileCondition(sql, condition.not)}, ${NEVER})`;
  return leafCondition(sql, condition);
}

/** The time between which a condition can hold at all, as far as it says so at its top. */
export function timeBounds(conditions: readonly EventCondition[]): { after?: Date; before?: Date } {
  const found: { after?: Date; before?: Date } = {};
  for (const condition of conditions) {
    const inner = "all" in condition ? timeBounds(condition.all) : boundsOf(condition);
    if (inner.after && (!found.after || inner.after > found.after)) found.after = inner.after;
    if (inner.before && (!found.before || inner.before < found.before)) found.before = inner.before;
  }
  return found;
}

function boundsOf(condition: EventCondition): { after?: Date; before?: Date } {
  if (!("bounds" in condition) || condition.field !== "createdAt") return {};
  const { gt, gte, lt, lte } = condition.bounds;
  const after = instant(gt ?? gte ?? "");
  const before = instant(lt ?? lte ?? "");
  return { ...(after ? { after } : {}), ...(before ? { before } : {}) };
}
