import { workspaces } from "@/lib/contract/workspaces";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { duplicateWorkspace } from "@/lib/server/versions/duplicate";
import { summarizeOne } from "@/lib/server/workspaces/summary";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(workspaces.duplicate, async ({ engine, viewer, workspace, body }) =>
    summarizeOne(engine, await duplicateWorkspace(engine, viewer, workspace, null, body)),
  ),
);
