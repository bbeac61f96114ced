import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git } from "@/lib/testing/git/git-server";
import { unpack } from "@/lib/testing/zip/unpack";
import { callApi } from "../support/call-api";
import { expect, test } from "../support/fixtures";

interface Created {
  id: string;
  slug: string;
}

async function aWorkspace(origin: string, name: string, files: Record<string, string>): Promise<Created> {
  const created = (await callApi(origin, "/workspaces", "POST", { name })) as Created;
  await callApi(origin, `/workspaces/${created.id}/sources`, "PATCH", { files });
  return created;
}

async function paths(origin: string, { id }: Created): Promise<string[]> {
  const { files } = (await callApi(origin, `/workspaces/${id}/sources`)) as { files: { path: string }[] };
  return files.map(({ path }) => path);
}

test("a workspace is exported, changed, and brought back from its archive; what the archive lacks is deleted when asked", async ({
  page,
  origin,
  signIn,
  expectAccessible,
}) => {
  const shop = await aWorkspace(origin, "Archive story", { "pages/home.yml": "slug: home\nname: Before\n" });
  await signIn();
  await page.goto(`/workspaces/${shop.slug}?file=pages%2Fhome.yml`);
  const menu = page.getByRole("button", { name: "More about Archive story" });
  await menu.click();
  await page.getByRole("menuitem", { name: "Export as an archive…" }).click();
  const exporting = page.getByRole("dialog", { name: "Export Archive story" });
  const download = page.waitForEvent("download");
  await exporting.getByRole("button", { name: "Export archive" }).click();
  const archive = await (await download).path();
  await expect(exporting.getByRole("status")).toContainText("archive-story-current.zip was saved");
  await exporting.getByRole("button", { name: "Close" }).last().click();

  await callApi(origin, `/workspaces/${shop.id}/sources`, "PATCH", {
    files: { "pages/home.yml": "slug: home\nname: After\n", "pages/extra.yml": "slug: extra\n" },
  });
  await menu.click();
  await page.getByRole("menuitem", { name: "Import archive…" }).click();
  const dialog = page.getByRole("dialog", { name: "Import an archive into Archive story" });
  await dialog.getByLabel("Archive", { exact: true }).setInputFiles(archive);
  await dialog.getByRole("checkbox", { name: "Delete files that are not in the archive" }).check();
  await expectAccessible();
  await dialog.getByRole("button", { name: "Import archive" }).click();
  await expect(dialog.getByRole("status")).toContainText("1 file imported, 1 deleted");
  await expect(dialog.getByRole("group").filter({ hasText: "Deleted" })).toContainText("pages/extra.yml");
  await expectAccessible();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Contents of pages/home.yml" })).toContainText("Before");
  expect(await paths(origin, shop)).toEqual(["index.yml", "pages/home.yml", "security.yml"]);
  await page.getByRole("navigation", { name: "Workspace" }).getByRole("link", { name: "Versions" }).click();
  await expect(page.getByRole("region", { name: "Versions" }).getByText("Snapshot")).toBeVisible();
});

