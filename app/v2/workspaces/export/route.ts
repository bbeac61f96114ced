import { download } from "@/lib/http/body/download";
import { ExportRequest } from "@/lib/domain/wire/archives";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { exportWorkspaces } from "@/lib/server/archives/export-many";

export const POST = route(
  {
    access: "signed-in",
    summary: "Export many workspaces in one archive",
    body: ExportRequest,
    produces: ["application/zip"],
  },
  async ({ engine, viewer, body }) => download(await exportWorkspaces(engine, viewer, body)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
