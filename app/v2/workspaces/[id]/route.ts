import { workspaces } from "@/lib/contract/workspaces";
import { conditionsOf } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { workspaceDetail } from "@/lib/server/workspaces/detail";
import { deleteWorkspace, patchWorkspace } from "@/lib/server/workspaces/settings";
import { summarizeOne } from "@/lib/server/workspaces/summary";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(workspaces.read, async ({ engine, workspace, grants }) => workspaceDetail(engine, workspace, grants)),
  route(workspaces.patch, async ({ engine, viewer, workspace, body, request }) =>
    summarizeOne(engine, await patchWorkspace(engine, viewer, workspace, body, conditionsOf(request))),
  ),
  route(workspaces.remove, async ({ engine, viewer, workspace }) => {
    await deleteWorkspace(engine, viewer, workspace);
    return { id: workspace.id };
  }),
);
