import { download } from "@/lib/http/body/download";
import { route } from "@/lib/http/route";
import { exportWorkspace } from "@/lib/server/archives/export";

export const GET = route(
  {
    access: "workspace:read",
    summary: "Export a workspace as it is now",
    produces: ["application/zip"],
  },
  async ({ engine, workspace }) => download(await exportWorkspace(engine, workspace, null)),
);
