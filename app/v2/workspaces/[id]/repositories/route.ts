import { z } from "zod";
import { RepositoryListing } from "@/lib/domain/api";
import { route } from "@/lib/http/route";
import { listRepositories } from "@/lib/server/repositories/list";

export const GET = route(
  { access: "workspace:read", response: z.array(RepositoryListing) },
  async ({ engine, workspace }) => listRepositories(engine, workspace),
);
