import { versions } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { shownTo } from "@/lib/server/workspaces/edits/credentials";
import { requireVersion, versionFile } from "@/lib/server/versions/versions";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(versions.file, async ({ engine, workspace, grants, params, query }) => {
    const version = await requireVersion(engine, workspace, params.name, query.repository);
    const shown = shownTo(grants, workspace.id);
    return versionFile(engine, workspace, version, { path: query.path, shown });
  }),
);
