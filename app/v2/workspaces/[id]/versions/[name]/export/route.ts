import { z } from "zod";
import { download } from "@/lib/http/body/download";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { CURRENT, exportWorkspace } from "@/lib/server/archives/export";
import { requireVersion } from "@/lib/server/versions/versions";

const exported = route(
  {
    access: "workspace:read",
    summary: "Export a version of a workspace, or `current`",
    params: z.object({ name: z.string().max(100) }),
    query: z.object({ repository: z.string().max(100).optional() }),
    produces: ["application/zip"],
  },
  async ({ engine, workspace, params: { name }, query: { repository } }) => {
    const version = name === CURRENT ? null : await requireVersion(engine, workspace, name, repository);
    return download(await exportWorkspace(engine, workspace, version));
  },
);

export const POST = exported;
// A link downloads the same.
export const GET = exported;

export const { PUT, PATCH, DELETE } = otherMethods("GET", "POST");
