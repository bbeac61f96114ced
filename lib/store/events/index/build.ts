import { breathe } from "@/lib/runtime/pace";
import { Prisma } from "../../database/client";
import type { Database } from "../../database/database";
import { insertRows } from "../../database/rows";
import { lastCursor } from "../reading/streams";
import { indexedAmong } from "./lookup";
import { segmentOf, SEGMENT_SIZE, TermMatrix } from "./postings";
import { eachTerm, type IndexedRow } from "./terms";

const TERM = { segment: "integer", bucket: "integer", postings: "bytes" } as const;
const ROWS_AT_ONCE = 128;

/** The newest segment that is complete and not indexed; null: there is none. */
async function nextSegment(database: Database): Promise<number | null> {
  // The cursor is read first: all events up to it are there for whoever reads them later.
  const complete = segmentOf((await lastCursor(database)) + 1);
  if ((await database.read.eventSegment.count()) >= complete) return null;
  const known = await indexedAmong(database, 0, complete);
  for (let segment = complete - 1; segment >= 0; segment--) if (!known.has(segment)) return segment;
  return null;
}

async function collect(
  { read, sql }: Database,
  segment: number,
): Promise<{ matrix: TermMatrix; events: number }> {
  const matrix = new TermMatrix();
  const end = (segment + 1) * SEGMENT_SIZE;
  let events = 0;
  for (let next = segment * SEGMENT_SIZE; next < end; next += ROWS_AT_ONCE) {
    const text = (name: string) => sql.asPlainText(Prisma.raw(`"${name}"`));
    const rows = await read.$queryRaw<(IndexedRow & { cursor: bigint | number })[]>`
      SELECT "cursor", "workspaceId", "type", ${text("payload")} AS "payload", ${text("source")} AS "source",
        ${text("error")} AS "error"
      FROM "Event" WHERE "cursor" >= ${BigInt(next)} AND "cursor" < ${BigInt(next + ROWS_AT_ONCE)}`;
    for (const row of rows) {
      const position = Number(row.cursor) % SEGMENT_SIZE;
      eachTerm(row, (bucket) => {
        matrix.add(bucket, position);
      });
    }
    events += rows.length;
    await breathe();
  }
  return { matrix, events };
}

/** Indexes one more segment, the newest first; answers whether there may be another. */
export async function indexNext(database: Database, mayStart: () => Promise<boolean>): Promise<boolean> {
  const segment = await nextSegment(database);
  if (segment === null || !(await mayStart())) return false;
  const { matrix, events } = await collect(database, segment);
  const rows = matrix.rows().map((row) => ({ segment, ...row }));
  await database.transaction(async (unit) => {
    const isOurs = await unit.db.$executeRaw`
      INSERT INTO "EventSegment" ("number", "events") VALUES (${segment}, ${events}) ON CONFLICT DO NOTHING`;
    // Another process was faster.
    if (isOurs > 0) await insertRows(unit, "EventTerm", TERM, rows);
  });
  return true;
}

/** Forgets what is known of segments that lost events since; those are indexed again with what is left of them. */
export async function forgetChanged({ transaction }: Pick<Database, "transaction">): Promise<void> {
  await transaction(async ({ db }) => {
    const changed = await db.$queryRaw<{ number: number }[]>`
      SELECT s."number" FROM "EventSegment" s WHERE s."events" <> (SELECT COUNT(*) FROM "Event" e
        WHERE e."cursor" >= s."number" * ${SEGMENT_SIZE} AND e."cursor" < (s."number" + 1) * ${SEGMENT_SIZE})`;
    for (const { number } of changed) {
      await db.$executeRaw`DELETE FROM "EventTerm" WHERE "segment" = ${number}`;
      await db.$executeRaw`DELETE FROM "EventSegment" WHERE "number" = ${number}`;
    }
  });
}
