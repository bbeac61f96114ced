import { own } from "@/lib/domain/own";
import { classifyPath } from "@/lib/domain/path";

export type Facts = Record<string, unknown>;

export interface Audited {
  action: string;
  /** What was acted on, from the path or the body; never a value that may be secret. */
  target?: (params: Facts, body: Facts) => unknown;
  details?: (body: Facts) => Facts;
  /** The action's name only then; `elsewise` is it otherwise. */
  when?: (params: Facts, body: Facts) => boolean;
  elsewise?: string;
}

const pathOf = ({ path }: Facts) => (Array.isArray(path) ? path.join("/") : "");
// What says who may do what, and which repositories there are.
const decidesAccess = (path: string) => ["index", "security"].includes(classifyPath(path).kind);

const param = (name: string) => (params: Facts) => own(params, name);
const names = (body: Facts) => ({ names: Object.keys(body).slice(0, 100) });
const repository = (body: Facts) => {
  const id = (body.repository as { id?: unknown } | undefined)?.id;
  return typeof id === "string" ? { repository: id } : {};
};
const fields = (body: Facts) => ({ fields: Object.keys(body).slice(0, 100) });
const named = (_params: Facts, body: Facts) => body.name;
const slugOrName = (_params: Facts, body: Facts) => body.slug ?? body.appSlug ?? body.name;
const pulled = (body: Facts) => ({
  ...repository(body),
  discardLocalChanges: body.discardLocalChanges === true,
});
const configured = (body: Facts) => ({
  ...fields(body),
  names: Object.keys((body.value as object | undefined) ?? {}).slice(0, 100),
});

/** The writes of automations or pages. */
function partsOf(folder: string, noun: string): Record<string, Audited> {
  const one = `/v2/workspaces/[id]/${folder}/[...slug]`;
  const target = ({ slug }: Facts) => (Array.isArray(slug) ? slug.join("/") : slug);
  return {
    [`POST /v2/workspaces/[id]/${folder}`]: { action: `${noun}.created`, target: slugOrName },
    [`PUT ${one}`]: { action: `${noun}.updated`, target, details: fields },
    [`PATCH ${one}`]: { action: `${noun}.updated`, target, details: fields },
    [`DELETE ${one}`]: { action: `${noun}.deleted`, target },
  };
}

const groups = (body: Facts) => ({
  ...repository(body),
  groups: body.groups ?? null,
  dryRun: body.dryRun === true,
});

