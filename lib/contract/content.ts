import { z } from "zod";
import type { PartInput } from "@/lib/domain/wire/contents";
import {
  AutomationInput,
  PageInput,
  Part,
  DeletedPart,
  Blocks,
  BlocksInput,
  ConfigInput,
  ConfigView,
} from "@/lib/domain/wire/contents";
import { AddDomain, CustomDomain } from "@/lib/domain/wire/custom-domain";
import type { Facts } from "./endpoint/audit";
import { param, field, names, fields, namesIn, rest, slugOrName } from "./endpoint/audit";
import { Flag } from "./endpoint/query";
import { endpointsOf, NOT_MODIFIED } from "./endpoint";

const endpoint = endpointsOf("Content");

const configured = (body: Facts) => ({ ...fields(body), names: namesIn(body) });

/** A slug at the end of a path: it may hold slashes, as written or encoded. */
const SlugPath = z.object({ slug: z.array(z.string()).transform((segments) => segments.join("/")) });

/** The endpoints of `…/automations` or `…/pages`, the list and the single one. */
function parts<Folder extends "automations" | "pages", Input extends z.ZodType<PartInput>>(
  folder: Folder,
  body: Input,
) {
  const [noun, one] = folder === "automations" ? ["automation", "an automation"] : ["page", "a page"];
  const collection = `/v2/workspaces/[id]/${folder}` as const;
  const path = `${collection}/[...slug]` as const;
  const updated = { action: `${noun}.updated`, target: rest("slug"), details: fields };
  return {
    list: endpoint({
      method: "GET",
      path: collection,
      access: "workspace:read",
      summary: `List the ${folder} of a workspace`,
      response: z.array(Part),
    }),
    create: endpoint({
      method: "POST",
      path: collection,
      access: "workspace:update",
      summary: `Create ${one}`,
      body,
      response: Part,
      tagged: true,
      audit: { action: `${noun}.created`, target: slugOrName },
    }),
    read: endpoint({
      method: "GET",
      path,
      access: "workspace:read",
      summary: `Read ${one}`,
      params: SlugPath,
      response: Part,
      answers: NOT_MODIFIED,
      tagged: true,
    }),
    put: endpoint({
      method: "PUT",
      path,
      access: "workspace:update",
      summary: `Replace ${one}`,
      params: SlugPath,
      body,
      response: Part,
      tagged: true,
      audit: updated,
    }),
    patch: endpoint({
      method: "PATCH",
      path,
      access: "workspace:update",
      summary: `Change ${one}`,
      params: SlugPath,
      body,
      response: Part,
      tagged: true,
      audit: updated,
    }),
    remove: endpoint({
      method: "DELETE",
      path,
      access: "workspace:update",
      summary: `Delete ${one}`,
      params: SlugPath,
      response: DeletedPart,
      tagged: true,
      audit: { action: `${noun}.deleted`, target: rest("slug") },
    }),
  };
}

export const automations = parts("automations", AutomationInput);
export const pages = parts("pages", PageInput);

export const blocks = {
  read: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/blocks",
    access: "workspace:read",
    summary: "Read the blocks of a workspace",
    response: Blocks,
    tagged: true,
  }),
  put: endpoint({
    method: "PUT",
    path: "/v2/workspaces/[id]/blocks",
    access: "workspace:update",
    summary: "Replace the blocks of a workspace",
    body: BlocksInput,
    response: Blocks,
    tagged: true,
    audit: { action: "blocks.updated", details: names },
  }),
  patch: endpoint({
    method: "PATCH",
    path: "/v2/workspaces/[id]/blocks",
    access: "workspace:update",
    summary: "Change the blocks of a workspace",
    body: BlocksInput,
    response: Blocks,
    tagged: true,
    audit: { action: "blocks.updated", details: names },
  }),
};

export const config = {
  read: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/config",
    access: "workspace:read",
    summary: "Read the effective configuration, secrets redacted",
    query: z.object({ effective: Flag.default(false) }),
    response: ConfigView,
    tagged: true,
  }),
  put: endpoint({
    method: "PUT",
    path: "/v2/workspaces/[id]/config",
    access: "workspace:update",
    summary: "Replace the configuration of a workspace",
    body: ConfigInput,
    response: ConfigView,
    tagged: true,
    audit: { action: "config.updated", details: configured },
  }),
  patch: endpoint({
    method: "PATCH",
    path: "/v2/workspaces/[id]/config",
    access: "workspace:update",
    summary: "Change the configuration of a workspace",
    body: ConfigInput,
    response: ConfigView,
    tagged: true,
    audit: { action: "config.updated", details: configured },
  }),
};

export const domains = {
  list: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/customDomains",
    access: "workspace:read",
    summary: "List the custom domains of a workspace",
    response: z.array(CustomDomain),
  }),
  claim: endpoint({
    method: "POST",
    path: "/v2/workspaces/[id]/customDomains",
    access: "workspace:update",
    summary: "Add a custom domain",
    body: AddDomain,
    response: CustomDomain,
    audit: {
      action: "domain.claimed",
      target: field("domain"),
    },
  }),
  giveUp: endpoint({
    method: "DELETE",
    path: "/v2/workspaces/[id]/customDomains/[domain]",
    access: "workspace:update",
    summary: "Remove a custom domain",
    response: z.object({ domain: z.string() }),
    audit: { action: "domain.given-up", target: param("domain") },
  }),
  check: endpoint({
    method: "POST",
    path: "/v2/workspaces/[id]/customDomains/[domain]/check",
    access: "workspace:update",
    summary: "Check the DNS record of a custom domain now",
    response: CustomDomain,
    audit: { action: null, why: "asks name servers and keeps what they say" },
  }),
};
