import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from "vitest";
import { BulkImportSummary, BulkPushSummary } from "@/lib/domain/bulk";
import { startEngine, type Answer, type TestInstance } from "@/lib/testing/engine";
import { gitServer, type GitServer, type TestRepository } from "@/lib/testing/git/git-server";
import { readStream } from "@/lib/testing/sse";

const error = (code: string) => expect.objectContaining({ error: code }) as unknown;

let server: GitServer;
let instance: TestInstance;
let remote: TestRepository;

beforeAll(async () => {
  server = await gitServer({ user: "switch", password: "yard-password" });
});
afterAll(() => server.close());

let count = 0;
beforeEach(async () => {
  server.mood = "up";
  remote = await server.repository(`fleet-${String(++count)}`);
  const prefix = "WORKSPACES_STORAGE_GIT_PLATFORM_fleet_";
  instance = await startEngine({
    env: {
      [`${prefix}URL`]: remote.url,
      [`${prefix}DIRPATH`]: "workspaces",
      [`${prefix}AUTH_USER`]: "switch",
      [`${prefix}AUTH_PASSWORD`]: "yard-password",
      WORKSPACES_STORAGE_GIT_PLATFORM_mirror_URL: remote.url,
      WORKSPACES_STORAGE_GIT_PLATFORM_mirror_MODE: "read-only",
      WORKSPACES_STORAGE_GIT_PLATFORM_mirror_DIRPATH: "workspaces",
      WORKSPACES_STORAGE_GIT_PLATFORM_mirror_AUTH_USER: "switch",
      WORKSPACES_STORAGE_GIT_PLATFORM_mirror_AUTH_PASSWORD: "yard-password",
      WORKSPACES_STORAGE_GIT_PLATFORM_wrong_URL: remote.url,
      WORKSPACES_STORAGE_GIT_PLATFORM_wrong_AUTH_USER: "switch",
      WORKSPACES_STORAGE_GIT_PLATFORM_wrong_AUTH_PASSWORD: "not-the-password",
      WORKSPACES_GROUP_base_LABELS: "group:base",
      WORKSPACES_GROUP_more_LABELS: "group:more",
    },
  });
});
afterEach(() => instance.close());

async function aWorkspace(
  name: string,
  labels: string[] = [],
  files: Record<string, string> = {},
): Promise<string> {
  const created = await instance.call("POST", "/v2/workspaces", { json: { name, labels } });
  const { id } = created.body as { id: string };
  if (Object.keys(files).length > 0)
    await instance.call("PATCH", `/v2/workspaces/${id}/sources`, { json: { files } });
  return id;
}

const post = (path: string, json: unknown = {}): Promise<Answer> => instance.call("POST", path, { json });
const push = (id: string, body: object = {}) =>
  post(`/v2/workspaces/${id}/versions?timeout=60`, { repository: { id: "fleet" }, ...body });
const pull = (id: string, body: object = {}) =>
  post(`/v2/workspaces/${id}/versions/latest/pull?timeout=60`, { repository: { id: "fleet" }, ...body });
const read = async (id: string, path: string) =>
  (await instance.call("GET", `/v2/workspaces/${id}/sources/${path}`)).text;

test("A push answers the version, and the remote holds it; the workspace is clean afterwards", async () => {
  const id = await aWorkspace("Shop", [], { "pages/home.yml": "slug: home\n" });
  const pushed = await push(id, { name: "v1", description: "First" });
  expect([pushed.status, pushed.body]).toMatchObject([
    200,
    { name: "v1", description: "First", repository: { id: "fleet" }, commit: expect.any(String) as unknown },
  ]);
  expect(pushed.headers.get("x-operation-id")).toBeTruthy();
  expect(await remote.read("main", "workspaces/shop/pages/home.yml")).toBe("slug: home\n");
  const detail = await instance.call("GET", `/v2/workspaces/${id}`);
  expect(detail.body).toMatchObject({ dirty: false, syncStatus: "synced", lastPush: { version: "v1" } });
  const versions = await instance.call("GET", `/v2/workspaces/${id}/versions`);
  expect(versions.body).toMatchObject([{ name: "v1", repository: { id: "fleet" } }]);
  expect((await push(id, { name: "v1" })).body).toEqual(error("VersionAlreadyExists"));
});

