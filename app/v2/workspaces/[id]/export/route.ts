import { download } from "@/lib/http/body/download";
import { z } from "zod";
import { otherMethods } from "@/lib/http/methods";
import { Flag } from "@/lib/http/parse";
import { route } from "@/lib/http/route";
import { exportWithHistory, exportWorkspace } from "@/lib/server/archives/export";
import { shownTo } from "@/lib/server/workspaces/edits/credentials";

export const GET = route(
  {
    access: "workspace:read",
    summary: "Export a workspace as it is now",
    query: z.object({
      history: Flag.default(false).describe(
        "Add the versions as a git repository: a commit and a tag for each, in the folder `.git`.",
      ),
    }),
    produces: ["application/zip"],
  },
  async ({ engine, workspace, grants, query: { history } }) => {
    const shown = shownTo(grants, workspace.id);
    if (history) return download(await exportWithHistory(engine, workspace, shown));
    return download(await exportWorkspace(engine, workspace, { version: null, shown }));
  },
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
