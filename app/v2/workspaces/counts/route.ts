import { FleetCounts } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { fleetCounts } from "@/lib/server/workspaces/list";

export const GET = route(
  { access: "signed-in", summary: "Count the workspaces that need attention", response: FleetCounts },
  async ({ engine, viewer }) => fleetCounts(engine, viewer),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