test("A push that does not end in time answers processing, and its operation can be asked for", async () => {
  const id = await aWorkspace("Slow");
  const started = await post(`/v2/workspaces/${id}/push?timeout=0`, { repository: { id: "fleet" } });
  expect([started.status, started.body]).toEqual([200, { processing: true }]);
  const operationId = started.headers.get("x-operation-id") ?? "";
  const messages = await readStream(await instance.request("GET", `/v2/operations/${operationId}?sse=true`));
  expect(messages.at(-1)).toMatchObject({
    event: "operation.completed",
    data: { status: "succeeded", errors: [] },
  });
  const operation = await instance.call("GET", `/v2/operations/${operationId}`);
  expect(operation.body).toMatchObject({
    id: operationId,
    kind: "push",
    state: "done",
    outcome: "succeeded",
  });
  const listed = await instance.call("GET", `/v2/operations?workspaceId=${id}`);
  expect(listed.body).toMatchObject([{ id: operationId }]);
  expect((await post(`/v2/operations/${operationId}/cancel`)).status).toBe(400);
});

test("A push behind the remote is refused with 409 and the number of commits, changing nothing", async () => {
  const id = await aWorkspace("Shop");
  await push(id);
  await remote.commit({ "workspaces/shop/pages/git.yml": "slug: git\n" });
  await instance.call("PUT", `/v2/workspaces/${id}/sources/pages/here.yml`, { text: "slug: here\n" });
  const refused = await push(id);
  expect([refused.status, refused.body]).toMatchObject([
    409,
    { error: "RemoteAhead", details: { behind: 1 } },
  ]);
  expect(refused.headers.get("x-operation-id")).toBeTruthy();

  const pulled = await pull(id);
  expect([pulled.status, pulled.body]).toMatchObject([
    200,
    { imported: ["pages/git.yml"], deleted: [], errors: [], workspace: { id, slug: "shop" } },
  ]);
  expect(await read(id, "pages/git.yml")).toBe("slug: git\n");
  expect((await push(id)).status).toBe(200);
  expect(await remote.read("main", "workspaces/shop/pages/here.yml")).toBe("slug: here\n");
});

test("A conflict is 409 with both branches and the files, locks the workspace, and can be left by discarding", async () => {
  const id = await aWorkspace("Shop", [], { "pages/home.yml": "slug: home\nname: base\n" });
  await push(id);
  await remote.commit({ "workspaces/shop/pages/home.yml": "slug: home\nname: theirs\n" });
  await instance.call("PUT", `/v2/workspaces/${id}/sources/pages/home.yml`, {
    text: "slug: home\nname: ours\n",
  });

  const view = await instance.call("GET", `/v2/workspaces/${id}/sync?repository=fleet&check=true`);
  expect(view.body).toMatchObject({
    status: "conflict",
    changes: [{ path: "pages/home.yml", kind: "modified" }],
    updates: [{ path: "pages/home.yml", kind: "modified" }],
    conflicts: [{ path: "pages/home.yml", kind: "content" }],
    behind: 1,
  });
  const side = (name: string) =>
    instance.call("GET", `/v2/workspaces/${id}/sync/file?repository=fleet&path=pages/home.yml&side=${name}`);
  expect((await side("changes")).body).toMatchObject({
    before: "slug: home\nname: base\n",
    after: "slug: home\nname: ours\n",
  });
  expect((await side("updates")).body).toMatchObject({ after: "slug: home\nname: theirs\n" });
  const three = {
    path: "pages/home.yml",
    base: "slug: home\nname: base\n",
    before: "slug: home\nname: ours\n",
    after: "slug: home\nname: theirs\n",
  };
  expect((await side("conflict")).body).toEqual(three);

  const conflict = await pull(id);
  expect((await side("conflict")).body).toEqual(three);
  expect([conflict.status, conflict.body]).toMatchObject([
    409,
    {
      error: "MergeConflict",
      details: {
        targetBranch: "main",
        intermediateBranch: "prismeai/shop/main",
        files: [{ path: "pages/home.yml", kind: "content" }],
      },
    },
  ]);
  const edit = await instance.call("PUT", `/v2/workspaces/${id}/sources/pages/a.yml`, { text: "slug: a\n" });
  expect([edit.status, edit.body]).toMatchObject([
    423,
    { details: { writeLock: { reason: "merge_conflict" } } },
  ]);
  const list = await instance.call("GET", "/v2/workspaces?conflict=true");
  expect(list.body).toMatchObject([{ id, syncStatus: "conflict" }]);

  await instance.call("DELETE", `/v2/workspaces/${id}/writeLock`);
  const discarded = await pull(id, { discardLocalChanges: true });
  expect(discarded.status).toBe(200);
  expect(await read(id, "pages/home.yml")).toBe("slug: home\nname: theirs\n");
  const over = await side("conflict");
  expect([over.status, over.body]).toMatchObject([404, { error: "NotFound" }]);
});

