import { apps } from "@/lib/contract/apps";
import { route } from "@/lib/http/route";
import { listApps, publishApp } from "@/lib/server/versions/apps";
import { routes } from "@/lib/http/routes";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(apps.list, async ({ engine, viewer, query }) => listApps(engine, viewer, query)),
  route(apps.publish, async ({ engine, viewer, body }) => publishApp(engine, viewer, body)),
);
