import { expect, test } from "vitest";
import { servePlatform, aWorkspace, instance, pull, push, remote } from "@/lib/testing/worlds/platform";

servePlatform();

test("A refusal names the ways on; the look at the remote tells them; each is one request", async () => {
  const id = await aWorkspace("Shop", [], { "pages/home.yml": "slug: home\n" });
  await push(id);
  await remote.commit({ "workspaces/shop": null, "README.md": "Cleaned up\n" });
  const ways = ["putBack", "detach"];
  for (const refused of [await push(id), await pull(id), await pull(id, { discardLocalChanges: true })])
    expect([refused.status, refused.body]).toMatchObject([
      expect.any(Number),
      { details: { situation: "folderMissing", ways } },
    ]);
  const look = () => instance.call("GET", `/v2/workspaces/${id}/sync?repository=fleet&check=true`);
  expect((await look()).body).toMatchObject({ situation: { kind: "folderMissing", ways } });

  expect((await push(id, { putBack: true })).status).toBe(200);
  expect(await remote.read("main", "workspaces/shop/pages/home.yml")).toBe("slug: home\n");
  expect((await look()).body).not.toHaveProperty("situation");

  await remote.commit({ "workspaces/shop/pages/home.yml": "slug: home\ntitle: Theirs\n" });
  await instance.call("PUT", `/v2/workspaces/${id}/sources/pages/home.yml`, {
    text: "slug: home\ntitle: Ours\n",
  });
  expect((await pull(id)).status).toBe(409);
  const state = `/v2/workspaces/${id}/repositories/fleet/state`;
  const detached = await instance.call("DELETE", state);
  expect(detached.body).toMatchObject({ id: "fleet", detached: true, cleared: { reason: "merge_conflict" } });
  expect((await instance.call("DELETE", state)).body).toEqual({
    id: "fleet",
    detached: false,
    cleared: null,
  });
  expect((await instance.call("DELETE", state.replace("fleet", "nowhere"))).status).toBe(404);
  expect((await push(id, { startOver: true })).status).toBe(200);
  expect(await remote.read("main", "workspaces/shop/pages/home.yml")).toContain("Ours");
  await instance.call("POST", `/v2/workspaces/${id}/writeLock`, { json: { reason: "audit" } });
  expect((await instance.call("DELETE", state)).status).toBe(423);
});
