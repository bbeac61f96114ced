import { download } from "@/lib/http/body/download";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { exportWorkspace } from "@/lib/server/archives/export";
import { shownTo } from "@/lib/server/workspaces/edits/credentials";

export const GET = route(
  {
    access: "workspace:read",
    summary: "Export a workspace as it is now",
    produces: ["application/zip"],
  },
  async ({ engine, workspace, grants }) => {
    const shown = shownTo(grants, workspace.id);
    return download(await exportWorkspace(engine, workspace, { version: null, shown }));
  },
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
