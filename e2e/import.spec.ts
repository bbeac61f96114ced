import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures";

test.use({ ownDemo: "import" });

const plan = (page: Page) => page.getByRole("region", { name: "Plan" });
const planned = (page: Page, name: string) => plan(page).getByRole("listitem").filter({ hasText: name });
const rows = (page: Page) => page.getByRole("region", { name: "Workspaces" }).getByRole("listitem");

async function openImport(page: Page): Promise<void> {
  await page.goto("/platform");
  await page.getByRole("tab", { name: "Import from a repository" }).click();
  await page.waitForURL("**/platform?do=import");
  await page
    .getByRole("combobox", { name: "Repository" })
    .selectOption({ label: "Release v2.4.0 (read-only)" });
}

async function figure(page: Page, label: string): Promise<number> {
  const summary = page.getByLabel("Summary");
  await expect(summary).toBeVisible({ timeout: 60_000 });
  const entry = summary
    .locator("div")
    .filter({ has: page.getByRole("term").getByText(label, { exact: true }) });
  return Number(await entry.getByRole("definition").innerText());
}

test("a release is planned, imported and watched; what is here is skipped, unless it is asked for again", async ({
  page,
  signIn,
}) => {
  test.setTimeout(180_000);
  await signIn();

  await test.step("the plan lists what would be created, updated and skipped, in the order of dependencies", async () => {
    await openImport(page);
    await page.getByRole("button", { name: "Plan" }).click();
    await expect(plan(page).getByText("6 workspaces checked, nothing changed yet")).toBeVisible();
    await expect(planned(page, "travel-desk")).toContainText("Create");
    await expect(planned(page, "customer-support-desk")).toContainText("Update");
    const order = await plan(page).getByRole("listitem").allInnerTexts();
    const at = (slug: string) => order.findIndex((text) => text.includes(slug));
    expect(at("identity-provider")).toBeLessThan(at("knowledge-base"));
    expect(at("knowledge-base")).toBeLessThan(at("customer-support-desk"));
    // Nothing was made by looking.
    await page.goto("/?search=travel");
    await expect(page.getByText("No workspace matches")).toBeVisible();
  });

  await test.step("the import is watched to its end", async () => {
    await openImport(page);
    await page.getByRole("button", { name: "Plan" }).click();
    await page.getByRole("button", { name: /^Import \d workspaces$/ }).click();
    await page.waitForURL("**/operations/*");
    expect(await figure(page, "Created")).toBe(2);
    expect(await figure(page, "Updated")).toBe(4);
    expect(await figure(page, "Failed")).toBe(0);
    await expect(rows(page)).toHaveCount(6);
    await expect(rows(page).getByRole("link", { name: "Translation service" })).toBeVisible();
    await rows(page).filter({ hasText: "travel-desk" }).getByRole("link").click();
    await expect(page.getByRole("heading", { name: "Travel desk", level: 1 })).toBeVisible();
    await expect(page.getByText("Synced").first()).toBeVisible();
  });

  await test.step("a second run skips all", async () => {
    await openImport(page);
    await page.getByRole("button", { name: "Plan" }).click();
    await expect(plan(page).getByRole("heading")).toHaveText("6 up to date");
    await expect(page.getByRole("button", { name: "Import", exact: true })).toBeDisabled();
    // Without a plan it runs, and finds nothing to do.
    await openImport(page);
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.waitForURL("**/operations/*");
    expect(await figure(page, "Skipped")).toBe(6);
    expect(await figure(page, "Updated")).toBe(0);
  });

  await test.step("asked for again, all are imported again", async () => {
    await openImport(page);
    await page.getByRole("checkbox", { name: /^Import up-to-date workspaces too/ }).check();
    await page.getByRole("button", { name: "Plan" }).click();
    await expect(plan(page).getByRole("heading")).toHaveText("6 to update");
    await page.getByRole("button", { name: "Import 6 workspaces" }).click();
    await page.waitForURL("**/operations/*");
    expect(await figure(page, "Updated")).toBe(6);
    expect(await figure(page, "Skipped")).toBe(0);
  });
});

test("deleting what the repository does not hold is asked for twice", async ({ page, signIn }) => {
  await signIn();
  await openImport(page);
  await page.getByRole("checkbox", { name: "base1" }).check();
  await page.getByRole("checkbox", { name: /^Delete workspaces that are not in the repository/ }).check();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Import and delete?" });
  await expect(dialog).toContainText("base1");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/\/platform\?do=import$/);
});
