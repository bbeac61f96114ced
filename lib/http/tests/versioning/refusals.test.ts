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

test("A secret in a text that would become a commit, tag, branch, manifest or event is refused before anything is written", async () => {
  const id = await aWorkspace("Shop", ["group:base"]);
  const other = await aWorkspace("Desk", ["group:base"]);
  const canaries: [string, string][] = [
    [id, 'canary/of "the" shop'],
    [other, "canary-of-the-desk"],
    ["platform", "canary-of-the-platform"],
  ];
  for (const [workspace, value] of canaries)
    await instance.call("PATCH", `/v2/workspaces/${workspace}/security/secrets`, {
      json: { key: { value } },
    });
  const versions = `/v2/workspaces/${id}/versions`;
  expect((await post(`${versions}?timeout=60`, { name: "native", description: "Plain" })).status).toBe(200);
  const bulk = "/v2/workspaces/platform/versions?timeout=60";
  const inBulk = (more: object) => post(bulk, { groups: ["base"], ...more });
  const escaped = JSON.stringify('canary/of "the" shop').slice(1, -1);
  const refused = [
    await push(id, { name: "v1", description: 'Works with canary/of "the" shop again' }),
    await push(id, {
      name: "v1",
      description: `base64 ${Buffer.from('canary/of "the" shop').toString("base64")}`,
    }),
    await post(versions, { name: "v1", description: `json ${escaped}` }),
    await post(`${versions}/native/rollback`, { reason: encodeURIComponent('canary/of "the" shop') }),
    await push(other, { name: "canary-of-the-desk" }),
    await inBulk({ name: "v2", description: "canary-of-the-platform" }),
    await inBulk({ name: "v2", description: "says canary-of-the-desk", dryRun: true }),
    await inBulk({ name: "v2", description: "says canary-of-the-desk", force: true }),
    await inBulk({ name: "canary-of-the-desk" }),
    await inBulk({ name: "canary-of-the-platform" }),
  ];
  for (const { status, body } of refused) {
    expect(status).toBe(400);
    expect(body).toEqual(error("InvalidRequest"));
    expect(JSON.stringify(body)).toContain("contains the value of a secret");
  }
  expect((await post("/v2/apps", { workspaceId: id, slug: "till", description: escaped })).status).toBe(400);
  const told = [...refused, await instance.call("GET", `/v2/operations`)].map(({ text }) => text);
  expect(told.join("\n")).not.toContain("canary");
  expect(await remote.git("for-each-ref")).toBe("");
});
