import { z } from "zod";
import { EventList } from "@/lib/domain/wire/api";
import { Event, CustomEvents } from "@/lib/domain/event";
import { EventQuery } from "@/lib/http/event-filters";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { identifyAgain } from "@/lib/http/session/identify";
import { eventStream, lastEventId } from "@/lib/http/sse";
import { requireWorkspace } from "@/lib/server/access";
import { emitEvents } from "@/lib/server/events/emit";
import { followEvents, listEvents } from "@/lib/server/events/list";

export const GET = route(
  {
    access: "workspace:read",
    summary: "List the events of a workspace, or follow them",
    query: EventQuery,
    response: EventList,
  },
  async ({ engine, request, viewer, correlationId, workspace, query: { sse, filters } }) => {
    if (!sse) return { result: await listEvents(engine, { workspaceId: workspace.id }, filters) };
    const scope = { workspaceId: workspace.id };
    // Settled before the answer begins: nothing told from here on is missed.
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
  },
);

export const POST = route(
  {
    access: "workspace:update",
    summary: "Emit events of one's own",
    body: CustomEvents,
    response: z.array(Event),
  },
  async ({ engine, viewer, workspace, body }) => emitEvents(engine, viewer, workspace, body),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
