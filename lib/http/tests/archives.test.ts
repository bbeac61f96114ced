import { closeSync, openSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readZip } from "@/lib/archive/zip/read-zip";
import { startEngine, type Answer, type Call, type TestInstance } from "@/lib/testing/engine";
import { rawZip } from "@/lib/testing/zip/raw-zip";
import { readStream } from "@/lib/testing/sse";
import { aForm, aZip } from "@/lib/testing/zip/zip";

const error = (code: string) => expect.objectContaining({ error: code }) as unknown;
const LIMITS = { fileBytes: 2 ** 20, inflatedBytes: 2 ** 26, entries: 10_000 };

let instance: TestInstance;
beforeAll(async () => {
  instance = await startEngine({
    env: {
      SWITCHYARD_LIMIT_ARCHIVE_BYTES: "200000",
      SWITCHYARD_LIMIT_ARCHIVE_INFLATED_BYTES: "3000000",
      WORKSPACES_GROUP_base_LABELS: "group:base",
    },
  });
});
afterAll(() => instance.close());

let count = 0;
let id = "";
let slug = "";
beforeEach(async () => {
  const created = await instance.call("POST", "/v2/workspaces", {
    json: { name: `Shop ${String(++count)}` },
  });
  ({ id, slug } = created.body as { id: string; slug: string });
});

/** Every entry of an archive with its text. */
async function unzip(archive: Buffer): Promise<Record<string, string>> {
  const path = join(instance.dataDir, "read.zip");
  writeFileSync(path, archive);
  const fd = openSync(path, "r");
  try {
    const { files, read } = await readZip(fd, LIMITS);
    const blobs = await read(files.map(({ oid }) => oid));
    return Object.fromEntries(
      files.map((file) => [file.path, Buffer.from(blobs.get(file.oid) ?? []).toString("utf8")]),
    );
  } finally {
    closeSync(fd);
    rmSync(path);
  }
}

async function exported(method: string, path: string, json?: unknown): Promise<Record<string, string>> {
  const response = await instance.request(method, path, json === undefined ? {} : { json });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/zip"]);
  return unzip(Buffer.from(await response.arrayBuffer()));
}

const upload = (path: string, archive: Uint8Array, call: Call = {}): Promise<Answer> =>
  instance.call("POST", path, { form: aForm(archive), ...call });
const importInto = (files: Record<string, string | Uint8Array>, query = "") =>
  aZip(files).then((archive) => upload(`/v2/workspaces/${id}/import${query}`, archive));
const edit = (files: Record<string, string | null>) =>
  instance.call("PATCH", `/v2/workspaces/${id}/sources`, { json: { files } });
const sources = async (workspaceId = id) => {
  const { body } = await instance.call("GET", `/v2/workspaces/${workspaceId}/sources`);
  return (body as { files: { path: string }[] }).files.map(({ path }) => path);
};
const read = async (path: string) =>
  (await instance.call("GET", `/v2/workspaces/${id}/sources/${path}`)).text;
const events = async (type: string, workspaceId = id) => {
  const { body } = await instance.call("GET", `/v2/workspaces/${workspaceId}/events?type=${type}`);
  return (body as { result: { events: { payload: Record<string, unknown> }[] } }).result.events;
};

