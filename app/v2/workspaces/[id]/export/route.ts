import { archives } from "@/lib/contract/archives";
import { download } from "@/lib/http/body/download";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { exportWithHistory, exportWorkspace } from "@/lib/server/archives/export";
import { shownTo } from "@/lib/server/workspaces/edits/credentials";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(archives.exportOne, async ({ engine, workspace, grants, query: { history } }) => {
    const shown = shownTo(grants, workspace.id);
    if (history) return download(await exportWithHistory(engine, workspace, shown));
    return download(await exportWorkspace(engine, workspace, { version: null, shown }));
  }),
);
