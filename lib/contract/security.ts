import { z } from "zod";
import { RoleView, Security, SecurityInput } from "@/lib/domain/wire/contents";
import { PutSecrets, PatchSecrets, SecretsView } from "@/lib/domain/wire/secrets";
import { PermissionsList, PermissionsView } from "@/lib/domain/access";
import { SharePermissions } from "@/lib/domain/access/requests";
import type { Facts } from "./endpoint/audit";
import { param, names } from "./endpoint/audit";
import { endpointsOf, NOT_MODIFIED } from "./endpoint";

const endpoint = endpointsOf("Security and sharing");

export const sharing = {
  list: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/permissions",
    access: "workspace:manage_permissions",
    summary: "List who a workspace is shared with, and its roles",
    response: PermissionsList,
  }),
  share: endpoint({
    method: "POST",
    path: "/v2/workspaces/[id]/permissions",
    access: "workspace:manage_permissions",
    summary: "Share a workspace with a user or group",
    body: SharePermissions,
    response: PermissionsView,
    audit: {
      action: "permission.shared",
      target: (_params, { target }) => {
        const { id, email, group } = (target ?? {}) as Facts;
        return id ?? email ?? group;
      },
      details: ({ permissions }) => ({ permissions }),
    },
  }),
  unshare: endpoint({
    method: "DELETE",
    path: "/v2/workspaces/[id]/permissions/[target]",
    access: "workspace:manage_permissions",
    summary: "Stop sharing a workspace with a user or group",
    params: z.object({ target: z.string().max(320) }),
    response: PermissionsView.extend({ id: z.string() }),
    audit: {
      action: "permission.deleted",
      target: param("target"),
    },
  }),
};

export const security = {
  read: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/security",
    access: "workspace:read",
    summary: "Read the roles and rules of a workspace",
    response: Security,
    answers: NOT_MODIFIED,
    tagged: true,
  }),
  put: endpoint({
    method: "PUT",
    path: "/v2/workspaces/[id]/security",
    access: "workspace:manage_security",
    summary: "Replace the roles and rules of a workspace",
    body: SecurityInput,
    response: Security,
    tagged: true,
    audit: { action: "security.updated" },
  }),
  patch: endpoint({
    method: "PATCH",
    path: "/v2/workspaces/[id]/security",
    access: "workspace:manage_security",
    summary: "Change the roles and rules of a workspace",
    body: SecurityInput,
    response: Security,
    tagged: true,
    audit: { action: "security.updated" },
  }),
  listRoles: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/security/roles",
    access: "workspace:read",
    summary: "List the roles of a workspace, those of every workspace first",
    response: z.array(RoleView),
  }),
};

export const secrets = {
  list: endpoint({
    method: "GET",
    path: "/v2/workspaces/[id]/security/secrets",
    access: "workspace:manage_security",
    summary: "List secrets, with their values",
    response: SecretsView,
    audit: { action: "secrets.read" },
  }),
  put: endpoint({
    method: "PUT",
    path: "/v2/workspaces/[id]/security/secrets",
    access: "workspace:manage_security",
    summary: "Replace all secrets",
    body: PutSecrets,
    response: SecretsView,
    confidential: true,
    audit: { action: "secrets.replaced", details: names },
  }),
  patch: endpoint({
    method: "PATCH",
    path: "/v2/workspaces/[id]/security/secrets",
    access: "workspace:manage_security",
    summary: "Set some secrets; null deletes one",
    body: PatchSecrets,
    response: SecretsView,
    confidential: true,
    audit: { action: "secrets.updated", details: names },
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/v2/workspaces/[id]/security/secrets/[name]",
    access: "workspace:manage_security",
    summary: "Delete a secret",
    response: z.object({ name: z.string(), secretName: z.string() }),
    audit: { action: "secrets.deleted", target: param("name") },
  }),
};
