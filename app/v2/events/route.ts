import { EventList } from "@/lib/domain/wire/api";
import { EventQuery } from "@/lib/http/event-filters";
import { route } from "@/lib/http/route";
import { eventStream, lastEventId } from "@/lib/http/sse";
import { readableWorkspaceIds } from "@/lib/server/access";
import { followEvents, listEvents } from "@/lib/server/events/list";

export const GET = route(
  {
    access: "signed-in",
    summary: "List the events of every workspace, or follow them",
    query: EventQuery,
    response: EventList,
  },
  async ({ engine, request, viewer, query: { sse, filters } }) => {
    const readable = await readableWorkspaceIds(engine, viewer);
    const scope = readable ? { readable } : {};
    if (!sse) return { result: { events: await listEvents(engine, scope, filters) } };
    // Settled before the answer begins: nothing told from here on is missed.
    const after = lastEventId(request) ?? (await engine.store.events.lastCursor());
    return eventStream((signal) => followEvents(engine, scope, filters, { after, signal }), {
      engine,
      request,
      data: (event) => event,
    });
  },
);
