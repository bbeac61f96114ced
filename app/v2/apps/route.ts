import { apps } from "@/lib/contract/apps";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { listApps, publishApp } from "@/lib/server/versions/apps";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(apps.list, async ({ engine, viewer, query }) => listApps(engine, viewer, query)),
  route(apps.publish, async ({ engine, viewer, body }) => publishApp(engine, viewer, body)),
);
