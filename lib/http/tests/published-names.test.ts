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
  ["POST", "/workspaces/{id}/writeLock", { reason: "audit" }, ["lockedAt", "lockedBy", "reason"]],
  ["DELETE", "/workspaces/{id}/writeLock", undefined, []],
  ["POST", "/apps", { workspaceId: "{id}", slug: "shop" }, ["workspaceId", "slug", "name", "versions"]],
  ["GET", "/apps", undefined, ["workspaceId", "slug", "name"]],
  ["GET", "/operations", undefined, ["id", "kind", "state", "workspaceId", "errors"]],
  ["GET", "/me", undefined, ["id", "email", "firstName", "lastName"]],
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
