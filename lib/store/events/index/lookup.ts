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

/** The query for the postings of some terms in some segments, all of a segment in one row. */
export function postingsSql(sql: Dialect, segments: readonly number[], buckets: readonly number[]): Sql {
  const all =
    sql.provider === "sqlite"
      ? Prisma.sql`group_concat("bucket" || ':' || hex("postings"))`
      : Prisma.sql`string_agg("bucket" || ':' || encode("postings", 'hex'), ',')`;
  return Prisma.sql`SELECT "segment", ${all} AS "postings" FROM "EventTerm"
    WHERE ${isOneOf(sql, Prisma.sql`"segment"`, segments)} AND ${isOneOf(sql, Prisma.sql`"bucket"`, buckets)}
    GROUP BY "segment"`;
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

/** The cursors in these segments whose events may match, by segment, each in ascending order. */
export async function candidatesIn(
  { read, sql }: Pick<Database, "read" | "sql">,
  segments: readonly number[],
  query: TermQuery,
): Promise<Map<number, number[]>> {
  const buckets = [...bucketsOf(query)];
  const rows = await read.$queryRaw<{ segment: number; postings: string }[]>(
    postingsSql(sql, segments, buckets),
  );
  const bySegment = new Map(rows.map(({ segment, postings }) => [segment, postings]));
  return new Map(
    segments.map((segment) => {
      const postings = bySegment.get(segment);
      if (postings === undefined) return [segment, []];
      const found = evaluate(query, readerOf(postings));
      const positions = found ? positionsOf(found) : [];
      return [segment, positions.map((position) => segment * SEGMENT_SIZE + position)];
    }),
  );
}
