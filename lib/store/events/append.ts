import { isNested, type Event, type EventSource, type NewEvent } from "@/lib/domain/event";
import type { Unit } from "../database/database";
import { insertRows } from "../database/rows";

export const CHANNEL = "switchyard_events";

const EVENT = {
  cursor: "bigint",
  workspaceId: "text",
  type: "text",
  createdAt: "date",
  operationId: "text",
  correlationId: "text",
  userId: "text",
  payload: "json",
  source: "json",
  error: "json",
} as const;

const NESTED = { cursor: "bigint" } as const;

/**
 * Stores events. Called last in a transaction: giving out cursors holds up every other writer of events until the
 * commit, and for that reason the order of cursors is the order of commits.
 */
export async function appendEvents(unit: Unit, events: readonly NewEvent[]): Promise<Event[]> {
  if (events.length === 0) return [];
  const { value } = await unit.db.eventCounter.update({
    where: { id: 1 },
    data: { value: { increment: events.length } },
  });
  const first = value - BigInt(events.length) + 1n;
  const rows = events.map((event, index) => ({
    cursor: first + BigInt(index),
    workspaceId: event.workspaceId,
    type: event.type,
    createdAt: unit.now,
    operationId: event.operationId ?? null,
    correlationId: event.source.correlationId ?? null,
    userId: event.source.userId ?? null,
    payload: event.payload,
    source: event.source,
    error: event.error ?? null,
  }));
  await insertRows(unit, "Event", EVENT, rows);
  const nested = rows.filter(({ source }) => isNested(source));
  if (nested.length > 0) await insertRows(unit, "NestedEvent", NESTED, nested);
  if (unit.sql.provider === "postgresql") {
    await unit.db.$executeRaw`SELECT pg_notify(${CHANNEL}, '')`;
  }
  unit.appended = true;
  return rows.map((row) => toEvent(row));
}

interface EventRow {
  cursor: bigint | number;
  workspaceId: string;
  type: string;
  createdAt: Date;
  payload: unknown;
  source: unknown;
  error?: unknown;
}

/** An event as everyone outside sees it. */
export function toEvent(row: EventRow): Event {
  return {
    id: String(row.cursor),
    type: row.type,
    createdAt: row.createdAt.toISOString(),
    payload: row.payload as Record<string, unknown>,
    source: { ...(row.source as EventSource), workspaceId: row.workspaceId },
    ...(row.error ? { error: row.error as Record<string, unknown> } : {}),
  };
}