test("A native version is saved, previewed, compared, rolled back to with a snapshot, and deleted", async () => {
  const id = await aWorkspace("Shop", [], { "pages/home.yml": "slug: home\nname: one\n" });
  const saved = await post(`/v2/workspaces/${id}/versions`, { name: "v1" });
  expect(saved.body).toMatchObject({ name: "v1", repository: { id: "prismeai" } });
  await instance.call("PATCH", `/v2/workspaces/${id}/sources`, {
    json: { files: { "pages/home.yml": "slug: home\nname: two\n", "pages/new.yml": "slug: new\n" } },
  });
  const changes = await instance.call("GET", `/v2/workspaces/${id}/versions/v1/changes`);
  expect(changes.body).toMatchObject({
    version: { name: "v1" },
    changes: [
      { path: "pages/home.yml", kind: "modified" },
      { path: "pages/new.yml", kind: "deleted" },
    ],
  });
  const file = await instance.call("GET", `/v2/workspaces/${id}/versions/v1/file?path=pages/home.yml`);
  expect(file.body).toMatchObject({ before: "slug: home\nname: two\n", after: "slug: home\nname: one\n" });

  const back = await post(`/v2/workspaces/${id}/versions/v1/rollback?timeout=60`, { reason: "broken login" });
  expect([back.status, back.body]).toMatchObject([
    200,
    {
      imported: ["pages/home.yml"],
      deleted: ["pages/new.yml"],
      snapshot: { name: expect.any(String) as unknown },
    },
  ]);
  expect(await read(id, "pages/home.yml")).toBe("slug: home\nname: one\n");
  const { snapshot } = back.body as { snapshot: { name: string } };
  expect((await post(`/v2/workspaces/${id}/versions/${snapshot.name}/rollback?timeout=60`)).status).toBe(200);
  expect(await read(id, "pages/new.yml")).toBe("slug: new\n");

  expect((await instance.call("DELETE", `/v2/workspaces/${id}/versions/v1`)).body).toMatchObject({
    name: "v1",
  });
  expect((await instance.call("DELETE", `/v2/workspaces/${id}/versions/v1`)).status).toBe(404);
  expect((await post(`/v2/workspaces/${id}/versions/v1/rollback`)).status).toBe(404);
});

