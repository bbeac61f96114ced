import { expect, test } from "vitest";
import { rawZip } from "@/lib/testing/zip/raw-zip";
import { aForm, aZip } from "@/lib/testing/zip/zip";
import { serveArchives, count, error, id, instance, upload } from "@/lib/testing/worlds/archives";

serveArchives();

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
