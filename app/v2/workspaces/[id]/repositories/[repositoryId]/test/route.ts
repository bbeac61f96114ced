import { repositories } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { testRepository } from "@/lib/server/repositories/test-repository";
import { routes } from "@/lib/http/routes";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(repositories.test, async ({ engine, viewer, workspace, params, request }) =>
    testRepository(engine, viewer, workspace, params.repositoryId, request.signal),
  ),
);
