import { expect, test } from "./support/fixtures";

const REASON = "Quiet hours came an hour too early";

test("the feed is filtered by the address, which can be passed on", async ({ page, signIn }) => {
  await signIn();
  await page.goto("/activity");
  const feed = page.getByRole("main");
  await expect(feed.getByText("Live", { exact: true })).toBeVisible();
  await page.getByRole("combobox", { name: "Kind of event" }).selectOption({ label: "Versions and imports" });
  await page.waitForURL(/types=workspaces\.versions\.published/);
  await page.getByRole("searchbox", { name: "Filter events" }).fill("v2.3.1");
  await page.waitForURL(/text=v2\.3\.1/);
  const published = feed.getByRole("listitem").filter({ hasText: "Published version v2.3.1" });
  await expect(published).toHaveCount(1);
  await expect(published).toContainText("Invoice extraction");
  await expect(feed.getByRole("listitem").filter({ hasText: "v2.2.0" })).toHaveCount(0);

  await page.reload();
  await expect(page.getByRole("searchbox", { name: "Filter events" })).toHaveValue("v2.3.1");
  await expect(published).toHaveCount(1);

  await page.getByRole("searchbox", { name: "Filter events" }).fill("nothing says this");
  await expect(feed.getByText("No event matches")).toBeVisible();
  await feed.getByRole("button", { name: "Clear the filters" }).click();
  await page.waitForURL((url) => url.pathname === "/activity" && url.search === "");
  await expect(feed.getByRole("listitem").first()).toBeVisible();
});

test("a row opens into the event as it is stored, and leads to its whole chain", async ({ page, signIn }) => {
  await signIn();
  await page.goto("/activity?types=workspaces.bulkPush.completed");
  const row = page.getByRole("main").getByRole("listitem").first();
  const button = row.getByRole("button", { name: /Bulk push: pushed/ });
  await expect(button).toHaveAttribute("aria-expanded", "false");
  await button.click();
  await expect(button).toHaveAttribute("aria-expanded", "true");
  const event = JSON.parse(await row.getByLabel("The event as JSON", { exact: true }).innerText()) as {
    type: string;
    source: { correlationId: string };
  };
  expect(event.type).toBe("workspaces.bulkPush.completed");
  await row.getByRole("button", { name: "Only this chain of events" }).click();
  await page.waitForURL((url) => url.searchParams.get("source.correlationId") === event.source.correlationId);
});

test("a published version in the feed is rolled back to from its row, and the feed says so at once", async ({
  page,
  signIn,
}) => {
  test.setTimeout(90_000);
  await signIn();
  await page.goto("/workspaces/notification-hub/activity?types=workspaces.versions.*,workspaces.imported");
  const feed = page.getByRole("main");
  await expect(feed.getByText("Live", { exact: true })).toBeVisible();
  await feed.getByRole("button", { name: "Roll back: Published version v2.2.0" }).click();
  const dialog = page.getByRole("dialog", { name: /^Roll back .+ to v2\.2\.0$/ });
  await expect(dialog.getByRole("region", { name: "What the rollback changes" })).toContainText("index.yml");
  await dialog.getByLabel("Reason").fill(REASON);
  await dialog.getByRole("button", { name: "Roll back" }).click();
  await expect(dialog).toBeHidden();
  await expect(feed.getByRole("button", { name: `Rolled back to v2.2.0: “${REASON}”` })).toBeVisible({
    timeout: 30_000,
  });
  await expect(feed.getByRole("button", { name: /Imported \d+ files? of v2\.2\.0/ }).first()).toBeVisible();
});
