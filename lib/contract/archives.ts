import { z } from "zod";
import { ExportRequest, ImportAnswer } from "@/lib/domain/wire/archives";
import { Flag, List, WatchQuery } from "./endpoint/query";
import { endpointsOf } from "./endpoint";

const endpoint = endpointsOf("Archives");

const ImportQuery = WatchQuery.extend({ prune: Flag.default(false) });

export const archives = {
  exportOne: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/export",
    access: "workspace:read",
    summary: "Export a workspace in its current state",
    query: z.object({
      history: Flag.default(false).describe(
        "Add the versions as a git repository: a commit and a tag for each, in the folder `.git`.",
      ),
    }),
    produces: ["application/zip"],
    audit: { action: "archive.exported" },
  }),
  importInto: endpoint({
    method: "POST",
    path: "/v2/workspaces/[id]/import",
    access: "workspace:update",
    summary: "Import an archive into a workspace",
    query: ImportQuery,
    body: "archive",
    response: ImportAnswer,
    fails: [502],
    streams: true,
    audit: { action: "archive.imported" },
  }),
  exportMany: endpoint({
    method: "POST",
    path: "/v2/workspaces/export",
    access: "signed-in",
    summary: "Export many workspaces in one archive",
    body: ExportRequest,
    produces: ["application/zip"],
    audit: { action: "archive.exported" },
  }),
  importMany: endpoint({
    method: "POST",
    path: "/v2/workspaces/import",
    access: "signed-in",
    summary: "Import an archive as a new workspace, or all the workspaces it contains",
    /** With `ids`, only these of many workspaces are brought in. */
    query: ImportQuery.extend({ ids: List.optional() }),
    body: "archive",
    response: ImportAnswer,
    fails: [502],
    streams: true,
    audit: { action: "archive.imported" },
  }),
};
