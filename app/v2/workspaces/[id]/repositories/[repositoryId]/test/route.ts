import { repositories } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { testRepository } from "@/lib/server/repositories/test-repository";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(repositories.test, async ({ engine, viewer, workspace, params, request }) =>
    testRepository(engine, viewer, workspace, params.repositoryId, request.signal),
  ),
);
