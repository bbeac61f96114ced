import type { Locator, Page } from "@playwright/test";
import { ADMIN } from "@/lib/testing/instance";
import { expect, test } from "./support/fixtures";

test.use({ ownDemo: "keyboard" });

const PAGE = "pages/help/contact.yml";
const REASON = "The address was wrong";
const MOST_STOPS = 80;

const hasFocus = (target: Locator) => target.evaluate((element) => element === document.activeElement);

/** Goes on with Tab, or back with Shift+Tab, until the control has the focus, and shows that it has it. */
async function tabTo(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await expect(target).toBeVisible();
  for (let stops = 0; !(await hasFocus(target)); stops++) {
    expect(stops, `${key} reaches ${String(target)}`).toBeLessThan(MOST_STOPS);
    await page.keyboard.press(key);
  }
  await expect(target).toBeFocused();
}

async function tabAndPress(page: Page, target: Locator, key: string): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

async function openTab(page: Page, name: string): Promise<void> {
  const link = page.getByRole("navigation", { name: "Workspace" }).getByRole("link", { name });
  await tabTo(page, link, "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(link).toHaveAttribute("aria-current", "page");
}

test("with the keyboard alone, a group is pushed, a page edited and published, and the workspace rolled back", async ({
  page,
}) => {
  test.setTimeout(180_000);
  // A story that touches the mouse after all fails as any error in the console does.
  await page.addInitScript(() => {
    document.addEventListener("pointerdown", () => {
      console.error("The mouse was used.");
    });
  });

  await test.step("sign in; the first field has the focus", async () => {
    await page.goto("/");
    await expect(page.getByLabel("E-mail")).toBeFocused();
    await page.keyboard.type(ADMIN.email);
    await page.keyboard.press("Tab");
    await expect(page.getByLabel("Password")).toBeFocused();
    await page.keyboard.type(ADMIN.password);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Fleet" })).toBeVisible();
  });

  await test.step("choose groups and plan", async () => {
    await page.getByRole("link", { name: "Customer support desk" }).first().waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await tabAndPress(page, page.getByRole("checkbox", { name: /base2/ }), "Space");
    await tabAndPress(page, page.getByRole("checkbox", { name: /extended/ }), "Space");
    await expect(page.getByRole("checkbox", { name: /extended/ })).toBeChecked();
    await tabTo(page, page.getByRole("textbox", { name: "Version name" }));
    await page.keyboard.type("keys-only");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("region", { name: "Plan" }).getByRole("heading")).toContainText("to push");
  });

  await test.step("push and watch; a reload in between loses nothing", async () => {
    await tabAndPress(page, page.getByRole("button", { name: /^Push \d+ workspaces$/ }), "Enter");
    await page.waitForURL("**/operations/*");
    await page.reload();
    const summary = page.getByLabel("Summary");
    await expect(summary).toBeVisible({ timeout: 60_000 });
    const told = await summary.innerText();
    await page.reload();
    await expect.poll(() => summary.innerText()).toBe(told);
    await expect(page.getByRole("region", { name: "Workspaces" })).toContainText("Merge conflict");
  });

  await test.step("find a workspace by its name", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("f");
    await expect(page.getByRole("heading", { name: "Fleet" })).toBeVisible();
    await page.keyboard.press("/");
    await expect(page.getByRole("searchbox", { name: "Filter workspaces" })).toBeFocused();
    await page.keyboard.type("support desk");
    await page.waitForURL("**/?search=support+desk");
    await page.keyboard.press("Escape");
    const rows = page.getByRole("region", { name: "Workspaces" }).getByRole("row");
    await expect(rows).toHaveCount(2);
    await page.keyboard.press("j");
    await expect(rows.getByRole("link", { name: "Customer support desk" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Customer support desk", level: 1 })).toBeVisible();
  });

  await test.step("edit a page and save it", async () => {
    const tree = page.getByRole("tree", { name: "Files" });
    await tabTo(page, tree.getByRole("treeitem", { name: "index.yml" }));
    const pages = tree.getByRole("treeitem", { name: "pages" });
    for (let stops = 0; !(await hasFocus(pages)); stops++) {
      expect(stops).toBeLessThan(MOST_STOPS);
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("ArrowLeft");
    await expect(pages).toHaveAttribute("aria-expanded", "false");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect(tree.getByRole("treeitem", { name: "contact.yml" })).toBeFocused();
    await page.keyboard.press("Enter");
    const editor = page.getByRole("textbox", { name: `Contents of ${PAGE}` });
    await tabTo(page, editor);
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\n# Checked by the night shift");
    await page.keyboard.press("Control+s");
    await expect(page.getByText(/^Saved \d\d:\d\d:\d\d$/)).toBeVisible();
    await expect(page.getByText("Dirty").first()).toBeVisible();
    // Tab indents here; Escape first, and it leaves.
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+Tab");
    await expect(editor).not.toBeFocused();
  });

  await test.step("look at the difference and push it", async () => {
    await openTab(page, "Sync");
    const changes = page.getByRole("region", { name: "Changes made here" });
    await tabAndPress(page, changes.getByRole("button", { name: PAGE }), "Enter");
    await expect(changes.getByText("Checked by the night shift").first()).toBeVisible();
    await tabTo(page, page.getByRole("button", { name: "Push…" }), "Shift+Tab");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: /^Push to / });
    await tabTo(page, dialog.getByRole("textbox", { name: "Version name" }));
    await page.keyboard.type("checked");
    await page.keyboard.press("Enter");
    await expect(page.getByText("Pushed Customer support desk as checked")).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText("Up to date")).toBeVisible();
  });

  await test.step("roll back to the version before, after a look at what that changes", async () => {
    await openTab(page, "Versions");
    const button = page.getByRole("button", { name: "Roll back to keys-only" });
    await tabAndPress(page, button, "Enter");
    const dialog = page.getByRole("dialog", { name: "Roll back Customer support desk to keys-only" });
    await tabAndPress(page, dialog.getByRole("button", { name: PAGE }), "Enter");
    await expect(dialog.getByText("Checked by the night shift").first()).toBeVisible();
    // Escape closes and gives the focus back to where it came from.
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(button).toBeFocused();
    await page.keyboard.press("Enter");
    await tabTo(page, dialog.getByLabel("Reason"));
    await page.keyboard.type(REASON);
    await tabAndPress(page, dialog.getByRole("button", { name: "Roll back" }), "Enter");
    await expect(dialog).toBeHidden();
    await expect(page.getByText("Rolled back to keys-only", { exact: true })).toBeVisible({
      timeout: 30_000,
    });
    await expect(page.getByRole("main").getByText(REASON)).toBeVisible();
  });

  await test.step("the activity tells it", async () => {
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("combobox")).toBeFocused();
    await page.keyboard.type("activity");
    await expect(page.getByRole("option", { name: /Activity/ })).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/activity");
    const told = page.getByRole("button", { name: `Rolled back to keys-only: “${REASON}”` });
    await tabAndPress(page, told, "Enter");
    await expect(page.getByLabel("The event as JSON", { exact: true })).toContainText(
      '"workspaces.versions.rollback"',
    );
  });
});
