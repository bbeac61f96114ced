import { events } from "@/lib/contract/events";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { searchEvents } from "@/lib/server/events/search";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(events.search, async ({ engine, workspace, body }) =>
    searchEvents(engine, { workspaceId: workspace.id }, body),
  ),
);
