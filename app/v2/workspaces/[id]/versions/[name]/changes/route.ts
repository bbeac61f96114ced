import { z } from "zod";
import { VersionChanges } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { requireVersion, versionChanges } from "@/lib/server/versions/versions";

export const GET = route(
  {
    access: "workspace:read",
    summary: "What a rollback to a version would change",
    params: z.object({ name: z.string() }),
    query: z.object({ repository: z.string().max(100).optional() }),
    response: VersionChanges,
  },
  async ({ engine, workspace, params, query }) =>
    versionChanges(engine, workspace, await requireVersion(engine, workspace, params.name, query.repository)),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
