import { events } from "@/lib/contract/events";
import { filtersOf } from "@/lib/http/event-filters";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { identifyAgain } from "@/lib/http/session/identify";
import { eventStream, lastEventId } from "@/lib/http/sse";
import { requireWorkspace } from "@/lib/server/access";
import { emitEvents } from "@/lib/server/events/emit";
import { followEvents, listEvents } from "@/lib/server/events/list";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(events.list, async ({ engine, request, viewer, correlationId, workspace, query }) => {
    const filters = filtersOf(query);
    if (!query.sse) return { result: await listEvents(engine, { workspaceId: workspace.id }, filters) };
    const scope = { workspaceId: workspace.id };
    // Decided before the response begins, so no event from here on is missed.
    const after = lastEventId(request) ?? (await engine.store.events.lastCursor());
    return eventStream((signal) => followEvents(engine, scope, filters, { after, signal }), {
      engine,
      request,
      data: (event) => event,
      follower: viewer.user.id,
      recheck: async () => {
        const viewer = await identifyAgain(engine, request, correlationId);
        return requireWorkspace(engine, viewer, "read", workspace.id);
      },
    });
  }),
  route(events.emit, async ({ engine, viewer, workspace, body }) =>
    emitEvents(engine, viewer, workspace, body),
  ),
);
