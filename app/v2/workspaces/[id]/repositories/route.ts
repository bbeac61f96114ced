import { z } from "zod";
import { RepositoryListing } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { listRepositories } from "@/lib/server/repositories/list";

export const GET = route(
  {
    access: "workspace:read",
    summary: "List the repositories a workspace may push to and pull from",
    response: z.array(RepositoryListing),
  },
  async ({ engine, workspace }) => listRepositories(engine, workspace),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
