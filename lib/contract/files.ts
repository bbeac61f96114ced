import { z } from "zod";
import { classifyPath } from "@/lib/domain/path";
import { PatchSources, SourceEntry, SourceList } from "@/lib/domain/wire/api";
import { pathsOf, rest } from "./endpoint/audit";
import { endpointsOf, NOT_MODIFIED } from "./endpoint";

const endpoint = endpointsOf("Files");

const SourcePath = z.object({ path: z.array(z.string()).transform((segments) => segments.join("/")) });

// What says who may do what, and which repositories there are.
const decidesAccess = (path: string) => ["index", "security"].includes(classifyPath(path).kind);
const pathOf = rest("path");

export const files = {
  list: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/sources",
    access: "workspace:read",
    summary: "List the files of a workspace",
    description: "The ETag is the id of the tree of all files.",
    response: SourceList,
    answers: NOT_MODIFIED,
    tagged: true,
  }),
  patch: endpoint({
    method: "PATCH",
    path: "/v2/workspaces/[id]/sources",
    access: "workspace:update",
    summary: "Change many files at once, all or none",
    body: PatchSources,
    response: SourceList,
    tagged: true,
    audit: {
      action: "settings.written",
      details: (body) => ({ paths: pathsOf(body).slice(0, 100) }),
      when: (_params, body) => pathsOf(body).some(decidesAccess),
      elsewise: "file.written",
    },
  }),
  read: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/sources/[...path]",
    access: "workspace:read",
    summary: "Read a file as its author wrote it",
    params: SourcePath,
    produces: ["text/yaml", "application/json", "text/plain", "application/octet-stream"],
    answers: NOT_MODIFIED,
    tagged: true,
  }),
  write: endpoint({
    method: "PUT",
    path: "/v2/workspaces/[id]/sources/[...path]",
    access: "workspace:update",
    summary: "Write a file",
    params: SourcePath,
    body: "bytes",
    accepts: ["text/yaml", "application/octet-stream"],
    response: SourceEntry.extend({ revision: z.number() }),
    tagged: true,
    audit: {
      action: "settings.written",
      target: pathOf,
      when: (params) => decidesAccess(pathOf(params)),
      elsewise: "file.written",
    },
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/v2/workspaces/[id]/sources/[...path]",
    access: "workspace:update",
    summary: "Delete a file",
    params: SourcePath,
    response: z.object({ path: z.string() }),
    tagged: true,
    audit: { action: "file.deleted", target: pathOf },
  }),
};
