import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { ConnectionReport, PinnedHostKey } from "@/lib/domain/wire/connection";
import { startEngine, type Answer, type TestInstance } from "@/lib/testing/engine";
import type { TestRepository } from "@/lib/testing/git/git-server";
import { sshServer, type SshServer } from "@/lib/testing/ssh/server";

let server: SshServer;
let instance: TestInstance;
let remote: TestRepository;
let count = 0;

beforeAll(async () => {
  server = await sshServer();
});
afterAll(() => server.close());

beforeEach(async () => {
  remote = await server.repository(`fleet-${String(++count)}`);
  const prefix = "WORKSPACES_STORAGE_GIT_PLATFORM_fleet_";
  instance = await startEngine({
    env: {
      [`${prefix}URL`]: remote.url,
      [`${prefix}DIRPATH`]: "workspaces",
      [`${prefix}AUTH_SSHKEY`]: server.key.replaceAll("\n", "\\n"),
      WORKSPACES_GROUP_base_LABELS: "group:base",
    },
  });
});
afterEach(() => instance.close());

const post = (path: string, json: unknown = {}): Promise<Answer> => instance.call("POST", path, { json });

async function aWorkspace(name: string): Promise<string> {
  const created = await post("/v2/workspaces", { name, labels: ["group:base"] });
  return (created.body as { id: string }).id;
}

/** Gives a workspace a repository of its own, at the same place under another path. */
async function ownRepository(id: string, url: string): Promise<void> {
  const index = await instance.call("GET", `/v2/workspaces/${id}/sources/index.yml`);
  const repositories = `repositories:\n  own:\n    config:\n      url: ${url}\n      auth:\n        sshkey: "{{secret.deployKey}}"\n`;
  const put = await instance.call("PUT", `/v2/workspaces/${id}/sources/index.yml`, {
    text: `${index.text}${repositories}`,
  });
  expect(put.status).toBe(200);
}

test("A bulk push and a bulk import go over SSH with the platform's key", async () => {
  const ids = [await aWorkspace("Shop"), await aWorkspace("Desk")];
  const pushed = await post("/v2/workspaces/platform/versions?timeout=60", { groups: ["base"], name: "r1" });
  expect(pushed.body).toMatchObject({
    errors: [],
    pushedWorkspaceIds: expect.arrayContaining(ids) as unknown,
  });
  expect(await remote.git("tag")).toBe("r1");
  expect(await remote.fsck()).toBe("");
  const clean = await instance.call("GET", `/v2/workspaces/${ids[0] ?? ""}`);
  expect(clean.body).toMatchObject({ dirty: false });
  const imported = await post("/v2/workspaces/platform/versions/latest/pull?timeout=60", {
    repository: { id: "fleet" },
    forceReimport: true,
  });
  expect(imported.body).toMatchObject({ errors: [] });
});

test("A workspace's own repository takes its key from a secret, which never shows", async () => {
  const id = await aWorkspace("Shop");
  await ownRepository(id, remote.url.replace("fleet", "own"));
  const own = await server.repository(`own-${String(count)}`);
  const refused = await post(`/v2/workspaces/${id}/repositories/own/test`);
  expect([refused.status, refused.body]).toMatchObject([
    400,
    { message: expect.stringContaining("deployKey") },
  ]);
  const stored = await instance.call("PATCH", `/v2/workspaces/${id}/security/secrets`, {
    json: { deployKey: { value: server.key } },
  });
  expect(stored.status).toBe(200);
  const pushed = await post(`/v2/workspaces/${id}/versions?timeout=60`, {
    repository: { id: "own" },
    name: "v1",
  });
  expect([pushed.status, pushed.body]).toMatchObject([200, { name: "v1" }]);
  expect(await own.read("main", "index.yml")).toContain("{{secret.deployKey}}");
  const feed = await instance.call("GET", `/v2/workspaces/${id}/events`);
  for (const line of server.key.split("\n").filter((text) => text.length > 20))
    expect(feed.text).not.toContain(line);
});

test("The test of a connection names each step, for the platform's repositories and a workspace's own", async () => {
  const tested = await post("/v2/workspaces/platform/repositories/fleet/test");
  expect(tested.status).toBe(200);
  const report = ConnectionReport.parse(tested.body);
  expect(report).toMatchObject({ repositoryId: "fleet", ok: true });
  expect(report.steps.map(({ number, step, status }) => `${String(number)} ${step} ${status}`)).toEqual([
    "1 reach ok",
    "2 hostKey ok",
    "3 credentials ok",
    "4 branch warning",
    "5 write ok",
  ]);
  expect(report.steps[1]?.message).toContain(server.hostKey);
  const unknown = await post("/v2/workspaces/platform/repositories/nowhere/test");
  expect([unknown.status, unknown.body]).toMatchObject([404, { details: { known: ["prismeai", "fleet"] } }]);
  expect((await post("/v2/workspaces/platform/repositories/prismeai/test")).body).toMatchObject({ ok: true });
});

test("A changed host key stops every operation until an administrator forgets the pinned one", async () => {
  const id = await aWorkspace("Shop");
  const push = () =>
    post(`/v2/workspaces/${id}/versions?timeout=60`, { repository: { id: "fleet" }, name: "v1" });
  await post("/v2/workspaces/platform/repositories/fleet/test");
  const pins = async () => PinnedHostKey.array().parse((await instance.call("GET", "/v2/hostKeys")).body);
  const before = server.hostKey;
  expect(await pins()).toMatchObject([{ port: server.port, type: "ssh-ed25519", fingerprint: before }]);
  expect(await readFile(join(instance.dataDir, "known_hosts"), "utf8")).toContain("ssh-ed25519");
  await server.changeHostKey();
  const refused = await push();
  expect([refused.status, refused.body]).toMatchObject([
    502,
    { error: "HostKeyChanged", details: { offered: server.hostKey, pinned: [before] } },
  ]);
  const { token } = await instance.user({ role: "owner", workspaceId: id });
  const path = `/v2/hostKeys/127.0.0.1:${String(server.port)}`;
  expect((await instance.call("DELETE", path, { token })).status).toBe(403);
  const forgotten = await instance.call("DELETE", path);
  expect([forgotten.status, forgotten.body]).toMatchObject([200, { forgotten: [{ fingerprint: before }] }]);
  expect((await instance.call("DELETE", path)).status).toBe(404);
  expect((await push()).status).toBe(200);
  expect(await pins()).toMatchObject([{ fingerprint: server.hostKey }]);
});
