import { z } from "zod";
import { CreateVersion, PullRequest, Version } from "@/lib/domain/version";
import {
  BulkImportRequest,
  BulkImportSummary,
  BulkPushRequest,
  BulkPushSummary,
  Processing,
} from "@/lib/domain/bulk";
import { HostAndPort, PinnedHostKey } from "@/lib/domain/wire/connection";
import { PushAnswer, PullAnswer, PlatformView } from "@/lib/domain/wire/api";
import { Readiness } from "@/lib/domain/wire/readiness";
import { param, overwriting, repository, type Facts } from "./endpoint/audit";
import { Page, WatchQuery } from "./endpoint/query";
import { endpointsOf } from "./endpoint";

const endpoint = endpointsOf("Platform");

/** Which of two forms a body has, its repository says: the platform's own push and pull take the same path. */
const Either = z.looseObject({ repository: z.looseObject({ id: z.string() }).optional() });

const groups = (body: Facts) => ({
  ...repository(body),
  ...overwriting(body),
  groups: body.groups ?? null,
  dryRun: body.dryRun === true,
});

export const platform = {
  listHostKeys: endpoint({
    method: "GET",
    path: "/v2/hostKeys",
    access: "platform:read",
    summary: "List the pinned keys of SSH servers",
    response: z.array(PinnedHostKey),
  }),
  forgetHostKeys: endpoint({
    method: "DELETE",
    path: "/v2/hostKeys/[host]",
    access: "platform:manage_repositories",
    summary: "Forget the pinned keys of an SSH server",
    description:
      "`host` is `git.example.com` or `git.example.com:2222`. The next key that the server presents is pinned instead.",
    params: z.object({ host: HostAndPort }),
    response: z.object({ forgotten: z.array(PinnedHostKey) }),
    audit: { action: "hostKey.forgotten", target: param("host") },
  }),
  document: endpoint({
    method: "GET",
    path: "/v2/openapi.json",
    access: "public",
    summary: "This document",
    response: z.looseObject({ openapi: z.string() }),
  }),
  read: endpoint({
    method: "GET",
    path: "/v2/platform",
    access: "platform:read",
    summary: "Groups and repositories of the platform",
    response: PlatformView,
  }),
  readiness: endpoint({
    method: "GET",
    path: "/v2/readiness",
    access: "public",
    summary: "Whether each part of the server is ready",
    response: Readiness,
    answers: { 503: "A part is not ready" },
  }),
  listVersions: endpoint({
    method: "GET",
    path: "/v2/workspaces/platform/versions",
    access: "platform:read",
    summary: "List the versions of the platform workspace",
    query: Page,
    response: z.array(Version),
    fails: [502],
  }),
  push: endpoint({
    method: "POST",
    path: "/v2/workspaces/platform/versions",
    access: "platform:update",
    summary: "Push groups of workspaces to a platform repository",
    body: Either,
    bodies: z.union([BulkPushRequest, CreateVersion]),
    query: WatchQuery,
    response: z.union([Processing, BulkPushSummary, PushAnswer]),
    fails: [502],
    streams: true,
    audit: { action: "bulk.push", details: groups },
  }),
  pull: endpoint({
    method: "POST",
    path: "/v2/workspaces/platform/versions/latest/pull",
    access: "platform:update",
    summary: "Import groups of workspaces from a platform repository",
    body: Either,
    bodies: z.union([BulkImportRequest, PullRequest]),
    query: WatchQuery,
    response: z.union([Processing, BulkImportSummary, PullAnswer]),
    fails: [502],
    streams: true,
    audit: { action: "bulk.import", details: groups },
  }),
};
