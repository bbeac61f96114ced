import { versions } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { deleteVersion, requireVersion } from "@/lib/server/versions/versions";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(versions.remove, async ({ engine, viewer, workspace, params, query }) => {
    const version = await requireVersion(engine, workspace, params.name, query.repository);
    return { ...(await deleteVersion(engine, viewer, workspace, version)), id: version.name };
  }),
);
