import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { aForm, aZip } from "@/lib/testing/zip/zip";

let instance: TestInstance;
beforeAll(async () => {
  instance = await startEngine();
});
afterAll(() => instance.close());

const SCHEMA = `config:
  schema:
    apiMode: { type: string, enum: [internal, external] }
  value:
    apiMode: `;
const index = (name: string, mode: string) => `name: ${name}\nslug: ${name}\n${SCHEMA}${mode}\n`;

async function create(name: string, token?: string): Promise<string> {
  const made = await instance.call("POST", "/v2/workspaces", { json: { name }, ...(token ? { token } : {}) });
  return (made.body as { id: string }).id;
}

const put = (id: string, text: string) =>
  instance.call("PUT", `/v2/workspaces/${id}/sources/index.yml`, { text });

test("A configuration written as text is held against its schema as one sent to …/config is", async () => {
  const id = await create("text");
  const refused = await put(id, index("text", "sideways"));
  expect([refused.status, refused.body]).toMatchObject([
    400,
    { error: "InvalidRequest", details: { issues: [{ path: "config.value.apiMode" }] } },
  ]);
  const files = { "index.yml": index("text", "sideways") };
  const many = await instance.call("PATCH", `/v2/workspaces/${id}/sources`, { json: { files } });
  expect(many.status).toBe(400);
  expect((await put(id, index("text", "internal"))).status).toBe(200);
  const json = { value: { apiMode: "sideways" } };
  expect((await instance.call("PATCH", `/v2/workspaces/${id}/config`, { json })).status).toBe(400);
  const config = { schema: { apiMode: { type: "string", enum: ["internal"] } }, ...json };
  expect((await instance.call("PATCH", `/v2/workspaces/${id}`, { json: { config } })).status).toBe(400);
});

test("What an app expects is told only to those who may read it", async () => {
  const app = await create("gateway");
  await put(app, index("gateway", "internal"));
  await instance.call("POST", "/v2/apps", { json: { workspaceId: app, slug: "gateway" } });
  const json = { appSlug: "gateway", slug: "Gate", config: { apiMode: "sideways" } };
  const reader = await instance.user({ role: "viewer", workspaceId: app });
  const stranger = await instance.user();
  const install = async (token: string) =>
    instance.call("POST", `/v2/workspaces/${await create("mine", token)}/apps`, { token, json });
  const told = await install(reader.token);
  expect([told.status, told.text.includes("apiMode")]).toEqual([400, true]);
  const untold = await install(stranger.token);
  expect([untold.status, untold.text.includes("external")]).toEqual([200, false]);
});

test("A workspace that was unpublished is published again under its slug only, by an import as well", async () => {
  const id = await create("seller");
  const publish = (slug: string) =>
    instance.call("POST", "/v2/apps", { json: { workspaceId: id, slug, name: "Seller" } });
  expect((await publish("seller")).status).toBe(200);
  expect((await instance.call("DELETE", "/v2/apps/seller")).status).toBe(200);
  expect((await publish("other")).status).toBe(400);
  const archive = await aZip({
    "a/index.yml": "name: seller\nslug: seller\n",
    "a/.import.yml": `workspaceId: ${id}\napp:\n  slug: other\n  name: Other\n`,
  });
  const imported = await instance.call("POST", `/v2/workspaces/${id}/import?timeout=60`, {
    form: aForm(archive),
  });
  expect(imported.body).toMatchObject({ publishedApps: [{ slug: "seller" }] });
  expect((await instance.call("GET", "/v2/apps/other")).status).toBe(404);
});

test("Whoever may do nothing on the platform is told so before they ask", async () => {
  const { token } = await instance.user();
  const asked = async (bearer?: string) =>
    (await instance.call("GET", "/v2/me", bearer ? { token: bearer } : {})).body;
  expect(await asked(token)).toMatchObject({ platformPermissions: [] });
  expect(await asked()).toMatchObject({ platformPermissions: expect.arrayContaining(["read"]) as unknown });
});
