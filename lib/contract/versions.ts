import { z } from "zod";
import { SetWriteLock, WriteLock } from "@/lib/domain/write-lock";
import { CreateVersion, PullRequest, RollbackRequest, Version } from "@/lib/domain/version";
import { DuplicateRequest, WorkspaceSummary } from "@/lib/domain/workspace";
import { ConnectionReport } from "@/lib/domain/wire/connection";
import {
  PushAnswer,
  PullAnswer,
  FileSides,
  RepositoryListing,
  SyncView,
  VersionChanges,
} from "@/lib/domain/wire/api";
import type { Facts } from "./endpoint/audit";
import { param, field, overwriting, repository } from "./endpoint/audit";
import { Flag, whole, Page, WatchQuery, InRepository } from "./endpoint/query";
import { endpointsOf } from "./endpoint";

const endpoint = endpointsOf("Versions");

const Name = z.object({ name: z.string().max(100) });

const pulled = (body: Facts) => ({
  ...repository(body),
  ...overwriting(body),
  discardLocalChanges: body.discardLocalChanges === true,
});

const pushed = (body: Facts) => ({ ...repository(body), ...overwriting(body) });

const push = {
  method: "POST",
  access: "workspace:update",
  summary: "Push to a repository, or save a native version",
  body: CreateVersion,
  query: WatchQuery,
  response: PushAnswer,
  fails: [502],
  streams: true,
  audit: { action: "version.pushed", target: field("name"), details: pushed },
} as const;

const exported = {
  path: "/v2/workspaces/[id]/versions/[name]/export",
  access: "workspace:read",
  summary: "Export a version of a workspace, or `current`",
  params: Name,
  query: InRepository,
  produces: ["application/zip"],
  fails: [502],
  audit: { action: "archive.exported", target: param("name") },
} as const;

export const versions = {
  /** The same under its other published name. */
  push: endpoint({ ...push, path: "/v2/workspaces/[id]/push" }),
  pullLatest: endpoint({
    method: "POST",
    path: "/v2/workspaces/[id]/pull",
    access: "workspace:update",
    summary: "Pull from a repository",
    body: PullRequest,
    query: WatchQuery,
    response: PullAnswer,
    fails: [502],
    streams: true,
    audit: { action: "version.pulled", details: pulled },
  }),
  list: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/versions",
    access: "workspace:read",
    summary: "List the versions of a workspace, newest first",
    query: Page.extend({ limit: whole(1, 1000).default(100), repository: z.string().max(100).optional() }),
    response: z.array(Version),
    fails: [502],
  }),
  create: endpoint({ ...push, path: "/v2/workspaces/[id]/versions" }),
  remove: endpoint({
    method: "DELETE",
    path: "/v2/workspaces/[id]/versions/[name]",
    access: "workspace:update",
    summary: "Forget a version",
    query: InRepository,
    response: Version.extend({ id: z.string() }),
    fails: [502],
    audit: { action: "version.deleted", target: param("name") },
  }),
  changes: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/versions/[name]/changes",
    access: "workspace:read",
    summary: "Show what a rollback to a version would change",
    query: InRepository,
    response: VersionChanges,
    fails: [502],
  }),
  duplicate: endpoint({
    method: "POST",
    path: "/v2/workspaces/[id]/versions/[name]/duplicate",
    access: "workspace:read",
    summary: "Create a new workspace from a version, or from `current`",
    params: Name,
    query: InRepository,
    body: DuplicateRequest,
    response: WorkspaceSummary,
    fails: [502],
    audit: {
      action: "workspace.duplicated",
      target: param("name"),
    },
  }),
  export: endpoint({ ...exported, method: "GET" }),
  exportByPost: endpoint({ ...exported, method: "POST" }),
  file: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/versions/[name]/file",
    access: "workspace:read",
    summary: "A file as it is now and as it was in a version",
    query: InRepository.extend({ path: z.string() }),
    response: FileSides,
    fails: [502],
  }),
  pull: endpoint({
    method: "POST",
    path: "/v2/workspaces/[id]/versions/[name]/pull",
    access: "workspace:update",
    summary: "Pull a version, or `latest`, from a repository",
    params: Name,
    body: PullRequest,
    query: WatchQuery,
    response: PullAnswer,
    fails: [502],
    streams: true,
    audit: {
      action: "version.pulled",
      target: param("name"),
      details: pulled,
    },
  }),
  rollback: endpoint({
    method: "POST",
    path: "/v2/workspaces/[id]/versions/[name]/rollback",
    access: "workspace:update",
    summary: "Roll back to a version",
    params: Name,
    body: RollbackRequest,
    query: WatchQuery,
    response: PullAnswer,
    fails: [502],
    streams: true,
    audit: {
      action: "version.rollback",
      target: param("name"),
      details: repository,
    },
  }),
};

export const repositories = {
  list: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/repositories",
    access: "workspace:read",
    summary: "List the repositories a workspace can push to and pull from",
    response: z.array(RepositoryListing),
  }),
  detach: endpoint({
    method: "DELETE",
    path: "/v2/workspaces/[id]/repositories/[repositoryId]/state",
    access: "workspace:update",
    summary: "Detach a workspace from a repository",
    description:
      "Forgets the last synchronisation of the workspace and the repository, and clears a merge conflict between them with its lock. Keeps the workspace's files and versions, and does not change the repository. The next push or pull is treated as the first.",
    params: z.object({ repositoryId: z.string().max(200) }),
    response: z.object({ id: z.string(), detached: z.boolean(), cleared: WriteLock.nullable() }),
    audit: {
      action: "repository.detached",
      target: param("repositoryId"),
    },
  }),
  test: endpoint({
    method: "POST",
    path: "/v2/workspaces/[id]/repositories/[repositoryId]/test",
    access: "workspace:update",
    summary: "Test the connection to a repository",
    description:
      "Reach, certificate or host key, credentials, branch and write access, one numbered line each. Nothing in the repository changes; the key of an SSH server that is seen for the first time is pinned.",
    params: z.object({ repositoryId: z.string().max(200) }),
    response: ConnectionReport,
    audit: {
      action: "repository.tested",
      target: param("repositoryId"),
    },
  }),
  sync: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/sync",
    access: "workspace:read",
    summary: "Compare a workspace with a repository",
    query: InRepository.extend({ check: Flag.default(false) }),
    response: SyncView,
    fails: [502],
  }),
  syncFile: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/sync/file",
    access: "workspace:read",
    summary: "Both sides of a changed file; of a conflict, also what they started from",
    query: z.object({
      repository: z.string().max(100).optional(),
      path: z.string(),
      side: z.enum(["changes", "updates", "conflict"]).default("changes"),
    }),
    response: FileSides,
    fails: [502],
  }),
};

export const writeLock = {
  set: endpoint({
    method: "POST",
    path: "/v2/workspaces/[id]/writeLock",
    access: "workspace:manage_security",
    summary: "Lock a workspace by hand",
    body: SetWriteLock,
    response: WriteLock.extend({ writeLock: WriteLock }),
    audit: { action: "writeLock.set" },
  }),
  clear: endpoint({
    method: "DELETE",
    path: "/v2/workspaces/[id]/writeLock",
    access: "workspace:manage_security",
    summary: "Clear the write lock",
    body: SetWriteLock,
    response: z.object({ id: z.string(), cleared: WriteLock.nullable() }),
    audit: { action: "writeLock.cleared" },
  }),
};
