import { expect, test } from "vitest";
import { BulkImportSummary, BulkPushSummary } from "@/lib/domain/bulk";
import { startEngine } from "@/lib/testing/engine";
import { readStream } from "@/lib/testing/sse";
import { servePlatform, aWorkspace, instance, post, push, remote } from "@/lib/testing/worlds/platform";

servePlatform();

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
  const published = messages.filter(({ event }) => event === "workspaces.versions.published");
  expect(published.map(({ data }) => data.workspaceId).sort()).toEqual([shop, desk].sort());
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

test("A bulk import streams what was imported, and into which workspace", async () => {
  await aWorkspace("Shop", ["group:base"]);
  await post("/v2/workspaces/platform/versions?timeout=60", {
    repository: { id: "fleet" },
    groups: ["base"],
  });
  const response = await instance.request("POST", "/v2/workspaces/platform/versions/latest/pull?sse=true", {
    json: { repository: { id: "fleet" }, groups: ["base"], forceReimport: true },
  });
  const messages = await readStream(response);
  const { updatedWorkspaceIds } = BulkImportSummary.parse(messages.at(-1)?.data);
  const imported = messages.filter(({ event }) => event === "workspaces.imported");
  expect(imported.map(({ data }) => data.workspaceId).sort()).toEqual([...updatedWorkspaceIds].sort());
  expect(imported).not.toEqual([]);
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
  const second = await startEngine({
    env: {
      WORKSPACES_STORAGE_GIT_PLATFORM_release_URL: remote.url,
      WORKSPACES_STORAGE_GIT_PLATFORM_release_DIRPATH: "workspaces",
      WORKSPACES_STORAGE_GIT_PLATFORM_release_AUTH_USER: "switch",
      WORKSPACES_STORAGE_GIT_PLATFORM_release_AUTH_PASSWORD: "yard-password",
      WORKSPACES_GROUP_base_LABELS: "group:base",
    },
  });
  const bring = () =>
    second.call("POST", "/v2/workspaces/platform/versions/latest/pull?timeout=60", {
      json: { repository: { id: "release" }, groups: ["base"] },
    });
  expect(BulkImportSummary.parse((await bring()).body)).toMatchObject({
    createdWorkspaceIds: [id],
    errors: [],
  });
  const home = await second.call("GET", `/v2/workspaces/${id}/sources/pages/home.yml`);
  expect(home.text).toBe("slug: 'home' # kept\n");
  expect(BulkImportSummary.parse((await bring()).body)).toMatchObject({
    createdWorkspaceIds: [],
    skippedWorkspaceIds: [id],
  });
  await second.close();
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
