import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { aForm } from "@/lib/testing/zip/zip";

let instance: TestInstance;
let id = "";
beforeAll(async () => {
  instance = await startEngine();
  const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop", labels: ["a:b"] } });
  ({ id } = created.body as { id: string });
  const files = {
    "automations/a.yml": "slug: a\n",
    "pages/p.yml": "slug: p\n",
    "imports/M.yml": "appSlug: m\n",
  };
  await instance.call("PATCH", `/v2/workspaces/${id}/sources`, { json: { files } });
});
afterAll(() => instance.close());

const fieldsOf = (value: unknown) => Object.keys((Array.isArray(value) ? value[0] : value) as object);

// What clients of the published API read, by request.
const PUBLISHED: [method: string, path: string, json: unknown, fields: string[]][] = [
  [
    "GET",
    "/workspaces",
    undefined,
    ["id", "name", "slug", "labels", "dirty", "createdAt", "createdBy", "updatedAt", "updatedBy"],
  ],
  ["GET", "/workspaces/{id}", undefined, ["id", "automations", "pages", "imports", "platformRepositories"]],
  ["GET", "/workspaces/{id}/sources", undefined, ["tree", "revision", "files"]],
  ["GET", "/workspaces/{id}/automations", undefined, ["slug"]],
  ["GET", "/workspaces/{id}/pages", undefined, ["slug"]],
  ["GET", "/workspaces/{id}/apps", undefined, ["slug", "appSlug", "automations", "blocks", "events"]],
  ["POST", "/workspaces/{id}/versions?timeout=60", { name: "v1" }, ["name", "createdAt", "repository"]],
  ["GET", "/workspaces/{id}/versions", undefined, ["name", "createdAt", "repository"]],
  [
    "POST",
    "/workspaces/{id}/versions/v1/rollback?timeout=60",
    {},
    ["imported", "deleted", "errors", "workspace", "version", "snapshot"],
  ],
  ["POST", "/workspaces/{id}/pull?timeout=60", {}, ["imported", "deleted", "errors", "workspace", "version"]],
  ["POST", "/workspaces/{id}/events", [{ type: "x.y" }], ["id", "type", "createdAt", "payload", "source"]],
  ["GET", "/workspaces/{id}/events", undefined, ["result"]],
  ["POST", "/workspaces/{id}/search", {}, ["size", "documents"]],
  [
    "POST",
    "/workspaces/{id}/writeLock",
    { reason: "audit" },
    ["lockedAt", "lockedBy", "reason", "writeLock"],
  ],
  ["DELETE", "/workspaces/{id}/writeLock", undefined, []],
  ["POST", "/apps", { workspaceId: "{id}", slug: "shop" }, ["workspaceId", "slug", "name", "versions"]],
  ["GET", "/apps", undefined, ["workspaceId", "slug", "name"]],
  ["GET", "/operations", undefined, ["id", "kind", "state", "workspaceId", "errors"]],
  ["GET", "/me", undefined, ["id", "email", "firstName", "lastName", "sessionId", "expires"]],
  [
    "GET",
    "/workspaces/{id}/status",
    undefined,
    ["errors", "automations", "pages", "imports", "changes", "checksums"],
  ],
  ["GET", "/workspaces/{id}/security/roles", undefined, ["name", "description"]],
  ["GET", "/readiness", undefined, ["status", "services"]],
  ["DELETE", "/workspaces/{id}/versions/v1", undefined, ["id", "name"]],
  ["DELETE", "/workspaces/{id}/apps/M", undefined, ["id"]],
  ["GET", "/workspaces/nowhere", undefined, ["error", "message", "details"]],
];

test.each(PUBLISHED)("%s %s answers under the published names", async (method, path, json, fields) => {
  const body: unknown = json && JSON.parse(JSON.stringify(json).replaceAll("{id}", id));
  const answer = await instance.call(
    method,
    `/v2${path.replace("{id}", id)}`,
    body === undefined ? {} : { json: body },
  );
  expect([200, ...(path.endsWith("nowhere") ? [404] : [])]).toContain(answer.status);
  expect(fields.length === 0 ? [] : fieldsOf(answer.body)).toEqual(expect.arrayContaining(fields));
});

test("An archive's import answers under the published names", async () => {
  const exported = await instance.request("GET", `/v2/workspaces/${id}/export`);
  const form = aForm(Buffer.from(await exported.arrayBuffer()));
  const answer = await instance.call("POST", `/v2/workspaces/${id}/import?prune=true`, { form });
  expect(fieldsOf(answer.body)).toEqual(
    expect.arrayContaining([
      "imported",
      "deleted",
      "errors",
      "workspace",
      "createdWorkspaceIds",
      "updatedWorkspaceIds",
      "publishedApps",
    ]),
  );
});

test("A lock set by hand is answered as the lock itself and as writeLock", async () => {
  const { body } = await instance.call("POST", `/v2/workspaces/${id}/writeLock`, {
    json: { reason: "audit" },
  });
  const { writeLock, ...lock } = body as { writeLock: object };
  expect(writeLock).toEqual(lock);
  expect(lock).toMatchObject({ reason: "audit" });
  await instance.call("DELETE", `/v2/workspaces/${id}/writeLock`);
});

