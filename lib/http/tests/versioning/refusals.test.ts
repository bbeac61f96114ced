import { expect, test } from "vitest";
import { readStream } from "@/lib/testing/sse";
import {
  servePlatform,
  aWorkspace,
  error,
  instance,
  post,
  push,
  remote,
  server,
} from "@/lib/testing/worlds/platform";

servePlatform();

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

test("A secret that was typed into what a version is said to be reaches neither git nor an answer; as its name it is refused", async () => {
  const id = await aWorkspace("Shop", ["group:base"]);
  const canaries: [string, string][] = [
    [id, "canary-of-the-shop"],
    ["platform", "canary-of-the-platform"],
  ];
  for (const [workspace, value] of canaries)
    await instance.call("PATCH", `/v2/workspaces/${workspace}/security/secrets`, {
      json: { key: { value } },
    });
  const bulk = "/v2/workspaces/platform/versions?timeout=60";
  const pushed = [
    await push(id, { name: "v1", description: "Works with canary-of-the-shop again" }),
    await post(`/v2/workspaces/${id}/versions`, { name: "v1", description: "canary-of-the-shop" }),
    await post(bulk, { groups: ["base"], name: "v2", description: "canary-of-the-platform", force: true }),
  ];
  expect(pushed.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(pushed[0]?.body).toMatchObject({ description: "Works with [redacted] again" });
  const named = [
    await push(id, { name: "canary-of-the-shop" }),
    await post(bulk, { groups: ["base"], name: "canary-of-the-platform" }),
  ];
  expect(named.map(({ status, body }) => [status, body])).toEqual([
    [400, error("InvalidRequest")],
    [400, error("InvalidRequest")],
  ]);
  const told = [...pushed, ...named, await instance.call("GET", `/v2/operations`)].map(({ text }) => text);
  const history = await remote.git("log", "--all", "--patch", "--format=%H %B %D");
  const manifests = await remote.git("grep", "-h", "", "main", "--", "*.version.yml", "*.yml", "*.json");
  expect(history).toContain("Works with [redacted] again");
  expect([...told, history, manifests].join("\n")).not.toContain("canary");
});
