import { workspaces } from "@/lib/contract/workspaces";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { fleetCounts } from "@/lib/server/workspaces/list";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(workspaces.counts, async ({ engine, viewer }) => fleetCounts(engine, viewer)),
);
