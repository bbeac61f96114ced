import { versions } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { requireVersion, versionChanges } from "@/lib/server/versions/versions";
import { routes } from "@/lib/http/routes";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(versions.changes, async ({ engine, workspace, params, query }) =>
    versionChanges(engine, workspace, await requireVersion(engine, workspace, params.name, query.repository)),
  ),
);
