import { repositories } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { syncView } from "@/lib/server/versions/sync";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(repositories.sync, async ({ engine, viewer, workspace, query: { repository, check } }) =>
    syncView(engine, viewer, workspace, { check, ...(repository ? { repositoryId: repository } : {}) }),
  ),
);
