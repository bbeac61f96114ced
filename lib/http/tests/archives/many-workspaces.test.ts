import { expect, test } from "vitest";
import { aZip } from "@/lib/testing/zip/zip";
import {
  serveArchives,
  count,
  edit,
  exported,
  id,
  importInto,
  instance,
  slug,
  upload,
} from "@/lib/testing/worlds/archives";

serveArchives();

test("Many workspaces travel in one archive, with the apps they need, and one workspace refuses it", async () => {
  const label = `trip:${String(count)}`;
  const other = await instance.call("POST", "/v2/workspaces", { json: { name: `Mail ${String(count)}` } });
  const app = other.body as { id: string; slug: string };
  await instance.call("POST", "/v2/apps", { json: { workspaceId: app.id, slug: app.slug } });
  await instance.call("PATCH", `/v2/workspaces/${id}`, { json: { labels: [label, "group:base"] } });
  await edit({ "imports/Mail.yml": `appSlug: ${app.slug}\n` });
  const query = { workspaces: { query: { labels: label } } };
  const alone = await exported("POST", "/v2/workspaces/export", query);
  expect(Object.keys(alone).every((path) => path.startsWith(`workspaces/${slug}/`))).toBe(true);
  expect(alone[`workspaces/${slug}/.import.yml`]).toMatch(/- base/);
  const both = await exported("POST", "/v2/workspaces/export", { ...query, includeApps: true });
  expect(Object.keys(both)).toContain(`workspaces/${app.slug}/index.yml`);

  const refused = await importInto(both);
  expect([refused.status, refused.body]).toMatchObject([
    400,
    { error: "InvalidRequest", message: expect.stringContaining("/v2/workspaces/import") as unknown },
  ]);
  await edit({ "imports/Mail.yml": "appSlug: another\n" });
  await instance.call("DELETE", `/v2/workspaces/${app.id}`);
  const back = await upload("/v2/workspaces/import", await aZip(both));
  expect([back.status, back.body]).toMatchObject([
    200,
    {
      errors: [],
      createdWorkspaceIds: [app.id],
      updatedWorkspaceIds: [id],
      publishedApps: [{ workspaceId: app.id, slug: app.slug }],
      workspaces: [
        { id: app.id, slug: app.slug, status: "created" },
        { id, slug, status: "updated" },
      ],
    },
  ]);
  expect((back.body as { imported: string[] }).imported).toContain(`${slug}/imports/Mail.yml`);
  expect(
    (
      await instance.call("POST", "/v2/workspaces/export", {
        json: { workspaces: { query: { slug: "none" } } },
      })
    ).status,
  ).toBe(404);
});

test("Of an archive only the chosen workspaces are brought in; the others are named and stay as they are", async () => {
  const other = await instance.call("POST", "/v2/workspaces", { json: { name: `Left ${String(count)}` } });
  const left = other.body as { id: string; slug: string };
  const archive = await aZip({
    [`a/${slug}/index.yml`]: `name: Chosen\nslug: ${slug}\n`,
    [`a/${left.slug}/index.yml`]: "name: Overwritten\n",
    [`a/new-${slug}/index.yml`]: "name: New\n",
  });
  const answer = await upload(`/v2/workspaces/import?ids=${id},unknown`, archive);
  expect([answer.status, answer.body]).toMatchObject([
    200,
    { errors: [], createdWorkspaceIds: [], updatedWorkspaceIds: [id] },
  ]);
  const { workspaces } = answer.body as { workspaces: { slug: string; status: string }[] };
  expect(workspaces.map((one) => [one.slug, one.status])).toEqual([
    [left.slug, "skipped"],
    [`new-${slug}`, "skipped"],
    [slug, "updated"],
  ]);
  expect(await instance.engine.store.workspaces.get(left.id)).toMatchObject({
    name: `Left ${String(count)}`,
  });
  const alone = await upload(
    `/v2/workspaces/import?ids=${id}`,
    await aZip({ "current/index.yml": `id: ${id}\nname: Alone\nslug: ${slug}\n` }),
  );
  expect(alone.body).toMatchObject({ updatedWorkspaceIds: [id], createdWorkspaceIds: [] });
  const none = await upload(
    `/v2/workspaces/import?ids=${left.id}`,
    await aZip({ "a/index.yml": "name: New\n" }),
  );
  expect([none.status, none.body]).toMatchObject([
    400,
    { error: "InvalidRequest", details: { workspaces: ["a"] } },
  ]);
});

test("One workspace of many that fails is named and stops none of the others", async () => {
  const other = `fine-${String(count)}`;
  const user = await instance.user();
  const answer = await upload(
    "/v2/workspaces/import",
    await aZip({
      [`${slug}/index.yml`]: "name: Stolen\n",
      [`${other}/index.yml`]: `name: Fine\nslug: ${other}\n`,
    }),
    { token: user.token },
  );
  expect(answer.body).toMatchObject({
    errors: [{ err: "PermissionDenied", workspaceSlug: slug }],
    workspaces: [
      { slug: other, status: "created" },
      { slug, status: "error" },
    ],
  });
  expect(await instance.engine.store.workspaces.get(id)).toMatchObject({
    name: expect.stringMatching(/^Shop/) as unknown,
  });
});
