import { download } from "@/lib/http/body/download";
import { otherMethods } from "@/lib/http/methods";
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

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
