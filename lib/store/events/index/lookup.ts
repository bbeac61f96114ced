import type { Database } from "../../database/database";
import { Prisma, type Sql } from "../../database/client";
import type { Dialect } from "../../database/dialect";
import { decode, evaluate, positionsOf, SEGMENT_SIZE } from "./postings";
import { bucketsOf, type TermQuery } from "./terms";

/** Which of these segments are indexed. */
export async function indexedAmong({ read }: Pick<Database, "read">, first: number, last: number) {
  const rows = await read.$queryRaw<{ number: number }[]>`
    SELECT "number" FROM "EventSegment" WHERE "number" >= ${first} AND "number" <= ${last}`;
  return new Set(rows.map(({ number }) => number));
}

function isOneOf(sql: Dialect, column: Sql, numbers: readonly number[]): Sql {
  const list = JSON.stringify(numbers);
  return sql.provider === "sqlite"
    ? Prisma.sql`${column} IN (SELECT value FROM json_each(${list}))`
    : Prisma.sql`${column} = ANY(ARRAY(SELECT CAST(value AS integer) FROM jsonb_array_elements_text(CAST(${list} AS jsonb))))`;
}

/** The query for the indexed segments among some neighbours, each with its postings of some terms in one text. */
export function postingsSql(sql: Dialect, first: number, last: number, buckets: readonly number[]): Sql {
  const all =
    sql.provider === "sqlite"
      ? Prisma.sql`group_concat("bucket" || ':' || hex("postings"))`
      : Prisma.sql`string_agg("bucket" || ':' || encode("postings", 'hex'), ',')`;
  return Prisma.sql`SELECT s."number" AS "segment", (SELECT ${all} FROM "EventTerm" t
      WHERE t."segment" = s."number" AND ${isOneOf(sql, Prisma.sql`t."bucket"`, buckets)}) AS "postings"
    FROM "EventSegment" s WHERE s."number" >= ${first} AND s."number" <= ${last}`;
}

/** Reads the bits of a bucket in a row of `postingsSql`, of those alone that are asked for. */
function readerOf(postings: string): (bucket: number) => Uint32Array | null {
  const written = new Map(
    postings.split(",").map((one) => {
      const border = one.indexOf(":");
      return [Number(one.slice(0, border)), one.slice(border + 1)];
    }),
  );
  return (bucket) => {
    const hex = written.get(bucket);
    return hex === undefined ? null : decode(Buffer.from(hex, "hex"));
  };
}

/** The cursors whose events may match in those of these neighbouring segments that are indexed, ascending in each. */
export async function candidatesIn(
  { read, sql }: Pick<Database, "read" | "sql">,
  [first, last]: readonly [first: number, last: number],
  query: TermQuery,
): Promise<Map<number, number[]>> {
  const rows = await read.$queryRaw<{ segment: number; postings: string | null }[]>(
    postingsSql(sql, first, last, [...bucketsOf(query)]),
  );
  return new Map(
    rows.map(({ segment, postings }) => {
      const found = postings === null ? null : evaluate(query, readerOf(postings));
      const positions = found ? positionsOf(found) : [];
      return [segment, positions.map((position) => segment * SEGMENT_SIZE + position)];
    }),
  );
}
