import { expect, test } from "vitest";
import { readStream } from "@/lib/testing/sse";
import {
  servePlatform,
  aWorkspace,
  error,
  instance,
  post,
  pull,
  push,
  read,
  remote,
  server,
} from "@/lib/testing/worlds/platform";

servePlatform();

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

test("A conflict that the very first pull meets is one to whoever looks, without asking the remote", async () => {
  await push(await aWorkspace("Shop"));
  const other = await aWorkspace("Other", [], {
    "index.yml": "name: Other\nslug: other\nrepositories: {}\ndescription: here\n",
  });
  await remote.commit({ "workspaces/other/index.yml": "name: Other\nslug: other\ndescription: there\n" });
  const pulled = await post(`/v2/workspaces/${other}/versions/latest/pull`, { repository: { id: "mirror" } });
  expect([pulled.status, pulled.body]).toEqual([409, error("MergeConflict")]);
  const sync = await instance.call("GET", `/v2/workspaces/${other}/sync?repository=mirror`);
  expect(sync.body).toMatchObject({
    status: "conflict",
    repository: { mode: "read-only" },
    conflicts: [{ path: "index.yml", kind: "add/add" }],
  });
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
