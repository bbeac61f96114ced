import { AppError } from "@/lib/domain/error";
import { EventList } from "@/lib/domain/wire/api";
import { EventQuery } from "@/lib/http/event-filters";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { identifyAgain } from "@/lib/http/session/identify";
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
  async ({ engine, request, viewer, correlationId, query: { sse, filters } }) => {
    const readable = await readableWorkspaceIds(engine, viewer);
    const scope = readable ? { readable } : {};
    if (!sse) return { result: await listEvents(engine, scope, filters) };
    // Settled before the answer begins: nothing told from here on is missed.
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
        throw new AppError("PermissionDenied", "What you may see has changed. Follow the events again.");
      },
    });
  },
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
