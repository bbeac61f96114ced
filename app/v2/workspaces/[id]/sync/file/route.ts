import { repositories } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { shownTo } from "@/lib/server/workspaces/edits/credentials";
import { syncFile } from "@/lib/server/versions/sync";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(
    repositories.syncFile,
    async ({ engine, viewer, workspace, grants, query: { repository, path, side } }) =>
      syncFile(engine, viewer, workspace, {
        path,
        side,
        shown: shownTo(grants, workspace.id),
        ...(repository ? { repositoryId: repository } : {}),
      }),
  ),
);
