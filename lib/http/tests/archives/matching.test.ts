import { expect, test } from "vitest";
import { count, id, instance, serveArchives, slug, upload } from "@/lib/testing/worlds/archives";
import { aZip } from "@/lib/testing/zip/zip";

serveArchives();

interface Result {
  errors: object[];
  createdWorkspaceIds: string[];
  updatedWorkspaceIds: string[];
  workspaces: { id?: string; slug: string; status: string; matchedBy?: string }[];
}

async function importAll(files: Record<string, string>, query = ""): Promise<Result> {
  const { status, body } = await upload(`/v2/workspaces/import${query}`, await aZip(files));
  expect(status).toBe(200);
  return body as Result;
}
const signed = (workspaceId: string) => `workspaceId: ${workspaceId}\n`;
const nameOf = async (workspaceId: string) => (await instance.engine.store.workspaces.get(workspaceId))?.name;

test("A folder of an archive of many updates the workspace that its manifest names, not the one that has its slug by now", async () => {
  const other = await instance.call("POST", "/v2/workspaces", { json: { name: `Other ${String(count)}` } });
  const { id: otherId, slug: otherSlug } = other.body as { id: string; slug: string };
  const { workspaces, createdWorkspaceIds } = await importAll({
    [`a/${slug}/index.yml`]: `name: Other content\nslug: ${slug}\n`,
    [`a/${slug}/.import.yml`]: signed(otherId),
    [`a/${otherSlug}/index.yml`]: `name: Own content\nslug: ${otherSlug}\n`,
    [`a/${otherSlug}/.import.yml`]: signed(id),
  });
  expect(createdWorkspaceIds).toEqual([]);
  expect(workspaces.map((row) => [row.id, row.slug, row.matchedBy]).sort()).toEqual(
    [
      [otherId, slug, "id"],
      [id, otherSlug, "id"],
    ].sort(),
  );
  expect([await nameOf(id), await nameOf(otherId)]).toEqual(["Own content", "Other content"]);
});

test("A folder of another name is found by the slug in its index.yml, however often it is imported", async () => {
  const product = `product-${String(count)}`;
  const app = `app-${String(count)}`;
  const files = (title: string) => ({
    [`a/${product}/index.yml`]: `name: ${title}\nslug: ${app}\n`,
    [`a/${slug}/index.yml`]: "name: Without a slug\n",
  });
  const first = await importAll(files("First"));
  const [created = ""] = first.createdWorkspaceIds;
  for (const [title, query] of [
    ["Second", ""],
    ["Third", `?ids=${created}`],
  ] as const) {
    const again = await importAll(files(title), query);
    expect([again.errors, again.createdWorkspaceIds]).toEqual([[], []]);
    const row = again.workspaces.find((one) => one.slug === product);
    expect(row).toMatchObject({ id: created, status: "updated", matchedBy: "slug" });
    expect(await nameOf(created)).toBe(title);
  }
  expect(await nameOf(id)).toBe("Without a slug");
});

test("Of folders with one id each is a workspace of its own, or is refused where even the slug is the same", async () => {
  const copy = `a-copy-${String(count)}`;
  const twin = `a-twin-${String(count)}`;
  const files = {
    [`a/${copy}/index.yml`]: `name: Copy\nslug: ${copy}\n`,
    [`a/${copy}/.import.yml`]: signed(id),
    [`a/${twin}/index.yml`]: `name: Twin\nslug: ${slug}\n`,
    [`a/${twin}/.import.yml`]: signed(id),
    [`a/${slug}/index.yml`]: `name: Own\nslug: ${slug}\n`,
    [`a/${slug}/.import.yml`]: signed(id),
  };
  const refused = [{ err: "SlugAlreadyInUse", workspaceSlug: twin, folder: twin, slug }];
  const first = await importAll(files);
  expect(first).toMatchObject({ errors: refused, updatedWorkspaceIds: [id] });
  expect(first.createdWorkspaceIds).toHaveLength(1);
  const again = await importAll(files);
  expect(again).toMatchObject({ errors: refused, createdWorkspaceIds: [] });
  expect(again.updatedWorkspaceIds.sort()).toEqual([id, ...first.createdWorkspaceIds].sort());
  expect(await nameOf(id)).toBe("Own");

  // The same where none of them is here yet.
  const fresh = `fresh-${String(count)}`;
  const unknown = {
    [`b/another-${fresh}/index.yml`]: `name: Another\nslug: ${fresh}\n`,
    [`b/another-${fresh}/.import.yml`]: signed(fresh),
    [`b/${fresh}/index.yml`]: `name: Own\nslug: ${fresh}\n`,
    [`b/${fresh}/.import.yml`]: signed(fresh),
  };
  for (const status of ["created", "updated"]) {
    const { workspaces } = await importAll(unknown);
    expect(workspaces.map((row) => [row.slug, row.status])).toEqual([
      [`another-${fresh}`, "error"],
      [fresh, status],
    ]);
    expect(await nameOf(fresh)).toBe("Own");
  }
});