test("An export has one top folder `current` with every file and .import.yml", async () => {
  await edit({
    "automations/Hello World.yml": "slug: hello # kept\r\n",
    "imports/Mail.yml": "appSlug: mail\n",
  });
  const files = await exported("GET", `/v2/workspaces/${id}/export`);
  expect(Object.keys(files).sort()).toEqual([
    "current/.import.yml",
    "current/automations/Hello World.yml",
    "current/imports/Mail.yml",
    "current/index.yml",
    "current/security.yml",
  ]);
  expect(files["current/automations/Hello World.yml"]).toBe("slug: hello # kept\r\n");
  const manifest = files["current/.import.yml"] ?? "";
  expect(manifest).toContain(`workspaceId: ${id}`);
  expect(manifest).toMatch(/app\/mail/);
  expect(manifest).toMatch(/Hello World: "?sha256:/);
  expect(await exported("POST", `/v2/workspaces/slug:${slug}/versions/current/export`)).toMatchObject({
    "current/index.yml": files["current/index.yml"],
  });
});

test("A version is exported as it was, under its name", async () => {
  await edit({ "pages/home.yml": "slug: before\n" });
  await instance.call("POST", `/v2/workspaces/${id}/versions`, { json: { name: "v1" } });
  await edit({ "pages/home.yml": "slug: after\n" });
  const files = await exported("POST", `/v2/workspaces/${id}/versions/v1/export`);
  expect(files["v1/pages/home.yml"]).toBe("slug: before\n");
  expect(files["v1/.import.yml"]).toMatch(/name: "?v1/);
  const copy = await instance.call("POST", `/v2/workspaces/${id}/versions/v1/duplicate`, {
    json: { name: "Copied" },
  });
  expect([copy.status, copy.body]).toMatchObject([200, { name: "Copied", labels: [], dirty: true }]);
  const { id: copied } = copy.body as { id: string };
  const copiedFiles = await exported("GET", `/v2/workspaces/${copied}/export`);
  expect(copiedFiles["current/pages/home.yml"]).toBe("slug: before\n");
  expect(copiedFiles["current/index.yml"]).toContain(`id: ${copied}`);
  expect(await events("workspaces.duplicated")).toMatchObject([
    { payload: { workspace: { id: copied }, from: { id, version: "v1" } } },
  ]);
  const missing = await instance.call("POST", `/v2/workspaces/${id}/versions/v2/export`);
  expect([missing.status, missing.body]).toEqual([404, error("NotFound")]);
});

test("An import adds and replaces, deletes nothing without prune, and answers what it did", async () => {
  await edit({ "pages/old.yml": "slug: old\n", "pages/same.yml": "slug: same\n" });
  const index = await read("index.yml");
  const files = {
    "any/index.yml": index,
    "any/pages/new.yml": "slug: new\n",
    "any/pages/same.yaml": "slug: same2\n",
  };
  const added = await importInto(files);
  expect([added.status, added.body]).toMatchObject([
    200,
    {
      imported: ["pages/new.yml", "pages/same.yaml"],
      deleted: ["pages/same.yml"],
      errors: [],
      workspace: { id, slug },
      createdWorkspaceIds: [],
      updatedWorkspaceIds: [id],
      publishedApps: [],
      snapshot: { name: expect.stringMatching(/^before\./) as unknown },
    },
  ]);
  expect(added.headers.get("x-operation-id")).toBeTruthy();
  expect(await sources()).toEqual([
    "index.yml",
    "pages/new.yml",
    "pages/old.yml",
    "pages/same.yaml",
    "security.yml",
  ]);

  const pruned = await importInto(
    { "any/index.yml": index, "any/pages/new.yml": "slug: new\n" },
    "?prune=true",
  );
  expect(pruned.body).toMatchObject({ imported: [], deleted: ["pages/old.yml", "pages/same.yaml"] });
  expect(await sources()).toEqual(["index.yml", "pages/new.yml", "security.yml"]);
  const [last, first] = await events("workspaces.imported");
  expect(last?.payload).toMatchObject({ files: [], deleted: ["pages/old.yml", "pages/same.yaml"] });
  expect(first?.payload).toMatchObject({
    files: ["pages/new.yml", "pages/same.yaml"],
    version: { name: "current", repository: { id: "archive" } },
    errors: [],
  });
});

test("What an export gave is imported again without a change, and the snapshot of an import can be restored", async () => {
  await edit({ "pages/home.yml": "slug: here\n" });
  const before = await exported("GET", `/v2/workspaces/${id}/export`);
  const again = await importInto(before, "?prune=true");
  expect(again.body).toMatchObject({ imported: [], deleted: [], errors: [] });
  expect(again.body).not.toHaveProperty("snapshot");
  const changed = await importInto({ ...before, "current/pages/home.yml": "slug: there\n" });
  const { snapshot } = changed.body as { snapshot: { name: string } };
  await instance.call("POST", `/v2/workspaces/${id}/versions/${snapshot.name}/rollback?timeout=60`, {
    json: {},
  });
  expect(await read("pages/home.yml")).toBe("slug: here\n");
});

test("Files that pull.exclude of an archive repository names keep their content", async () => {
  const index = `${await read("index.yml")}repositories:\n  zips:\n    type: archive\n    pull:\n      exclude:\n        - path: pages/mine\n        - path: index\n`;
  expect((await edit({ "index.yml": index, "pages/mine.yml": "slug: mine\n" })).status).toBe(200);
  const answer = await importInto(
    {
      "a/index.yml": "name: Theirs\nslug: theirs\n",
      "a/pages/mine.yml": "slug: theirs\n",
      "a/pages/x.yml": "slug: x\n",
    },
    "?prune=true",
  );
  expect(answer.body).toMatchObject({
    imported: ["pages/x.yml"],
    deleted: [],
    excluded: ["index", "pages/mine.yml"],
    version: { repository: { id: "zips" } },
    workspace: { slug },
  });
  expect(await read("pages/mine.yml")).toBe("slug: mine\n");
});

test("An import with one unreadable file changes nothing and leaves no lock", async () => {
  const answer = await importInto({ "a/index.yml": "name: New\n", "a/pages/bad.yml": "a: 1\na: 2\n" });
  expect([answer.status, answer.body]).toEqual([422, error("UnreadableContent")]);
  expect((answer.body as { details: unknown }).details).toMatchObject({ path: "pages/bad.yml", line: 2 });
  const detail = await instance.call("GET", `/v2/workspaces/${id}`);
  expect(detail.body).toMatchObject({ name: expect.stringMatching(/^Shop/) as unknown });
  expect(detail.body).not.toHaveProperty("writeLock");
});

test("A locked workspace refuses an import with 423; one that runs holds the lock import_in_progress", async () => {
  await instance.call("POST", `/v2/workspaces/${id}/writeLock`, { json: { reason: "audit" } });
  const refused = await importInto({ "a/index.yml": "name: New\n" });
  expect([refused.status, refused.body]).toEqual([423, error("WorkspaceLocked")]);
  await instance.call("DELETE", `/v2/workspaces/${id}/writeLock`);
  const running = await importInto({ "a/index.yml": "name: New\n" }, "?timeout=0");
  expect([running.status, running.body]).toEqual([200, { processing: true }]);
  const operation = running.headers.get("x-operation-id") ?? "";
  const messages = await readStream(await instance.request("GET", `/v2/operations/${operation}?sse=true`));
  expect(messages.at(-1)).toMatchObject({ data: { kind: "import", status: "succeeded", errors: [] } });
});

test("Uploads that are too large, hostile, no zip, or in the wrong field are refused in words", async () => {
  const path = `/v2/workspaces/${id}/import`;
  const large = await upload(path, rawZip([{ name: "a", method: 0, content: Buffer.alloc(250_000) }]));
  expect([large.status, large.body]).toEqual([413, error("TooLarge")]);
  const bomb = Array.from({ length: 4 }, (_, n) => ({
    name: `f${String(n)}`,
    content: Buffer.alloc(1_000_000),
  }));
  expect((await upload(path, rawZip(bomb))).status).toBe(413);
  const slip = await upload(path, rawZip([{ name: "index.yml" }, { name: "../x.yml" }]));
  expect([slip.status, slip.body]).toMatchObject([422, { details: { path: "../x.yml" } }]);
  expect((await upload(path, Buffer.from("no zip"))).status).toBe(422);
  const archive = await aZip({ "index.yml": "name: a\n" });
  const wrong = await instance.call("POST", path, { form: aForm(archive, "file") });
  expect([wrong.status, wrong.body]).toEqual([400, error("InvalidRequest")]);
  const json = await instance.call("POST", path, { json: {} });
  expect([json.status, json.body]).toEqual([400, error("InvalidRequest")]);
  const extra = aForm(archive);
  extra.append("colour", "red");
  expect((await instance.call("POST", path, { form: extra })).body).toMatchObject({
    error: "InvalidRequest",
    details: { keys: ["colour"] },
  });
  const none = await upload(path, await aZip({ "pages/a.yml": "slug: a\n" }));
  expect([none.status, none.body]).toEqual([422, error("UnreadableContent")]);
});

test("An archive becomes a new workspace of whoever uploads it: its id kept where free, a used slug numbered", async () => {
  const user = await instance.user();
  const files = {
    "x/index.yml": `id: Keep${String(count)}x\nname: Kept\nslug: kept-${String(count)}\ncustomDomains: [kept.example]\n`,
  };
  const archive = await aZip(files);
  const first = await upload("/v2/workspaces/import", archive, { token: user.token });
  expect([first.status, first.body]).toMatchObject([
    200,
    {
      imported: ["index"],
      workspace: { id: `Keep${String(count)}x`, slug: `kept-${String(count)}`, createdBy: user.id },
      createdWorkspaceIds: [`Keep${String(count)}x`],
      updatedWorkspaceIds: [],
    },
  ]);
  expect(await instance.engine.store.workspaces.get(`Keep${String(count)}x`)).toMatchObject({
    customDomains: [],
  });
  const own = await instance.call("GET", `/v2/workspaces/Keep${String(count)}x`, { token: user.token });
  expect(own.body).toMatchObject({ permissions: expect.arrayContaining(["manage", "delete"]) as unknown });
  const operation = first.headers.get("x-operation-id") ?? "";
  expect((await instance.call("GET", `/v2/operations/${operation}`, { token: user.token })).status).toBe(200);

  const second = await upload("/v2/workspaces/import", archive, { token: user.token });
  expect(second.body).toMatchObject({
    workspace: { slug: `kept-${String(count)}-2` },
    errors: [{ err: "SlugAlreadyInUse", conflictingWorkspaceId: `Keep${String(count)}x` }],
  });
  const reader = await instance.user({ scopes: ["read"] });
  expect((await upload("/v2/workspaces/import", archive, { token: reader.token })).status).toBe(403);
});

test("Many workspaces travel in one archive, with the apps they need, and one workspace refuses it", async () => {
  const label = `trip:${String(count)}`;
  const other = await instance.call("POST", "/v2/workspaces", { json: { name: `Mail ${String(count)}` } });
  const app = other.body as { id: string; slug: string };
  await instance.call("POST", "/v2/apps", { json: { workspaceId: app.id, slug: app.slug } });
  await instance.call("PATCH", `/v2/workspaces/${id}`, { json: { labels: [label, "group:base"] } });
  await edit({ "imports/Mail.yml": `appSlug: ${app.slug}\n` });
  const query = { workspaces: { query: { labels: label } } };
  const alone = await exported("POST", "/v2/workspaces/export", query);
  expect(Object.keys(alone).every((path) => path.startsWith(`workspaces/${slug}/`))).toBe(true);
  expect(alone[`workspaces/${slug}/.import.yml`]).toMatch(/- base/);
  const both = await exported("POST", "/v2/workspaces/export", { ...query, includeApps: true });
  expect(Object.keys(both)).toContain(`workspaces/${app.slug}/index.yml`);

  const refused = await importInto(both);
  expect([refused.status, refused.body]).toMatchObject([
    400,
    { error: "InvalidRequest", message: expect.stringContaining("/v2/workspaces/import") as unknown },
  ]);
  await edit({ "imports/Mail.yml": "appSlug: another\n" });
  await instance.call("DELETE", `/v2/workspaces/${app.id}`);
  const back = await upload("/v2/workspaces/import", await aZip(both));
  expect([back.status, back.body]).toMatchObject([
    200,
    {
      errors: [],
      createdWorkspaceIds: [app.id],
      updatedWorkspaceIds: [id],
      publishedApps: [{ workspaceId: app.id, slug: app.slug }],
      workspaces: [
        { id: app.id, slug: app.slug, status: "created" },
        { id, slug, status: "updated" },
      ],
    },
  ]);
  expect((back.body as { imported: string[] }).imported).toContain(`${slug}/imports/Mail.yml`);
  expect(
    (
      await instance.call("POST", "/v2/workspaces/export", {
        json: { workspaces: { query: { slug: "none" } } },
      })
    ).status,
  ).toBe(404);
});

test("Of an archive only the chosen workspaces are brought in; the others are named and stay as they are", async () => {
  const other = await instance.call("POST", "/v2/workspaces", { json: { name: `Left ${String(count)}` } });
  const left = other.body as { id: string; slug: string };
  const archive = await aZip({
    [`a/${slug}/index.yml`]: `name: Chosen\nslug: ${slug}\n`,
    [`a/${left.slug}/index.yml`]: "name: Overwritten\n",
    [`a/new-${slug}/index.yml`]: "name: New\n",
  });
  const answer = await upload(`/v2/workspaces/import?ids=${id},unknown`, archive);
  expect([answer.status, answer.body]).toMatchObject([
    200,
    { errors: [], createdWorkspaceIds: [], updatedWorkspaceIds: [id] },
  ]);
  const { workspaces } = answer.body as { workspaces: { slug: string; status: string }[] };
  expect(workspaces.map((one) => [one.slug, one.status])).toEqual([
    [left.slug, "skipped"],
    [`new-${slug}`, "skipped"],
    [slug, "updated"],
  ]);
  expect(await instance.engine.store.workspaces.get(left.id)).toMatchObject({
    name: `Left ${String(count)}`,
  });
  const alone = await upload(
    `/v2/workspaces/import?ids=${id}`,
    await aZip({ "current/index.yml": `id: ${id}\nname: Alone\nslug: ${slug}\n` }),
  );
  expect(alone.body).toMatchObject({ updatedWorkspaceIds: [id], createdWorkspaceIds: [] });
  const none = await upload(
    `/v2/workspaces/import?ids=${left.id}`,
    await aZip({ "a/index.yml": "name: New\n" }),
  );
  expect([none.status, none.body]).toMatchObject([
    400,
    { error: "InvalidRequest", details: { workspaces: ["a"] } },
  ]);
});

test("One workspace of many that fails is named and stops none of the others", async () => {
  const other = `fine-${String(count)}`;
  const user = await instance.user();
  const answer = await upload(
    "/v2/workspaces/import",
    await aZip({
      [`${slug}/index.yml`]: "name: Stolen\n",
      [`${other}/index.yml`]: `name: Fine\nslug: ${other}\n`,
    }),
    { token: user.token },
  );
  expect(answer.body).toMatchObject({
    errors: [{ err: "PermissionDenied", workspaceSlug: slug }],
    workspaces: [
      { slug: other, status: "created" },
      { slug, status: "error" },
    ],
  });
  expect(await instance.engine.store.workspaces.get(id)).toMatchObject({
    name: expect.stringMatching(/^Shop/) as unknown,
  });
});

test("An editor's archive changes neither security nor repositories, nor publishes an app, and the result says so", async () => {
  const editor = await instance.user({ role: "editor", workspaceId: id });
  const archive = await aZip({
    "a/index.yml":
      "name: Edited\nrepositories:\n  evil:\n    type: git\n    config:\n      url: https://evil.example/x.git\n",
    "a/security.yml": "authorizations: {}\n",
    "a/.import.yml": `workspaceId: ${id}\napp:\n  slug: hijack-${String(count)}\n`,
  });
  const answer = await upload(`/v2/workspaces/${id}/import`, archive, { token: editor.token });
  expect(answer.body).toMatchObject({ imported: ["index"], publishedApps: [] });
  const { errors } = answer.body as { errors: { err: string }[] };
  expect(errors.map(({ err }) => err)).toEqual(["PermissionDenied", "PermissionDenied", "PermissionDenied"]);
  const viewer = await instance.user({ role: "viewer", workspaceId: id });
  expect((await upload(`/v2/workspaces/${id}/import`, archive, { token: viewer.token })).status).toBe(403);
  expect((await instance.call("GET", `/v2/workspaces/${id}/export`, { token: viewer.token })).status).toBe(
    200,
  );
});