/** What is written down, by method and path as the route files have it. Sign-ins are written where they happen. */
export const AUDITED: Readonly<Record<string, Audited>> = {
  "POST /v2/signout": { action: "session.ended" },
  "DELETE /v2/user/sessions": { action: "session.revoked" },
  "DELETE /v2/user/sessions/[sessionId]": { action: "session.revoked", target: param("sessionId") },
  "POST /v2/user/password": { action: "password.changed" },
  "POST /v2/user/accessTokens": {
    action: "token.created",
    target: (_params, body) => body.name,
    details: ({ scopes, expiresAt }) => ({ scopes: scopes ?? ["*"], expiresAt: expiresAt ?? null }),
  },
  "DELETE /v2/user/accessTokens": { action: "token.deleted" },
  // The path may hold the token itself, so it is not told.
  "DELETE /v2/user/accessTokens/[tokenId]": { action: "token.deleted" },
  "POST /v2/users": {
    action: "user.invited",
    target: (_params, body) => body.email,
    details: ({ superAdmin }) => ({ superAdmin: superAdmin === true }),
  },
  "PATCH /v2/users/[userId]": {
    action: "user.updated",
    target: param("userId"),
    details: ({ superAdmin, disabled }) => ({ superAdmin: superAdmin ?? null, disabled: disabled ?? null }),
  },
  "POST /v2/users/[userId]/password": { action: "user.password.reset", target: param("userId") },
  "DELETE /v2/users/[userId]/sessions": { action: "user.signedOut", target: param("userId") },
  "GET /v2/audit": { action: "audit.read" },
  "GET /v2/audit/export": { action: "audit.exported" },
  "POST /v2/workspaces/[id]/permissions": {
    action: "permission.shared",
    target: (_params, { target }) => {
      const { id, email, group } = (target ?? {}) as Facts;
      return id ?? email ?? group;
    },
    details: ({ permissions }) => ({ permissions }),
  },
  "DELETE /v2/workspaces/[id]/permissions/[target]": {
    action: "permission.deleted",
    target: param("target"),
  },
  "GET /v2/workspaces/[id]/security/secrets": { action: "secrets.read" },
  "PATCH /v2/workspaces/[id]/security/secrets": { action: "secrets.updated", details: names },
  "DELETE /v2/workspaces/[id]/security/secrets/[name]": { action: "secrets.deleted", target: param("name") },
  "PUT /v2/workspaces/[id]/security/secrets": { action: "secrets.replaced", details: names },
  "PATCH /v2/workspaces/[id]/security": { action: "security.updated" },
  "PUT /v2/workspaces/[id]/security": { action: "security.updated" },
  "PUT /v2/workspaces/[id]/sources/[...path]": {
    action: "settings.written",
    target: pathOf,
    when: (params) => decidesAccess(pathOf(params)),
    elsewise: "file.written",
  },
  "PATCH /v2/workspaces/[id]/sources": {
    action: "settings.written",
    details: ({ files }) => ({ paths: Object.keys(files ?? {}).slice(0, 100) }),
    when: (_params, { files }) => Object.keys(files ?? {}).some(decidesAccess),
    elsewise: "file.written",
  },
  "POST /v2/workspaces/[id]/import": { action: "archive.imported" },
  "POST /v2/workspaces/import": { action: "archive.imported" },
  "POST /v2/workspaces/[id]/writeLock": { action: "writeLock.set" },
  "DELETE /v2/workspaces/[id]/writeLock": { action: "writeLock.cleared" },
  "POST /v2/workspaces": { action: "workspace.created", target: (_params, body) => body.name },
  "DELETE /v2/workspaces/[id]": { action: "workspace.deleted", target: param("id") },
  "DELETE /v2/workspaces/[id]/versions/[name]": { action: "version.deleted", target: param("name") },
  "POST /v2/workspaces/[id]/versions/[name]/rollback": {
    action: "version.rollback",
    target: param("name"),
    details: repository,
  },
  "POST /v2/workspaces/platform/versions": { action: "bulk.push", details: groups },
  "POST /v2/workspaces/platform/versions/latest/pull": { action: "bulk.import", details: groups },
  "POST /v2/operations/[operationId]/cancel": { action: "operation.cancelled", target: param("operationId") },
  "POST /v2/operations/[operationId]/retry": { action: "operation.retried", target: param("operationId") },
  "DELETE /v2/workspaces/[id]/repositories/[repositoryId]/state": {
    action: "repository.detached",
    target: param("repositoryId"),
  },
  "DELETE /v2/hostKeys/[host]": { action: "hostKey.forgotten", target: param("host") },
  "PATCH /v2/workspaces/[id]": {
    action: "workspace.updated",
    target: param("id"),
    details: (body) => ({ fields: Object.keys(body).slice(0, 100) }),
  },
  "POST /v2/workspaces/[id]/duplicate": { action: "workspace.duplicated", target: param("id") },
  "POST /v2/workspaces/[id]/versions/[name]/duplicate": {
    action: "workspace.duplicated",
    target: param("name"),
  },
  "POST /v2/workspaces/export": { action: "archive.exported" },
  "POST /v2/workspaces/[id]/versions/[name]/export": { action: "archive.exported", target: param("name") },
  "GET /v2/workspaces/[id]/versions/[name]/export": { action: "archive.exported", target: param("name") },
  "GET /v2/workspaces/[id]/export": { action: "archive.exported" },
  "POST /v2/workspaces/[id]/customDomains": {
    action: "domain.claimed",
    target: (_params, body) => body.domain,
  },
  "DELETE /v2/workspaces/[id]/customDomains/[domain]": { action: "domain.given-up", target: param("domain") },
  "DELETE /v2/workspaces/[id]/sources/[...path]": { action: "file.deleted", target: pathOf },
  "DELETE /v2/apps/[slug]": { action: "app.unpublished", target: param("slug") },
  "POST /v2/apps": { action: "app.published", target: (_params, body) => body.slug },
  "POST /v2/workspaces/[id]/versions": { action: "version.pushed", target: named, details: repository },
  "POST /v2/workspaces/[id]/push": { action: "version.pushed", target: named, details: repository },
  "POST /v2/workspaces/[id]/pull": { action: "version.pulled", details: pulled },
  "POST /v2/workspaces/[id]/versions/[name]/pull": {
    action: "version.pulled",
    target: param("name"),
    details: pulled,
  },
  "PUT /v2/workspaces/[id]/config": { action: "config.updated", details: configured },
  "PATCH /v2/workspaces/[id]/config": { action: "config.updated", details: configured },
  "PUT /v2/workspaces/[id]/blocks": { action: "blocks.updated", details: names },
  "PATCH /v2/workspaces/[id]/blocks": { action: "blocks.updated", details: names },
  ...partsOf("automations", "automation"),
  ...partsOf("pages", "page"),
  "POST /v2/workspaces/[id]/apps": { action: "appInstance.installed", target: slugOrName },
  "PATCH /v2/workspaces/[id]/apps/[slug]": {
    action: "appInstance.updated",
    target: param("slug"),
    details: fields,
  },
  "DELETE /v2/workspaces/[id]/apps/[slug]": { action: "appInstance.uninstalled", target: param("slug") },
  "PUT /v2/workspaces/[id]/apps/[slug]/config": {
    action: "appInstance.configured",
    target: param("slug"),
    details: names,
  },
  "PATCH /v2/workspaces/[id]/apps/[slug]/config": {
    action: "appInstance.configured",
    target: param("slug"),
    details: names,
  },
  "POST /v2/workspaces/[id]/repositories/[repositoryId]/test": {
    action: "repository.tested",
    target: param("repositoryId"),
  },
  "POST /v2/workspaces/[id]/events": { action: "events.emitted" },
};

/** Routes that write nothing, or write their entry where it happens, and so are not in the table. */
export const NOT_AUDITED: Readonly<Record<string, string>> = {
  "POST /v2/signin": "written where it happens, with the reason",
  "POST /v2/signin/link": "written where it happens, with the reason",
  "POST /v2/workspaces/[id]/search": "reads only",
  "POST /v2/workspaces/[id]/customDomains/[domain]/check": "asks name servers and keeps what they say",
};
