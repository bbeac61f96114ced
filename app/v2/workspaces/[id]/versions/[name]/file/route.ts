import { z } from "zod";
import { FileSides } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { shownTo } from "@/lib/server/workspaces/edits/credentials";
import { requireVersion, versionFile } from "@/lib/server/versions/versions";

export const GET = route(
  {
    access: "workspace:read",
    summary: "A file as it is now and as it was in a version",
    params: z.object({ name: z.string() }),
    query: z.object({ repository: z.string().max(100).optional(), path: z.string() }),
    response: FileSides,
  },
  async ({ engine, workspace, grants, params, query }) => {
    const version = await requireVersion(engine, workspace, params.name, query.repository);
    const shown = shownTo(grants, workspace.id);
    return versionFile(engine, workspace, version, { path: query.path, shown });
  },
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
