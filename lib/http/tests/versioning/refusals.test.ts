import { expect, test } from "vitest";
import { readStream } from "@/lib/testing/sse";
import {
  servePlatform,
  aWorkspace,
  error,
  instance,
  post,
  push,
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
