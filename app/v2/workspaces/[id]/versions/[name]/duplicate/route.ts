import { versions } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { CURRENT } from "@/lib/server/archives/export";
import { requireVersion } from "@/lib/server/versions/versions";
import { duplicateWorkspace } from "@/lib/server/versions/duplicate";
import { summarizeOne } from "@/lib/server/workspaces/summary";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(
    versions.duplicate,
    async ({ engine, viewer, workspace, params: { name }, query: { repository }, body }) => {
      const version = name === CURRENT ? null : await requireVersion(engine, workspace, name, repository);
      return summarizeOne(engine, await duplicateWorkspace(engine, viewer, workspace, version, body));
    },
  ),
);
