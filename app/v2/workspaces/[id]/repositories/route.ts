import { repositories } from "@/lib/contract/versions";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { listRepositories } from "@/lib/server/repositories/list";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(repositories.list, async ({ engine, workspace }) => listRepositories(engine, workspace)),
);