test("What was deleted is named: a secret, a permission, a version, an app instance", async () => {
  const path = `/v2/workspaces/${id}`;
  await instance.call("PATCH", `${path}/security/secrets`, { json: { key: { value: "s3cr3t-of-ours" } } });
  expect((await instance.call("DELETE", `${path}/security/secrets/key`)).body).toEqual({
    name: "key",
    secretName: "key",
  });
  const { id: userId } = await instance.user();
  await instance.call("POST", `${path}/permissions`, {
    json: { target: { id: userId }, permissions: { role: "viewer" } },
  });
  expect((await instance.call("DELETE", `${path}/permissions/${userId}`)).body).toMatchObject({ id: userId });
});

test("A token is told as a session: its id, and when it ends, which may be never", async () => {
  const { id: tokenId, token } = (
    await instance.call("POST", "/v2/user/accessTokens", { json: { name: "ci" } })
  ).body as { id: string; token: string };
  const { body } = await instance.call("GET", "/v2/me", { token });
  expect(body).toMatchObject({ sessionId: tokenId, expires: "9999-12-31T23:59:59.999Z" });
});

test("Status names each change by type and slug, with both checksums, and lists what cannot be read", async () => {
  const path = `/v2/workspaces/${id}`;
  await instance.call("POST", `${path}/versions?timeout=60`, { json: { name: "v3" } });
  const write = (files: Record<string, string | null>) =>
    instance.call("PATCH", `${path}/sources`, { json: { files } });
  expect((await write({ "pages/p.yml": "slug: p\nname: P\n", "automations/a.yml": null })).status).toBe(200);
  const { body } = await instance.call("GET", `${path}/status`);
  const { changes, automations, pages, errors } = body as Record<string, unknown>;
  const sha = expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as unknown;
  expect({ automations, pages, errors }).toEqual({ automations: {}, pages: { p: sha }, errors: [] });
  expect(changes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: "pages", slug: "p", currentChecksum: sha, path: "pages/p.yml" }),
    ]),
  );
});

test("App instances name the arguments of each automation, also of one that takes none", async () => {
  const app = await instance.call("POST", "/v2/workspaces", { json: { name: "Mailer" } });
  const { id: workspaceId } = app.body as { id: string };
  const post = (to: string, json: unknown) => instance.call("POST", to, { json });
  await post(`/v2/workspaces/${workspaceId}/automations`, { slug: "send", name: "Send", do: [] });
  await post("/v2/apps", { workspaceId, slug: "mailer" });
  const installed = await post(`/v2/workspaces/${id}/apps`, { appSlug: "mailer", slug: "Post" });
  expect(installed.body).toMatchObject({ automations: [{ slug: "send", arguments: {} }] });
  const detail = await instance.call("GET", `/v2/workspaces/${id}`);
  expect(detail.body).toMatchObject({ imports: { Post: { automations: [{ arguments: {} }] } } });
});

test("An app says how its instances are configured, and an instance the name of its app", async () => {
  const call = async (method: string, path: string, json?: unknown) => {
    const { status, body } = await instance.call(method, `/v2${path}`, json === undefined ? {} : { json });
    expect([path, status, status === 200 ? "" : body]).toEqual([path, 200, ""]);
    return body as Record<string, unknown>;
  };
  const { id: workspaceId } = await call("POST", "/workspaces", { name: "Maps" });
  await call("POST", "/apps", { workspaceId, slug: "maps", name: "Maps" });
  expect(await call("GET", "/apps/maps")).not.toHaveProperty("config");
  const schema = { key: { type: "string" } };
  await call("PATCH", `/workspaces/${String(workspaceId)}/config`, { schema });
  expect(await call("GET", "/apps/maps")).toMatchObject({ config: { schema } });
  const apps = `/workspaces/${id}/apps`;
  const installed = await call("POST", apps, { appSlug: "maps", slug: "Map", labels: ["geo"] });
  expect(installed).toMatchObject({ appName: "Maps", labels: ["geo"] });
  // A client may send back what it was given; the app's name is no field of the file.
  await call("PATCH", `${apps}/Map`, { ...installed, labels: ["geo", "new"] });
  const source = await instance.request("GET", `/v2/workspaces/${id}/sources/imports/Map.yml`);
  expect(await source.text()).toBe("appSlug: maps\nslug: Map\nlabels:\n  - geo\n  - new\n");
  await instance.call("PATCH", `/v2/workspaces/${id}/sources`, {
    json: { files: { "imports/Odd.yml": "appSlug: elsewhere\nappName: [1]\nlabels: 5\n" } },
  });
  expect(await call("GET", `${apps}/Odd`)).toMatchObject({ slug: "Odd", labels: 5 });
});

test("A workspace's description is text, or texts by language", async () => {
  const description = { en: "Sells", fr: "Vend" };
  const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Two", description } });
  expect(created.body).toMatchObject({ description });
  const path = `/v2/workspaces/${(created.body as { id: string }).id}`;
  await instance.call("PATCH", path, { json: { description: { en: "Sells", fr: "Vend tout" } } });
  const source = await instance.request("GET", `${path}/sources/index.yml`);
  expect(await source.text()).toContain("description:\n  en: Sells\n  fr: Vend tout\n");
  expect((await instance.call("GET", path)).body).toMatchObject({ description: { fr: "Vend tout" } });
});

test("The roles of a workspace are those of every workspace and those of its security.yml", async () => {
  const roles = { ops: { description: "Runs it" }, editor: {}, guest: {} };
  await instance.call("PATCH", `/v2/workspaces/${id}/security`, { json: { authorizations: { roles } } });
  const { body } = await instance.call("GET", `/v2/workspaces/${id}/security/roles`);
  expect(body).toMatchObject([
    { name: "owner" },
    { name: "editor" },
    { name: "viewer" },
    { name: "ops", description: "Runs it" },
    { name: "guest", description: "" },
  ]);
});
