import { archives } from "@/lib/contract/archives";
import { download } from "@/lib/http/body/download";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { exportWorkspaces } from "@/lib/server/archives/export-many";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(archives.exportMany, async ({ engine, viewer, body }) =>
    download(await exportWorkspaces(engine, viewer, body)),
  ),
);
