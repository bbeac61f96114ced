import { own } from "@/lib/domain/own";
import { isNested, type Event } from "@/lib/domain/event";
import type { EventCondition } from "@/lib/domain/event-condition";
import type { EventPage, EventQuery } from "@/lib/store/contract";
import type { Engine } from "../engine";
import { followWorkspace } from "../operations/follow";

type EventsEngine = Pick<Engine, "store">;

/** Values that must stand at paths of an event, such as `source.userId`. */
type PathFilters = Readonly<Record<string, string>>;

export type EventFilters = Omit<EventQuery, "workspaceId" | "workspaceIds" | "shownOnly" | "where"> & {
  paths: PathFilters;
};

function valueAt(event: Event, path: string): unknown {
  let value: unknown = event;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = own(value as Record<string, unknown>, key);
  }
  return value;
}

function shown(event: Event, paths: PathFilters): boolean {
  if (isNested(event.source)) return false;
  return Object.entries(paths).every(([path, wanted]) => {
    const value = valueAt(event, path);
    if (Array.isArray(value)) return value.some((item) => String(item) === wanted);
    return (typeof value === "object" ? JSON.stringify(value) : String(value)) === wanted;
  });
}

/** Whose events: one workspace's, or those of every workspace in `readable` (absent: of all). */
export type EventScope = { workspaceId: string } | { readable?: readonly string[] };

function inScope(scope: EventScope): (event: Event) => boolean {
  if ("workspaceId" in scope || !scope.readable) return () => true;
  const readable = new Set(scope.readable);
  return ({ source }) => source.workspaceId !== undefined && readable.has(source.workspaceId);
}

/** What limits a query to a scope and to events that are shown. */
export function limitsOf(scope: EventScope): Pick<EventQuery, "workspaceId" | "workspaceIds" | "shownOnly"> {
  if ("workspaceId" in scope) return { workspaceId: scope.workspaceId, shownOnly: true };
  return { ...(scope.readable ? { workspaceIds: scope.readable } : {}), shownOnly: true };
}

/** One page of the events that match every filter, or of those found until the search had looked at enough. */
export async function listEvents(
  engine: EventsEngine,
  scope: EventScope,
  { paths, ...query }: EventFilters,
): Promise<EventPage> {
  const where = Object.entries(paths).map(([field, text]): EventCondition => ({ field, text }));
  return engine.store.events.search({ ...query, ...limitsOf(scope), where });
}

/** Events as they come, from a cursor on, that match the filters; never ends by itself. */
export async function* followEvents(
  engine: EventsEngine,
  scope: EventScope,
  { types, text, correlationId, paths }: Pick<EventFilters, "types" | "text" | "correlationId" | "paths">,
  following: { after: string; signal: AbortSignal },
): AsyncGenerator<Event, void, void> {
  const inside = inScope(scope);
  const wanted = { ...paths, ...(correlationId ? { "source.correlationId": correlationId } : {}) };
  const needle = text?.toLowerCase();
  const events = followWorkspace(engine, "workspaceId" in scope ? scope.workspaceId : undefined, {
    ...following,
    ...(types ? { types } : {}),
  });
  for await (const event of events) {
    if (!inside(event) || !shown(event, wanted)) continue;
    if (needle === undefined || JSON.stringify(event).toLowerCase().includes(needle)) yield event;
  }
}