test("A bulk push streams its events, each with an id, and ends with the summary as the last data line", async () => {
  const shop = await aWorkspace("Shop", ["group:base"]);
  const desk = await aWorkspace("Desk", ["group:more"]);
  await aWorkspace("Other");
  const response = await instance.request("POST", "/v2/workspaces/platform/versions?sse=true", {
    json: { repository: { id: "fleet" }, groups: ["base", "more"], name: "release-1" },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
  const operationId = response.headers.get("x-operation-id") ?? "";
  const messages = await readStream(response);
  expect(messages[0]).toMatchObject({ event: "workspaces.bulkPush.started" });
  const last = messages.at(-1);
  expect(last).toMatchObject({
    event: "workspaces.bulkPush.completed",
    data: { errors: [], mergeConflictWorkspaceIds: [] },
  });
  expect(BulkPushSummary.parse(last?.data).pushedWorkspaceIds.sort()).toEqual([shop, desk].sort());
  const ids = messages.map(({ id }) => Number(id));
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));

  const middle = messages[2];
  const resumed = await readStream(
    await instance.request("GET", `/v2/operations/${operationId}?sse=true`, {
      headers: { "last-event-id": middle?.id ?? "" },
    }),
  );
  expect(resumed).toEqual(messages.slice(3));
  expect((await remote.git("tag")).trim()).toBe("release-1");

  const again = await post("/v2/workspaces/platform/versions?timeout=60", {
    repository: { id: "fleet" },
    groups: ["base", "more"],
  });
  expect(BulkPushSummary.parse(again.body)).toMatchObject({ pushedWorkspaceIds: [], errors: [] });
});

test("Closing the stream does not stop the work", async () => {
  await aWorkspace("Shop", ["group:base"]);
  const leaving = new AbortController();
  const response = await instance.request("POST", "/v2/workspaces/platform/versions?sse=true", {
    json: { groups: ["base"] },
    signal: leaving.signal,
  });
  leaving.abort();
  await response.body?.cancel().catch(() => undefined);
  const operationId = response.headers.get("x-operation-id") ?? "";
  const messages = await readStream(await instance.request("GET", `/v2/operations/${operationId}?sse=true`));
  expect(messages.at(-1)).toMatchObject({ event: "workspaces.bulkPush.completed", data: { errors: [] } });
});

test("What would be pushed or imported is answered by a dry run that changes nothing", async () => {
  const id = await aWorkspace("Shop", ["group:base"]);
  const plan = await post("/v2/workspaces/platform/versions", { groups: ["base"], dryRun: true });
  expect(BulkPushSummary.parse(plan.body)).toMatchObject({
    dryRun: true,
    workspaces: [{ workspaceId: id, status: "candidate" }],
  });
  expect(plan.headers.get("x-operation-id")).toBeNull();
  await expect(remote.git("rev-parse", "--verify", "main")).rejects.toThrow();
  await push(id);
  const imported = await post("/v2/workspaces/platform/versions/latest/pull", {
    repository: { id: "mirror" },
    dryRun: true,
  });
  expect(BulkImportSummary.parse(imported.body)).toMatchObject({ dryRun: true, errors: [] });
});

test("A bulk import into a second instance reproduces the workspaces, and a second run skips them", async () => {
  const id = await aWorkspace("Shop", ["group:base"], { "pages/home.yml": "slug: 'home' # kept\n" });
  await post("/v2/workspaces/platform/versions?timeout=60", { groups: ["base"] });
  const first = instance;
  const second = await startEngine({
    env: {
      WORKSPACES_STORAGE_GIT_PLATFORM_release_URL: remote.url,
      WORKSPACES_STORAGE_GIT_PLATFORM_release_DIRPATH: "workspaces",
      WORKSPACES_STORAGE_GIT_PLATFORM_release_AUTH_USER: "switch",
      WORKSPACES_STORAGE_GIT_PLATFORM_release_AUTH_PASSWORD: "yard-password",
      WORKSPACES_GROUP_base_LABELS: "group:base",
    },
  });
  instance = second;
  const bring = () =>
    post("/v2/workspaces/platform/versions/latest/pull?timeout=60", {
      repository: { id: "release" },
      groups: ["base"],
    });
  expect(BulkImportSummary.parse((await bring()).body)).toMatchObject({
    createdWorkspaceIds: [id],
    errors: [],
  });
  expect(await read(id, "pages/home.yml")).toBe("slug: 'home' # kept\n");
  expect(BulkImportSummary.parse((await bring()).body)).toMatchObject({
    createdWorkspaceIds: [],
    skippedWorkspaceIds: [id],
  });
  await second.close();
  instance = first;
});