test("a workspace is exported with its history, which git clones; its archive is imported by the files alone", async ({
  page,
  origin,
  signIn,
  expectAccessible,
}) => {
  const shop = await aWorkspace(origin, "History story", { "pages/home.yml": "slug: home\nname: One\n" });
  const version = { name: "v1", description: "Opening day" };
  await callApi(origin, `/workspaces/${shop.id}/versions`, "POST", version);
  await callApi(origin, `/workspaces/${shop.id}/sources`, "PATCH", {
    files: { "pages/home.yml": "slug: home\nname: Two\n" },
  });
  await signIn();
  await page.goto(`/workspaces/${shop.slug}`);
  const menu = page.getByRole("button", { name: "More about History story" });
  await menu.press("Enter");
  await page.getByRole("menuitem", { name: "Export as an archive…" }).press("Enter");
  const exporting = page.getByRole("dialog", { name: "Export History story" });
  await exporting.getByRole("checkbox", { name: "With history" }).press("Space");
  await expectAccessible();
  const download = page.waitForEvent("download");
  await exporting.getByRole("button", { name: "Export archive" }).press("Enter");
  const archive = await (await download).path();
  await expect(exporting.getByRole("status")).toContainText("history-story-history.zip was saved");
  await expectAccessible();
  await page.keyboard.press("Escape");

  const folder = await mkdtemp(join(tmpdir(), "switchyard-story-"));
  try {
    await unpack(await readFile(archive), folder);
    await git(folder, "clone", "-q", "current", "clone");
    expect(await git(join(folder, "clone"), "log", "--format=%s%d")).toBe(
      "The workspace as it is now (HEAD -> main, origin/main, origin/HEAD)\nOpening day (tag: v1)",
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  await menu.press("Enter");
  await page.getByRole("menuitem", { name: "Import archive…" }).press("Enter");
  const importing = page.getByRole("dialog", { name: "Import an archive into History story" });
  await importing.getByLabel("Archive", { exact: true }).setInputFiles(archive);
  await importing.getByRole("button", { name: "Import archive" }).click();
  await expect(importing).toContainText("an import reads the files as they are now, not their history");
});

test("workspaces are chosen with the keyboard and exported as one archive, of which only the chosen come back", async ({
  page,
  origin,
  signIn,
  expectAccessible,
}) => {
  const text = "slug: home\nname: Exported\n";
  const north = await aWorkspace(origin, "Depot north", { "pages/home.yml": text });
  const south = await aWorkspace(origin, "Depot south", { "pages/home.yml": text });
  await signIn();
  await page.goto("/?search=depot-");
  const rows = page.getByRole("region", { name: "Workspaces", exact: true }).getByRole("row");
  await expect(rows).toHaveCount(3);
  const bar = page.getByRole("region", { name: "Chosen workspaces" });
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(rows.getByRole("checkbox", { name: "Choose Depot north" })).toBeChecked();
  // A ticked box keeps the focus, and the keys go on working there.
  await rows.getByRole("checkbox", { name: "Choose Depot south" }).press("Space");
  await expect(bar.getByRole("status")).toHaveText("2 workspaces chosen");
  await expectAccessible();
  await page.keyboard.press("e");
  const exporting = page.getByRole("dialog", { name: "Export 2 workspaces" });
  await expect(exporting).toContainText("Depot north and Depot south");
  const download = page.waitForEvent("download");
  await exporting.getByRole("button", { name: "Export archive" }).press("Enter");
  const archive = await (await download).path();
  await expect(exporting.getByRole("status")).toContainText("workspaces.zip was saved");
  await page.keyboard.press("Escape");
  await expect(exporting).toBeHidden();

  for (const { id } of [north, south])
    await callApi(origin, `/workspaces/${id}/sources`, "PATCH", { files: { "pages/home.yml": null } });
  await rows.getByRole("checkbox", { name: "Choose Depot south" }).uncheck();
  await bar.getByRole("button", { name: /^Import into these/ }).click();
  const importing = page.getByRole("dialog", { name: "Import into 1 workspace" });
  await importing.getByLabel("Archive", { exact: true }).setInputFiles(archive);
  await importing.getByRole("button", { name: "Import archive" }).click();
  await expect(importing.getByRole("status")).toContainText("1 file imported, 0 deleted");
  await expect(importing.getByRole("group").filter({ hasText: "not selected" })).toContainText("depot-south");
  await expectAccessible();
  await page.keyboard.press("Escape");
  expect(await paths(origin, north)).toContain("pages/home.yml");
  expect(await paths(origin, south)).not.toContain("pages/home.yml");
  await bar.getByRole("button", { name: "Choose none" }).click();
  await expect(bar).toBeHidden();
});

test("a workspace is duplicated under another name from its menu", async ({
  page,
  origin,
  signIn,
  expectAccessible,
}) => {
  const { slug } = await aWorkspace(origin, "Original", { "pages/home.yml": "slug: home\n" });
  await signIn();
  await page.goto(`/workspaces/${slug}`);
  await page.getByRole("button", { name: "More about Original" }).click();
  await page.getByRole("menuitem", { name: "Duplicate…" }).click();
  const dialog = page.getByRole("dialog", { name: "Duplicate Original" });
  await expect(dialog.getByLabel("Name of the copy")).toHaveValue("Original copy");
  await expectAccessible();
  await dialog.getByLabel("Name of the copy").fill("Second of its kind");
  await dialog.getByRole("button", { name: "Duplicate workspace" }).click();
  await page.waitForURL("**/workspaces/second-of-its-kind");
  await expect(page.getByRole("treeitem", { name: "home.yml" })).toBeVisible();
});
