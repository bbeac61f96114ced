import { ADMIN } from "@/lib/testing/instance";
import { expect, test } from "./support/fixtures";

test.use({ ownDemo: "mouse" });

const PAGE = "pages/inbox.yml";
const REASON = "The new tab confused the night shift";

test("with the mouse, a group is pushed, a page edited and published, and the workspace rolled back", async ({
  page,
}) => {
  test.setTimeout(180_000);

  await test.step("sign in", async () => {
    await page.goto("/");
    await page.getByLabel("E-mail").click();
    await page.keyboard.type(ADMIN.email);
    await page.getByLabel("Password").click();
    await page.keyboard.type(ADMIN.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { name: "Fleet" })).toBeVisible();
  });

  await test.step("choose groups and plan", async () => {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Platform" }).click();
    await expect(page.getByRole("heading", { name: "Platform", level: 1 })).toBeVisible();
    await expect(page.getByRole("button", { name: "Plan" })).toBeDisabled();
    await page.getByRole("checkbox", { name: /base1/ }).click();
    await page.getByRole("checkbox", { name: /extended/ }).click();
    await page.getByRole("textbox", { name: "Version name" }).click();
    await page.keyboard.type("night-shift");
    await page.getByRole("button", { name: "Plan" }).click();
    const plan = page.getByRole("region", { name: "Plan" });
    const row = (name: string) => plan.getByRole("listitem").filter({ hasText: name });
    await expect(row("Customer support desk")).toContainText("Push");
    await expect(row("Sales assistant")).toContainText("Excluded");
    await expect(row("Knowledge base")).toContainText("Skip");
    // The plan changed nothing: it can be made again and says the same.
    const headline = await plan.getByRole("heading").innerText();
    await page.getByRole("button", { name: "Plan" }).click();
    await expect(plan.getByRole("heading")).toHaveText(headline);
  });

  await test.step("push and watch; a reload in between loses nothing", async () => {
    await page.getByRole("button", { name: /^Push \d+ workspaces$/ }).click();
    await page.waitForURL("**/operations/*");
    await page.reload();
    const summary = page.getByLabel("Summary");
    await expect(summary).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Bulk push");
    const rows = page.getByRole("region", { name: "Workspaces" }).getByRole("listitem");
    await expect(rows.filter({ hasText: "Customer support desk" })).toContainText("Pushed");
    await expect(rows.filter({ hasText: "Sales assistant" })).toContainText("Merge conflict");
    const told = await summary.innerText();
    await page.reload();
    await expect.poll(() => summary.innerText()).toBe(told);
  });

  await test.step("edit a page", async () => {
    await page.getByRole("link", { name: "Customer support desk" }).click();
    await expect(page.getByRole("heading", { name: "Customer support desk", level: 1 })).toBeVisible();
    await expect(page.getByText("Synced").first()).toBeVisible();
    await page.getByRole("treeitem", { name: "inbox.yml" }).click();
    const editor = page.getByRole("textbox", { name: `Contents of ${PAGE}` });
    await editor.getByText("Waiting", { exact: false }).first().dblclick();
    await page.keyboard.type("Unanswered");
    await expect(page.getByText("Not saved")).toBeVisible();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText(/^Saved \d\d:\d\d:\d\d$/)).toBeVisible();
    await expect(page.getByText("Dirty").first()).toBeVisible();
  });

  await test.step("look at the difference and push it", async () => {
    await page.getByRole("navigation", { name: "Workspace" }).getByRole("link", { name: "Sync" }).click();
    const changes = page.getByRole("region", { name: "Changes made here" });
    await changes.getByRole("button", { name: PAGE }).click();
    await expect(changes.getByText("Unanswered").first()).toBeVisible();
    await page.getByRole("button", { name: "Push…" }).click();
    const dialog = page.getByRole("dialog", { name: /^Push to / });
    await dialog.getByRole("textbox", { name: "Version name" }).click();
    await page.keyboard.type("unanswered-tab");
    await dialog.getByRole("button", { name: "Push" }).click();
    await expect(page.getByText("Pushed Customer support desk as unanswered-tab")).toBeVisible({
      timeout: 30_000,
    });
    await expect(page.getByText("Up to date")).toBeVisible();
  });

  await test.step("roll back to the version before, after a look at what that changes", async () => {
    await page.getByRole("navigation", { name: "Workspace" }).getByRole("link", { name: "Versions" }).click();
    const versions = page.getByRole("region", { name: "Versions" });
    await expect(versions.getByRole("listitem").first()).toContainText("unanswered-tab");
    await page.getByRole("button", { name: "Roll back to night-shift" }).click();
    const dialog = page.getByRole("dialog", { name: "Roll back Customer support desk to night-shift" });
    await dialog.getByRole("button", { name: PAGE }).click();
    await expect(dialog.getByText("Unanswered").first()).toBeVisible();
    await dialog.getByLabel("Reason").click();
    await page.keyboard.type(REASON);
    await dialog.getByRole("button", { name: "Roll back" }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText("Rolled back to night-shift", { exact: true })).toBeVisible({
      timeout: 30_000,
    });
    await expect(page.getByRole("main").getByText(REASON)).toBeVisible();
    // The state before was kept, so the rollback can be rolled back.
    await expect(versions.getByText("Snapshot").first()).toBeVisible();
  });

  await test.step("the activity tells it, and the page reads as before", async () => {
    await page.getByRole("navigation", { name: "Workspace" }).getByRole("link", { name: "Activity" }).click();
    await expect(page.getByRole("button", { name: `Rolled back to night-shift: “${REASON}”` })).toBeVisible();
    await page.getByRole("navigation", { name: "Workspace" }).getByRole("link", { name: "Files" }).click();
    await page.getByRole("treeitem", { name: "inbox.yml" }).click();
    const editor = page.getByRole("textbox", { name: `Contents of ${PAGE}` });
    await expect(editor).toContainText("Waiting");
    await expect(editor).not.toContainText("Unanswered");
  });
});
