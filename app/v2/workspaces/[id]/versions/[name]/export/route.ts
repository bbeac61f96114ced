import { versions } from "@/lib/contract/versions";
import { download } from "@/lib/http/body/download";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { CURRENT, exportWorkspace } from "@/lib/server/archives/export";
import { requireVersion } from "@/lib/server/versions/versions";
import { shownTo } from "@/lib/server/workspaces/edits/credentials";

const exported = (endpoint: typeof versions.export | typeof versions.exportByPost) =>
  route(endpoint, async ({ engine, workspace, grants, params: { name }, query: { repository } }) => {
    const version = name === CURRENT ? null : await requireVersion(engine, workspace, name, repository);
    const shown = shownTo(grants, workspace.id);
    return download(await exportWorkspace(engine, workspace, { version, shown }));
  });

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  // A link downloads the same.
  exported(versions.export),
  exported(versions.exportByPost),
);
