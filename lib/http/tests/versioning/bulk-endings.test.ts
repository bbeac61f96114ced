import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { BulkPushSummary } from "@/lib/domain/bulk";
import { waitFor } from "@/lib/server/operations/follow";
import {
  aWorkspace,
  error,
  instance,
  post,
  push,
  remote,
  servePlatform,
} from "@/lib/testing/worlds/platform";

servePlatform();

const BULK = "/v2/workspaces/platform/versions?timeout=60";
const asked = (more: object = {}) => ({ repository: { id: "fleet" }, groups: ["base"], ...more });
const summaryOf = ({ body }: { body: unknown }) => BulkPushSummary.parse(body);

test("A version's name that is taken, by a version or a branch, is 409 before the first byte, with and without a stream", async () => {
  const shop = await aWorkspace("Shop", ["group:base"]);
  expect(summaryOf(await post(BULK, asked({ name: "v1" }))).errors).toEqual([]);
  await remote.git("branch", "release", "main");
  await remote.git("tag", "by-hand", "main");
  await instance.call("PATCH", `/v2/workspaces/${shop}/sources`, {
    json: { files: { "pages/a.yml": "slug: a\n" } },
  });
  const refs = await remote.git("show-ref");
  for (const path of [BULK, "/v2/workspaces/platform/versions?sse=true"]) {
    for (const name of ["v1", "by-hand", "release", "main"]) {
      const answer = await post(path, asked({ name }));
      expect([name, answer.status, answer.body]).toEqual([name, 409, error("VersionAlreadyExists")]);
    }
    expect((await post(path, asked({ name: "HEAD" }))).status).toBe(400);
  }
  for (const name of ["main", "release"]) expect((await push(shop, { name })).status).toBe(409);
  expect((await push(shop, { name: "HEAD" })).status).toBe(400);
  expect(await remote.git("show-ref")).toBe(refs);
});

test("A push of which the remote refused a branch beside the target names it, and is there", async () => {
  const shop = await aWorkspace("Shop");
  await remote.git("config", "transfer.hideRefs", "refs/heads/prismeai");
  const answer = await push(shop, { name: "v1" });
  expect([answer.status, answer.body]).toEqual([
    200,
    expect.objectContaining({ name: "v1", errors: [error("RemoteRejected")] }),
  ]);
  expect(JSON.stringify(answer.body)).toContain("deny updating a hidden ref");
  expect(await remote.git("rev-parse", "shop@v1")).toBe(await remote.git("rev-parse", "main"));
});

test("A retry makes the tag that the remote refused, also of a push that named no version", async () => {
  await aWorkspace("Shop", ["group:base"]);
  await remote.hook("update", '#!/bin/sh\ncase "$1" in refs/tags/*) echo "tags are closed"; exit 1;; esac\n');
  const first = await post(BULK, asked());
  expect(summaryOf(first)).toMatchObject({ errors: [{ error: "RemoteRejected" }] });
  const { version = "" } = summaryOf(first);
  const id = first.headers.get("x-operation-id") ?? "";
  await remote.hook("update", "#!/bin/sh\n");
  const again = (await post(`/v2/operations/${id}/retry`)).body as { id: string };
  expect(await waitFor(instance.engine, again.id, 30_000)).toMatchObject({
    outcome: "succeeded",
    result: { version },
  });
  expect(await remote.git("rev-parse", version)).toBe(await remote.git("rev-parse", "main"));
});

test("A cancelled bulk push tells of every workspace that the remote has, and what is not known", async () => {
  const ids = [await aWorkspace("Shop", ["group:base"]), await aWorkspace("Desk", ["group:base"])].sort();
  // It ends while a cancelled push still looks.
  await remote.hook("pre-receive", "#!/bin/sh\nsleep 2\n");
  const cancelled = async (more: object) => {
    const started = await post("/v2/workspaces/platform/versions?timeout=0", asked(more));
    const id = started.headers.get("x-operation-id") ?? "";
    await sleep(700);
    await post(`/v2/operations/${id}/cancel`);
    return waitFor(instance.engine, id, 30_000);
  };
  const first = await cancelled({ name: "v1" });
  expect(first).toMatchObject({ outcome: "cancelled" });
  const { pushedWorkspaceIds } = BulkPushSummary.parse(first?.result);
  expect(pushedWorkspaceIds.sort()).toEqual(ids);
  for (const id of ids)
    expect(await instance.engine.store.workspaces.get(id)).toMatchObject({ dirty: false });

  // Now the remote takes longer than anybody waits.
  await remote.hook("pre-receive", "#!/bin/sh\nsleep 7\n");
  const second = await cancelled({ name: "v2", force: true });
  const { workspaces } = BulkPushSummary.parse(second?.result);
  expect(workspaces.map(({ reason }) => reason?.slice(0, 11))).toEqual(["It was sent", "It was sent"]);
  const before = await remote.git("rev-parse", "main");
  await expect.poll(() => remote.git("rev-parse", "main"), { timeout: 20_000 }).not.toBe(before);
  await remote.hook("pre-receive", "#!/bin/sh\n");
  const [looked = "", other = ""] = ids;
  const view = await instance.call("GET", `/v2/workspaces/${looked}/sync?repository=fleet&check=true`);
  expect(view.body).toMatchObject({ status: "synced", behind: 0, lastVersion: "v2" });
  expect(await instance.engine.store.workspaces.version(looked, "fleet", "v2")).not.toBeNull();
  const third = summaryOf(await post(BULK, asked({ name: "v2" })));
  expect(third).toMatchObject({ errors: [] });
  expect(third.alreadyPushedWorkspaceIds.sort()).toEqual(ids);
  expect(await instance.engine.store.workspaces.version(other, "fleet", "v2")).not.toBeNull();
  expect(await remote.git("rev-parse", "v2")).toBe(await remote.git("rev-parse", "main"));
});
