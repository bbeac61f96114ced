import { expect, test } from "vitest";
import {
  count,
  edit,
  id,
  instance,
  read,
  serveArchives,
  slug,
  sources,
  upload,
} from "@/lib/testing/worlds/archives";
import { rawZip, type RawEntry } from "@/lib/testing/zip/raw-zip";
import { aZip } from "@/lib/testing/zip/zip";

serveArchives();

interface Told {
  imported: string[];
  deleted: string[];
  errors: { err: string; path?: string; workspaceSlug?: string; msg: string }[];
  warnings: { path: string; message: string }[];
  createdWorkspaceIds: string[];
  updatedWorkspaceIds: string[];
  publishedApps: { slug: string }[];
}

const index = (name: string) => `name: ${name}\nslug: ${name.toLowerCase()}\n`;
const zipped = (entries: RawEntry[]) => rawZip(entries);
const into = async (archive: Uint8Array, query = ""): Promise<Told> => {
  const { status, body, text } = await upload(`/v2/workspaces/${id}/import${query}`, archive);
  expect(status, text).toBe(200);
  return body as Told;
};

test("A Mac's archive with prune changes the automation it edits, and deletes no other", async () => {
  const path = "automations/Caf\u00e9.yml";
  await edit({ [path]: "do: []\n" });
  const told = await into(
    zipped([
      { name: "shop/index.yml", content: `name: Shop\nslug: ${slug}\n` },
      { name: `shop/${path}`.normalize("NFD"), content: "do: [] # edited\n" },
      { name: "__MACOSX/shop/._index.yml", content: "x" },
      { name: "shop/.DS_Store", content: "x" },
    ]),
    "?prune=true",
  );
  expect([told.imported, told.deleted, told.errors]).toEqual([[path, "index"], [], []]);
  expect(told.warnings.map((warning) => warning.path)).toEqual(["__MACOSX", "shop/.DS_Store"]);
  expect(await read(path)).toBe("do: [] # edited\n");
});

test("An archive of Windows PowerShell is imported with its folders", async () => {
  const told = await into(
    zipped([
      { name: "shop\\index.yml", content: `name: Shop\nslug: ${slug}\n` },
      { name: "shop\\pages\\a.yml", content: "slug: a\n" },
    ]),
  );
  expect([told.imported, told.errors, told.warnings]).toEqual([["index", "pages/a.yml"], [], []]);
});

test("A file that is too large is left out and named, and what is here under its name stays even with prune", async () => {
  await edit({ "notes.md": "here\n", "old.md": "old\n" });
  const files = { "index.yml": `name: Shop\nslug: ${slug}\n`, "notes.md": "x".repeat(1024 * 1024 + 1) };
  const told = await into(await aZip(files), "?prune=true");
  expect(told.errors).toMatchObject([{ err: "TooLarge", path: "notes.md" }]);
  expect(told.deleted).toContain("old.md");
  expect(await read("notes.md")).toBe("here\n");
  const page = await aZip({ ...files, "pages/a.yml": `slug: a # ${"x".repeat(1024 * 1024)}\n` });
  const refused = await upload(`/v2/workspaces/${id}/import`, page);
  expect([refused.status, refused.text]).toEqual([413, expect.stringContaining("pages/a.yml")]);
});

test("An export of many workspaces by the older platform brings all of them in, published as the apps they were", async () => {
  const name = (kind: string) => `${kind}${String(count)}`;
  const inner = (of: string) =>
    aZip({
      "current/index.yml": `id: ${of.toLowerCase()}\n${index(of)}`,
      "current/pages/a.yml": "slug: a\n",
    });
  const list = {
    workspaceIds: [name("old").toLowerCase(), name("lib").toLowerCase(), "gone"],
    publishApps: [
      {
        workspaceId: name("lib").toLowerCase(),
        slug: name("libapp"),
        name: "Library",
        description: null,
        photo: null,
      },
    ],
  };
  const archive = async (folder: string) =>
    aZip({
      [`${folder}bulkExport.json`]: JSON.stringify(list),
      [`${folder}workspaces/${name("old")}.zip`]: await inner(name("Old")),
      [`${folder}workspaces/${name("lib")}.zip`]: await inner(name("Lib")),
      [`${folder}workspaces/broken.zip`]: "not a zip",
      [`${folder}workspaces/._x.zip`]: "junk",
    });
  const first = await upload("/v2/workspaces/import", await archive(""));
  const told = first.body as Told;
  expect([first.status, told.createdWorkspaceIds.sort()]).toEqual([200, [name("lib"), name("old")]]);
  expect(told.publishedApps).toMatchObject([{ slug: name("libapp"), name: "Library" }]);
  expect(told.errors).toMatchObject([{ path: "workspaces/broken.zip" }]);
  expect(told.warnings.map(({ path }) => path)).toEqual(["workspaces/._x.zip", "workspaces/gone.zip"]);
  expect(await sources(name("old"))).toEqual(["index.yml", "pages/a.yml"]);
  const again = (await upload("/v2/workspaces/import", await archive("export/"))).body as Told;
  expect([again.createdWorkspaceIds, again.updatedWorkspaceIds.sort()]).toEqual([
    [],
    [name("lib"), name("old")],
  ]);
  const refused = await upload(`/v2/workspaces/${id}/import`, await archive(""));
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("/v2/workspaces/import")]);
  expect((await instance.call("GET", `/v2/apps/${name("libapp")}`)).status).toBe(200);
});

test("An archive of more files than a workspace may have is refused before one is unpacked", async () => {
  const many = Array.from({ length: 600 }, (_, at) => ({ name: String(at), method: 0, claims: { crc: 1 } }));
  const refused = await upload(`/v2/workspaces/${id}/import`, zipped([{ name: "index.yml" }, ...many]));
  expect([refused.status, refused.body]).toMatchObject([413, { error: "TooLarge", details: { limit: 500 } }]);
});

test("A small archive with more YAML than can be read in good time is refused before any of it is read", async () => {
  const dense = `slug: a\ndo: [${"{},".repeat(20_000)}]\n`;
  const entries = Array.from({ length: 60 }, (_, at) => ({
    name: `automations/a${String(at)}.yml`,
    content: dense,
  }));
  const archive = zipped([
    { name: "index.yml", content: `name: Shop\nslug: ${slug}\n` },
    { name: "automations/0.yml", content: "a: [\n" },
    ...entries,
  ]);
  expect(archive.length).toBeLessThan(50_000);
  const refused = await upload(`/v2/workspaces/${id}/import`, archive);
  expect([refused.status, refused.body]).toMatchObject([413, { error: "TooLarge" }]);
  expect(await sources()).not.toContain("automations/0.yml");
});
