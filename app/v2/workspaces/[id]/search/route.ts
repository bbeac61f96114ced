import { events } from "@/lib/contract/events";
import { route } from "@/lib/http/route";
import { searchEvents } from "@/lib/server/events/search";
import { routes } from "@/lib/http/routes";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(events.search, async ({ engine, workspace, body }) =>
    searchEvents(engine, { workspaceId: workspace.id }, body),
  ),
);
