import { events } from "@/lib/contract/events";
import { AppError } from "@/lib/domain/error";
import { filtersOf } from "@/lib/http/event-filters";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { identifyAgain } from "@/lib/http/session/identify";
import { eventStream, lastEventId } from "@/lib/http/sse";
import { readableWorkspaceIds } from "@/lib/server/access";
import { followEvents, listEvents } from "@/lib/server/events/list";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(events.listAll, async ({ engine, request, viewer, correlationId, query }) => {
    const filters = filtersOf(query);
    const readable = await readableWorkspaceIds(engine, viewer);
    const scope = readable ? { readable } : {};
    if (!query.sse) return { result: await listEvents(engine, scope, filters) };
    // Decided before the response begins, so no event from here on is missed.
    const after = lastEventId(request) ?? (await engine.store.events.lastCursor());
    return eventStream((signal) => followEvents(engine, scope, filters, { after, signal }), {
      engine,
      request,
      data: (event) => event,
      follower: viewer.user.id,
      recheck: async () => {
        const now = await readableWorkspaceIds(engine, await identifyAgain(engine, request, correlationId));
        const visible = new Set(now);
        if (!now || readable?.every((id) => visible.has(id))) return;
        // Whoever goes on from the last event gets what they may see now.
        throw new AppError("PermissionDenied", "Your permissions have changed. Follow the events again.");
      },
    });
  }),
);
