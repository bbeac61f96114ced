import { z } from "zod";
import { isEventField } from "@/lib/domain/event-condition";
import type { EventFilters } from "@/lib/server/events/list";
import { Flag, Instant, List, whole } from "./parse";

// Each one is a condition of its own, and databases take a limited number of those.
const MAX_FILTERS = 50;
const Types = List.refine((types) => types.length <= MAX_FILTERS, {
  message: `Name at most ${String(MAX_FILTERS)}.`,
});

const EventId = z.string().regex(/^\d{1,18}$/, "Use an event's id.");

/** Keys of a query that are meant as a path of an event. */
const MEANT = /^(?:payload|source|error)\./;

/** The query of a feed. Any other key that begins like a path of an event is a filter on it. */
export const EventQuery = z
  .looseObject({
    sse: Flag.default(false),
    text: z.string().max(200).optional(),
    type: Types.optional(),
    types: Types.optional(),
    afterDate: Instant.optional(),
    beforeDate: Instant.optional(),
    beforeId: EventId.optional(),
    afterId: EventId.optional(),
    sort: z.enum(["asc", "desc"]).default("desc"),
    page: whole(0, 1_000_000).default(0),
    limit: whole(1, 1000).default(50),
  })
  .superRefine((query, context) => {
    // Left out without a word, such a filter would let everything through.
    for (const key of Object.keys(query).filter((one) => MEANT.test(one) && !isEventField(one)))
      context.addIssue({
        code: "custom",
        message: `${JSON.stringify(key.slice(0, 100))} is not a path of an event: names joined by dots, without quotation marks and backslashes, at most ten deep.`,
      });
  })
  .refine((query) => Object.keys(query).filter(isEventField).length <= MAX_FILTERS, {
    message: `Filter by at most ${String(MAX_FILTERS)} paths.`,
  })
  .transform((query): { sse: boolean; filters: EventFilters } => {
    const { sse, text, type, types, afterDate, beforeDate, beforeId, afterId, sort, page, limit, ...rest } =
      query;
    const wanted = [...(type ?? []), ...(types ?? [])];
    const { "source.correlationId": correlationId, ...others } = rest;
    const paths = Object.entries(others).flatMap(([path, value]) =>
      isEventField(path) && typeof value === "string" ? [[path, value] as const] : [],
    );
    return {
      sse,
      filters: {
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
      },
    };
  });
