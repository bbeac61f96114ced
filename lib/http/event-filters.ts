import type { z } from "zod";
import type { events } from "@/lib/contract/events";
import { isEventField } from "@/lib/domain/event-condition";
import type { EventFilters } from "@/lib/server/events/list";

/** What a feed's query asks for; a key that is a path of an event is a filter on it. */
export function filtersOf(query: z.output<typeof events.list.query>): EventFilters {
  const { sse: _sse, text, type, types, afterDate, beforeDate, beforeId, afterId, ...more } = query;
  const { sort, page, limit, "source.correlationId": correlationId, ...others } = more;
  const wanted = [...(type ?? []), ...(types ?? [])];
  const paths = Object.entries(others).flatMap(([path, value]) =>
    isEventField(path) && typeof value === "string" ? [[path, value] as const] : [],
  );
  return {
    ...(wanted.length > 0 ? { types: wanted } : {}),
    ...(text ? { text } : {}),
    ...(afterDate ? { afterDate } : {}),
    ...(beforeDate ? { beforeDate } : {}),
    ...(beforeId ? { beforeId } : {}),
    ...(afterId ? { afterId } : {}),
    ...(typeof correlationId === "string" ? { correlationId } : {}),
    paths: Object.fromEntries(paths),
    sort,
    page,
    limit,
  };
}