test("Unknown groups and repositories are 404 with the known ones, before the first byte", async () => {
  const at = "/v2/workspaces/platform/versions?sse=true";
  const groups = await post(at, { groups: ["base", "none"] });
  expect([groups.status, groups.body]).toMatchObject([
    404,
    { error: "NotFound", details: { unknown: ["none"] } },
  ]);
  const repository = await post(at, { groups: ["base"], repository: { id: "none" } });
  expect([repository.status, repository.body]).toMatchObject([
    404,
    { details: { known: ["fleet", "mirror", "wrong"] } },
  ]);
  const unknownKey = await post(at, { groups: ["base"], colour: "red" });
  expect([unknownKey.status, unknownKey.body]).toEqual([400, error("InvalidRequest")]);
  expect((await post(at, { groups: [] })).status).toBe(400);
  const id = await aWorkspace("Shop");
  expect((await push(id, { repository: { id: "none" } })).status).toBe(404);
});

test("A read-only repository cannot be pushed to: 409 RepositoryModeMismatch", async () => {
  const id = await aWorkspace("Shop", ["group:base"]);
  for (const answer of [
    await push(id, { repository: { id: "mirror" } }),
    await post("/v2/workspaces/platform/versions", { groups: ["base"], repository: { id: "mirror" } }),
  ])
    expect([answer.status, answer.body]).toEqual([409, error("RepositoryModeMismatch")]);
});

test("A wrong password is 502 RemoteAuthFailed and a remote that is down 502 RemoteUnreachable, leaving no lock", async () => {
  const id = await aWorkspace("Shop", ["group:base"]);
  const refused = await push(id, { repository: { id: "wrong" } });
  expect([refused.status, refused.body]).toEqual([502, error("RemoteAuthFailed")]);
  expect(refused.text).not.toContain("not-the-password");
  server.mood = "down";
  const down = await push(id);
  expect([down.status, down.body]).toEqual([502, error("RemoteUnreachable")]);
  const bulk = await post("/v2/workspaces/platform/versions?timeout=60", { groups: ["base"] });
  expect([bulk.status, bulk.body]).toEqual([502, error("RemoteUnreachable")]);
  const streamed = await readStream(
    await instance.request("POST", "/v2/workspaces/platform/versions?sse=true", {
      json: { groups: ["base"] },
    }),
  );
  expect(streamed.at(-1)).toMatchObject({
    event: "workspaces.bulkPush.completed",
    data: { errors: [{ error: "RemoteUnreachable" }], mergeConflictWorkspaceIds: [] },
  });
  server.mood = "up";
  expect((await push(id)).status).toBe(200);
});

test("A push and pull of the platform workspace itself is an ordinary one", async () => {
  const saved = await post("/v2/workspaces/platform/versions?timeout=60", { name: "before" });
  expect([saved.status, saved.body]).toMatchObject([200, { name: "before", repository: { id: "prismeai" } }]);
  const pulled = await post("/v2/workspaces/platform/versions/latest/pull?timeout=60");
  expect([pulled.status, pulled.body]).toMatchObject([200, { workspace: { id: "platform" } }]);
});

test("An ended operation can be started again", async () => {
  const id = await aWorkspace("Shop");
  server.mood = "down";
  const failed = await push(id);
  server.mood = "up";
  const retried = await post(`/v2/operations/${failed.headers.get("x-operation-id") ?? ""}/retry`);
  expect(retried.status).toBe(200);
  const messages = await readStream(
    await instance.request("GET", `/v2/operations/${retried.headers.get("x-operation-id") ?? ""}?sse=true`),
  );
  expect(messages.at(-1)).toMatchObject({ data: { status: "succeeded" } });
});

test("The Platform page shows groups with their numbers and repositories without credentials", async () => {
  await aWorkspace("Shop", ["group:base"]);
  const view = await instance.call("GET", "/v2/platform");
  expect(view.body).toMatchObject({
    environment: { name: "local", color: "slate" },
    groups: [
      { name: "base", labels: ["group:base"], workspaces: 1, dirty: 1 },
      { name: "more", workspaces: 0, dirty: 0 },
    ],
    repositories: [
      { id: "fleet", branch: "main", location: remote.url },
      { id: "mirror", mode: "read-only" },
      { id: "wrong" },
    ],
  });
  expect(view.text).not.toContain("password");
});
