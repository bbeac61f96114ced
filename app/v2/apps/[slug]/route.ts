import { apps } from "@/lib/contract/apps";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { readApp, unpublishApp } from "@/lib/server/versions/apps";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(apps.read, async ({ engine, viewer, params }) => readApp(engine, viewer, params.slug)),
  route(apps.unpublish, async ({ engine, viewer, params }) => unpublishApp(engine, viewer, params.slug)),
);
