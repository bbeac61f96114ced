import { versions } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { requireVersion, versionChanges } from "@/lib/server/versions/versions";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(versions.changes, async ({ engine, workspace, params, query }) =>
    versionChanges(engine, workspace, await requireVersion(engine, workspace, params.name, query.repository)),
  ),
);
