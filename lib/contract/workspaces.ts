import { z } from "zod";
import { DuplicateRequest, CreateWorkspace, PatchWorkspace, WorkspaceSummary } from "@/lib/domain/workspace";
import { FleetCounts, WorkspaceDetail, WorkspaceStatus } from "@/lib/domain/wire/api";
import { param, field, fields } from "./endpoint/audit";
import { Flag, List, Page } from "./endpoint/query";
import { endpointsOf } from "./endpoint";

const endpoint = endpointsOf("Workspaces");

const Filters = Page.extend({
  dirty: Flag.optional(),
  labels: List.optional(),
  name: z.string().optional(),
  slug: z.string().optional(),
  ids: List.optional(),
  search: z.string().max(200).optional(),
  owned: Flag.optional(),
  locked: Flag.optional(),
  conflict: Flag.optional(),
  behind: Flag.optional(),
  /** One word for the filters above. */
  status: z.enum(["synced", "dirty", "behind", "conflict", "locked"]).optional(),
  group: z.string().max(100).optional(),
  sort: z.string().max(60).optional(),
});

export const workspaces = {
  list: endpoint({
    method: "GET",
    path: "/v2/workspaces",
    access: "signed-in",
    summary: "List workspaces",
    query: Filters,
    response: z.array(WorkspaceSummary),
  }),
  create: endpoint({
    method: "POST",
    path: "/v2/workspaces",
    access: "signed-in",
    summary: "Create a workspace",
    body: CreateWorkspace,
    response: WorkspaceSummary,
    audit: { action: "workspace.created", target: field("name") },
  }),
  read: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]",
    access: "workspace:read",
    summary: "Read a workspace with its automations, pages and app instances",
    response: WorkspaceDetail,
  }),
  patch: endpoint({
    method: "PATCH",
    path: "/v2/workspaces/[id]",
    access: "workspace:update",
    summary: "Change the settings of a workspace",
    body: PatchWorkspace,
    response: WorkspaceSummary,
    tagged: true,
    audit: {
      action: "workspace.updated",
      target: param("id"),
      details: fields,
    },
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/v2/workspaces/[id]",
    access: "workspace:delete",
    summary: "Delete a workspace, but keep what is in git",
    response: z.object({ id: z.string() }),
    audit: { action: "workspace.deleted", target: param("id") },
  }),
  duplicate: endpoint({
    method: "POST",
    path: "/v2/workspaces/[id]/duplicate",
    access: "workspace:read",
    summary: "Create a new workspace from this one",
    body: DuplicateRequest,
    response: WorkspaceSummary,
    audit: { action: "workspace.duplicated", target: param("id") },
  }),
  status: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/status",
    access: "workspace:read",
    summary: "Compare the files with the checksums they came with",
    response: WorkspaceStatus,
  }),
  counts: endpoint({
    method: "GET",
    path: "/v2/workspaces/counts",
    access: "signed-in",
    summary: "Count the workspaces that need attention",
    response: FleetCounts,
  }),
  labels: endpoint({
    method: "GET",
    path: "/v2/workspaces/labels",
    access: "signed-in",
    summary: "List every label in use",
    response: z.array(z.string()),
  }),
};
