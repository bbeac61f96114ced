import { z } from "zod";
import { EventList } from "@/lib/domain/api";
import { Event } from "@/lib/domain/event";
import { Flag, List, whole } from "@/lib/http/parse";
import { route } from "@/lib/http/route";
import { eventStream, lastEventId } from "@/lib/http/sse";
import { requireWorkspace } from "@/lib/server/access";
import { CustomEvents, emitEvents } from "@/lib/server/events/emit";
import { followEvents, listEvents } from "@/lib/server/events/list";

const Instant = z.iso
  .datetime({ offset: true })
  .or(z.iso.date())
  .transform((text) => new Date(text));

const Filters = z.looseObject({
  sse: Flag.default(false),
  text: z.string().max(200).optional(),
  type: List.optional(),
  types: List.optional(),
  afterDate: Instant.optional(),
  beforeDate: Instant.optional(),
  beforeId: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
  sort: z.enum(["asc", "desc"]).default("desc"),
  page: whole(0, 1_000_000).default(0),
  limit: whole(1, 1000).default(50),
});

/** Any other key that begins like a path of an event is a filter on it; the rest is ignored. */
function splitFilters(query: z.output<typeof Filters>) {
  const { sse, text, type, types, afterDate, beforeDate, beforeId, sort, page, limit, ...rest } = query;
  const wanted = [...(type ?? []), ...(types ?? [])];
  const { "source.correlationId": correlationId, ...others } = rest;
  const paths = Object.entries(others).flatMap(([path, value]) =>
    /^(source|payload|error)\./.test(path) && typeof value === "string" ? [[path, value] as const] : [],
  );
  return {
    sse,
    types: wanted.length > 0 ? { types: wanted } : {},
    paths: Object.fromEntries(paths),
    correlation: typeof correlationId === "string" ? { correlationId } : {},
    filters: {
      ...(text ? { text } : {}),
      ...(afterDate ? { afterDate } : {}),
      ...(beforeDate ? { beforeDate } : {}),
      ...(beforeId ? { beforeId } : {}),
      sort,
      page,
      limit,
    },
  };
}

export const GET = route(
  { access: "workspace:read", query: Filters, response: EventList },
  async ({ engine, request, viewer, workspace, query }) => {
    const { sse, types, paths, correlation, filters } = splitFilters(query);
    if (!sse) {
      const events = await listEvents(engine, workspace.id, { ...filters, ...types, ...correlation, paths });
      return { result: { events } };
    }
    const after = lastEventId(request);
    const wanted = {
      ...(after === undefined ? {} : { after }),
      ...types,
      paths: {
        ...paths,
        ...("correlationId" in correlation ? { "source.correlationId": correlation.correlationId } : {}),
      },
    };
    return eventStream((signal) => followEvents(engine, workspace.id, { ...wanted, signal }), {
      engine,
      request,
      data: (event) => event,
      recheck: () => requireWorkspace(engine, viewer, "read", workspace.id),
    });
  },
);

export const POST = route(
  { access: "workspace:update", body: CustomEvents, response: z.array(Event) },
  async ({ engine, viewer, workspace, body }) => emitEvents(engine, viewer, workspace, body),
);
