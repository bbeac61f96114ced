import type { Bounds, Scalar } from "@/lib/domain/event-condition";
import { Prisma, type Sql } from "../../database/client";
import { escapeLike, type Dialect } from "../../database/dialect";
import { jsonText } from "../../database/json";

/** Conditions on what stands at a path of a JSON document, in the words of one database. */
export interface JsonConditions {
  /** The value, or an item of the list there, is one of these JSON texts. */
  equals(texts: readonly string[]): Sql;
  exists(): Sql;
  within(bounds: Bounds): Sql;
  /** The text there matches a LIKE pattern. */
  like(pattern: string, caseSensitive: boolean): Sql;
}

const SIGNS = { gt: Prisma.sql`>`, gte: Prisma.sql`>=`, lt: Prisma.sql`<`, lte: Prisma.sql`<=` } as const;

/** Every bound as a comparison of its own. */
export function comparisons(bounds: Bounds, compare: (sign: Sql, value: string | number) => Sql): Sql {
  const parts = (["gt", "gte", "lt", "lte"] as const).flatMap((name) => {
    const value = bounds[name];
    return value === undefined ? [] : [compare(SIGNS[name], value)];
  });
  return parts.length === 0 ? Prisma.sql`1 = 1` : Prisma.sql`(${Prisma.join(parts, " AND ")})`;
}

/** JSON texts that stand for values, as the store writes them. */
export function textsOf(values: readonly Scalar[]): string[] {
  return values.map((value) => jsonText(value) ?? "null");
}

/** JSON texts that a value of a URL may stand for: the text itself, and the number or boolean it spells. */
export function spellings(text: string): string[] {
  const own = textsOf([text]);
  return /^(true|false|-?(0|[1-9]\d*)(\.\d+)?)$/.test(text) ? [...own, text] : own;
}

/** Whether a text stands in a JSON document as it stands in JSON, so that looking for it there misses nothing. */
function isPlain(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/["\\\u0000-\u001f\ud800-\udfff]/.test(text);
}

/**
 * Each condition looks for what must stand somewhere in the document's text before it reads the document: reading one
 * costs many times as much.
 */
function inSqlite({ like }: Dialect, column: Sql, path: readonly string[]): JsonConditions {
  const key = Prisma.sql`instr(${column}, ${JSON.stringify(path.at(-1) ?? "")}) > 0`;
  const at = `$${path.map((key) => `."${key}"`).join("")}`;
  const type = Prisma.sql`json_type(${column}, ${at})`;
  const value = Prisma.sql`json_extract(${column}, ${at})`;
  return {
    equals: (texts) => {
      const list = Prisma.join(texts);
      const somewhere = Prisma.join(
        texts.map((text) => Prisma.sql`instr(${column}, ${text}) > 0`),
        " OR ",
      );
      return Prisma.sql`(${key} AND (${somewhere}) AND (${column} -> ${at} IN (${list}) OR (${type} = 'array' AND EXISTS (
        SELECT 1 FROM json_each(${column}, ${at}) AS item WHERE json_quote(item.value) IN (${list})))))`;
    },
    exists: () => Prisma.sql`(${key} AND COALESCE(${type}, 'null') <> 'null')`,
    within: (bounds) => {
      const inside = comparisons(bounds, (sign, bound) =>
        typeof bound === "number"
          ? Prisma.sql`(${type} IN ('integer', 'real') AND ${value} ${sign} ${bound})`
          : Prisma.sql`(${type} = 'text' AND ${value} ${sign} ${bound})`,
      );
      return Prisma.sql`(${key} AND ${inside})`;
    },
    like: (pattern, caseSensitive) => {
      if (caseSensitive) return Prisma.sql`(${key} AND CAST(${value} AS TEXT) GLOB ${pattern})`;
      const here = like(Prisma.sql`CAST(${value} AS TEXT)`, pattern);
      // An escaping backslash of the pattern is no part of what is looked for.
      const plain = isPlain(pattern.replaceAll(/\\([\\%_])/g, "$1"));
      return Prisma.sql`(${plain ? like(column, pattern) : key} AND ${here})`;
    },
  };
}

function inPostgres({ like }: Dialect, column: Sql, path: readonly string[]): JsonConditions {
  const keys = Prisma.sql`ARRAY(SELECT jsonb_array_elements_text(CAST(${JSON.stringify(path)} AS jsonb)))`;
  const node = Prisma.sql`(${column} #> ${keys})`;
  const text = Prisma.sql`(${column} #>> ${keys})`;
  return {
    // A list contains a single value that is one of its items, and a value contains itself.
    equals: (texts) =>
      Prisma.sql`(${Prisma.join(
        texts.map((one) => Prisma.sql`${node} @> CAST(${one} AS jsonb)`),
        " OR ",
      )})`,
    exists: () => Prisma.sql`COALESCE(jsonb_typeof(${node}), 'null') <> 'null'`,
    within: (bounds) =>
      comparisons(bounds, (sign, bound) =>
        typeof bound === "number"
          ? Prisma.sql`CASE WHEN jsonb_typeof(${node}) = 'number'
              THEN CAST(${text} AS numeric) ${sign} CAST(CAST(${String(bound)} AS text) AS numeric) ELSE FALSE END`
          : Prisma.sql`CASE WHEN jsonb_typeof(${node}) = 'string'
              THEN ${text} COLLATE "C" ${sign} CAST(${bound} AS text) ELSE FALSE END`,
      ),
    like: (pattern, caseSensitive) =>
      caseSensitive ? Prisma.sql`${text} LIKE ${pattern} ESCAPE '\\'` : like(text, pattern),
  };
}

export function jsonAt(sql: Dialect, column: Sql, path: readonly string[]): JsonConditions {
  return sql.provider === "sqlite" ? inSqlite(sql, column, path) : inPostgres(sql, column, path);
}

/** A wildcard pattern as the database's own case-sensitive match takes it. */
export function wildcard(sql: Dialect, pattern: string): string {
  // GLOB has `*` and `?` itself, and takes a class of one character for that character.
  if (sql.provider === "sqlite") return pattern.replaceAll("[", "[[]");
  return escapeLike(pattern).replaceAll("*", "%").replaceAll("?", "_");
}
