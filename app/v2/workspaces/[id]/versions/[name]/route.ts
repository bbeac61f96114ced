import { z } from "zod";
import { Version } from "@/lib/domain/version";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { deleteVersion, requireVersion } from "@/lib/server/versions/versions";

export const DELETE = route(
  {
    access: "workspace:update",
    summary: "Forget a version",
    params: z.object({ name: z.string() }),
    query: z.object({ repository: z.string().max(100).optional() }),
    response: Version.extend({ id: z.string() }),
  },
  async ({ engine, viewer, workspace, params, query }) => {
    const version = await requireVersion(engine, workspace, params.name, query.repository);
    return { ...(await deleteVersion(engine, viewer, workspace, version)), id: version.name };
  },
);

export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
