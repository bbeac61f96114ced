import { z } from "zod";
import { PublishedApp } from "@/lib/domain/workspace";
import { PublishApp, AppView, AppInstance, AppInstanceInput, InstallApp } from "@/lib/domain/wire/contents";
import { param, field, names, fields, slugOrName } from "./endpoint/audit";
import { List, whole } from "./endpoint/query";
import { endpointsOf } from "./endpoint";

const endpoint = endpointsOf("Content");

const Config = z.record(z.string(), z.unknown());

export const apps = {
  list: endpoint({
    method: "GET",
    path: "/v2/apps",
    access: "signed-in",
    summary: "List the published apps",
    query: z.object({
      text: z.string().max(200).optional(),
      workspaceId: z.string().max(100).optional(),
      labels: List.optional(),
      page: whole(0, 1_000_000).default(0),
      limit: whole(1, 1000).default(1000),
    }),
    response: z.array(PublishedApp),
  }),
  publish: endpoint({
    method: "POST",
    path: "/v2/apps",
    access: "signed-in",
    summary: "Publish a workspace as an app, or change its app",
    body: PublishApp,
    response: AppView,
    audit: { action: "app.published", target: field("slug") },
  }),
  read: endpoint({
    method: "GET",
    path: "/v2/apps/[slug]",
    access: "signed-in",
    summary: "Read a published app",
    response: AppView,
  }),
  unpublish: endpoint({
    method: "DELETE",
    path: "/v2/apps/[slug]",
    access: "signed-in",
    summary: "Unpublish an app",
    response: z.object({ id: z.string(), slug: z.string() }),
    audit: { action: "app.unpublished", target: param("slug") },
  }),
};

export const instances = {
  list: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/apps",
    access: "workspace:read",
    summary: "List the app instances of a workspace",
    response: z.array(AppInstance),
  }),
  install: endpoint({
    method: "POST",
    path: "/v2/workspaces/[id]/apps",
    access: "workspace:update",
    summary: "Install an app",
    body: InstallApp,
    response: AppInstance,
    tagged: true,
    audit: { action: "appInstance.installed", target: slugOrName },
  }),
  read: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/apps/[slug]",
    access: "workspace:read",
    summary: "Read an app instance",
    response: AppInstance,
    tagged: true,
  }),
  patch: endpoint({
    method: "PATCH",
    path: "/v2/workspaces/[id]/apps/[slug]",
    access: "workspace:update",
    summary: "Change an app instance",
    body: AppInstanceInput,
    response: AppInstance,
    tagged: true,
    audit: {
      action: "appInstance.updated",
      target: param("slug"),
      details: fields,
    },
  }),
  uninstall: endpoint({
    method: "DELETE",
    path: "/v2/workspaces/[id]/apps/[slug]",
    access: "workspace:update",
    summary: "Uninstall an app instance",
    response: z.object({ id: z.string() }),
    tagged: true,
    audit: { action: "appInstance.uninstalled", target: param("slug") },
  }),
  readConfig: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/apps/[slug]/config",
    access: "workspace:read",
    summary: "Read the configuration of an app instance",
    response: Config,
    tagged: true,
  }),
  putConfig: endpoint({
    method: "PUT",
    path: "/v2/workspaces/[id]/apps/[slug]/config",
    access: "workspace:update",
    summary: "Replace the configuration of an app instance",
    body: Config,
    response: AppInstance,
    tagged: true,
    audit: {
      action: "appInstance.configured",
      target: param("slug"),
      details: names,
    },
  }),
  patchConfig: endpoint({
    method: "PATCH",
    path: "/v2/workspaces/[id]/apps/[slug]/config",
    access: "workspace:update",
    summary: "Change the configuration of an app instance",
    body: Config,
    response: AppInstance,
    tagged: true,
    audit: {
      action: "appInstance.configured",
      target: param("slug"),
      details: names,
    },
  }),
};
