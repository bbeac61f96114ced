import { z } from "zod";
import { download } from "@/lib/http/body/download";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { CURRENT, exportWorkspace } from "@/lib/server/archives/export";
import { shownTo } from "@/lib/server/workspaces/edits/credentials";
import { requireVersion } from "@/lib/server/versions/versions";

const exported = route(
  {
    access: "workspace:read",
    summary: "Export a version of a workspace, or `current`",
    params: z.object({ name: z.string().max(100) }),
    query: z.object({ repository: z.string().max(100).optional() }),
    produces: ["application/zip"],
  },
  async ({ engine, workspace, grants, params: { name }, query: { repository } }) => {
    const version = name === CURRENT ? null : await requireVersion(engine, workspace, name, repository);
    const shown = shownTo(grants, workspace.id);
    return download(await exportWorkspace(engine, workspace, { version, shown }));
  },
);

export const POST = exported;
// A link downloads the same.
export const GET = exported;

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
