import { repositories } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { detachRepository } from "@/lib/server/versions/detach";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(repositories.detach, async ({ engine, viewer, workspace, params }) =>
    detachRepository(engine, viewer, workspace, params.repositoryId),
  ),
);
