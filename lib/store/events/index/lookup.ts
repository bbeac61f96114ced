import type { Database } from "../../database/database";
import { groupBy } from "../../database/chunks";
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

/** The query for the postings of some terms in some segments. */
export function postingsSql(sql: Dialect, segments: readonly number[], buckets: readonly number[]): Sql {
  return Prisma.sql`SELECT "segment", "bucket", "postings" FROM "EventTerm"
    WHERE ${isOneOf(sql, Prisma.sql`"segment"`, segments)} AND ${isOneOf(sql, Prisma.sql`"bucket"`, buckets)}`;
}

/** The cursors in these segments whose events may match, by segment, each in ascending order. */
export async function candidatesIn(
  { read, sql }: Pick<Database, "read" | "sql">,
  segments: readonly number[],
  query: TermQuery,
): Promise<Map<number, number[]>> {
  const buckets = [...bucketsOf(query)];
  const rows = await read.$queryRaw<{ segment: number; bucket: number; postings: Uint8Array }[]>(
    postingsSql(sql, segments, buckets),
  );
  const bySegment = groupBy(rows, ({ segment }) => String(segment));
  return new Map(
    segments.map((segment) => {
      const own = bySegment.get(String(segment)) ?? [];
      const decoded = new Map(own.map(({ bucket, postings }) => [bucket, decode(postings)]));
      const positions = positionsOf(evaluate(query, (bucket) => decoded.get(bucket)));
      return [segment, positions.map((position) => segment * SEGMENT_SIZE + position)];
    }),
  );
}
