import { z } from "zod";
import { WorkspaceDetail } from "@/lib/domain/wire/api";
import { PatchWorkspace, WorkspaceSummary } from "@/lib/domain/workspace";
import { otherMethods } from "@/lib/http/methods";
import { conditionsOf } from "@/lib/http/parts";
import { route } from "@/lib/http/route";
import { workspaceDetail } from "@/lib/server/workspaces/detail";
import { deleteWorkspace, patchWorkspace } from "@/lib/server/workspaces/settings";
import { summarizeOne } from "@/lib/server/workspaces/summary";

export const GET = route(
  {
    access: "workspace:read",
    summary: "Read a workspace with its automations, pages and app instances",
    response: WorkspaceDetail,
  },
  async ({ engine, workspace, grants }) => workspaceDetail(engine, workspace, grants),
);

export const PATCH = route(
  {
    access: "workspace:update",
    summary: "Change the settings of a workspace",
    body: PatchWorkspace,
    response: WorkspaceSummary,
    tagged: true,
  },
  async ({ engine, viewer, workspace, body, request }) =>
    summarizeOne(engine, await patchWorkspace(engine, viewer, workspace, body, conditionsOf(request))),
);

export const DELETE = route(
  {
    access: "workspace:delete",
    summary: "Delete a workspace; what is in git stays",
    response: z.object({ id: z.string() }),
  },
  async ({ engine, viewer, workspace }) => {
    await deleteWorkspace(engine, viewer, workspace);
    return { id: workspace.id };
  },
);

export const { POST, PUT, OPTIONS } = otherMethods("GET", "PATCH", "DELETE");
