import { z } from "zod";
import { isEventField } from "@/lib/domain/event-condition";
import { Event, CustomEvents } from "@/lib/domain/event";
import { EventList } from "@/lib/domain/wire/api";
import { SearchRequest } from "@/lib/domain/wire/search";
import { Flag, List, whole, Instant } from "./endpoint/query";
import { endpointsOf } from "./endpoint";

const endpoint = endpointsOf("Events");

// Each one is a condition of its own, and databases take a limited number of those.
const MAX_FILTERS = 50;
const Types = List.refine((types) => types.length <= MAX_FILTERS, {
  message: `Name at most ${String(MAX_FILTERS)}.`,
});

const EventId = z.string().regex(/^\d{1,18}$/, "Use an event's id.");

/** Keys of a query that are meant as a path of an event. */
const MEANT = /^(?:payload|source|error)\./;

/** The query of a feed. Any other key that begins like a path of an event is a filter on it. */
const EventQuery = z
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
  });

export const events = {
  listAll: endpoint({
    method: "GET",
    path: "/v2/events",
    access: "signed-in",
    summary: "List the events of every workspace, or follow them",
    query: EventQuery,
    response: EventList,
    streams: true,
  }),
  list: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/events",
    access: "workspace:read",
    summary: "List the events of a workspace, or follow them",
    query: EventQuery,
    response: EventList,
    streams: true,
  }),
  emit: endpoint({
    method: "POST",
    path: "/v2/workspaces/[id]/events",
    access: "workspace:update",
    summary: "Emit your own events",
    body: CustomEvents,
    response: z.array(Event),
    audit: { action: "events.emitted" },
  }),
  search: endpoint({
    method: "POST",
    path: "/v2/workspaces/[id]/search",
    access: "workspace:read",
    summary: "Search the events of a workspace",
    description:
      "`size` counts the matches, up to 10,000 of them. If a search stops before it has seen everything, " +
      "`searchedTo` is the id it reached, and `size` counts to there. Continue with a range on `id`.",
    body: SearchRequest,
    response: z.object({
      size: z.number(),
      documents: z.array(z.record(z.string(), z.unknown())),
      searchedTo: z.string().optional(),
    }),
    audit: { action: null, why: "reads only" },
  }),
};
