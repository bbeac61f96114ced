import { callApi } from "./support/call-api";
import { expect, test } from "./support/fixtures";

interface Created {
  id: string;
  slug: string;
}

test("a token is shown once, listed without its value, and revoked", async ({
  page,
  signIn,
  expectAccessible,
}) => {
  await signIn();
  await page.goto("/account");
  await page.getByRole("button", { name: "New token" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await dialog.getByLabel("Name").fill("Nightly promotion");
  await dialog.getByRole("checkbox", { name: /^read/ }).check();
  await expectAccessible();
  await dialog.getByRole("button", { name: "Create token" }).click();
  const shown = dialog.locator("code", { hasText: /^at:/ });
  await expect(shown).toBeVisible();
  const token = (await shown.textContent()) ?? "";
  await dialog.getByRole("button", { name: "Done" }).click();
  const row = page.getByRole("listitem").filter({ hasText: "Nightly promotion" });
  await expect(row).toContainText("read");
  await expect(page.getByText(token)).toHaveCount(0);
  await expectAccessible();
  await row.getByRole("button", { name: "Revoke Nightly promotion" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke token" }).click();
  await expect(row).toHaveCount(0);
});

test("an invited person comes by their link, and sees what is shared with them", async ({
  page,
  origin,
  browser,
  signIn,
  expectAccessible,
}) => {
  const { slug } = (await callApi(origin, "/workspaces", "POST", { name: "Shared by story" })) as Created;
  await signIn();
  await page.goto("/users");
  await page.getByRole("button", { name: "Invite user" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("E-mail")).toBeFocused();
  await dialog.getByLabel("E-mail").fill("story@larkfield.example");
  await dialog.getByRole("button", { name: "Invite" }).click();
  await expect(dialog.locator("code")).toHaveText(/\/sign-in#link=/);
  const link = (await dialog.locator("code").textContent()) ?? "";
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "story@larkfield.example" })).toContainText(
    "invited",
  );
  await expectAccessible();

  await page.goto(`/workspaces/${slug}`);
  await page.getByRole("button", { name: /^More about/ }).click();
  await page.getByRole("menuitem", { name: /Share/ }).click();
  const sharing = page.getByRole("dialog");
  await sharing.getByLabel("Person or group").fill("story@larkfield.example");
  await sharing.getByLabel("Role", { exact: true }).selectOption("editor");
  await sharing.getByRole("button", { name: "Share", exact: true }).click();
  await expect(sharing.getByRole("list", { name: "Shared with" })).toContainText("story@larkfield.example");
  await expectAccessible();

  const other = await browser.newContext({ baseURL: origin });
  const theirs = await other.newPage();
  await theirs.goto(link);
  await theirs.waitForURL(/\/account$/);
  await theirs.goto("/");
  await expect(theirs.getByRole("link", { name: /Shared by story/ }).first()).toBeVisible();
  await theirs.keyboard.press("Control+k");
  await expect(theirs.getByRole("option", { name: "Account" })).toBeVisible();
  await expect(theirs.getByRole("option", { name: "API reference" })).toBeVisible();
  await expect(theirs.getByRole("option", { name: /^(Users|Audit)/ })).toHaveCount(0);
  await other.close();

  await page.keyboard.press("Escape");
  for (const [typed, heading] of [
    ["invite", "Users"],
    ["audit log", "Audit"],
    ["access tokens", "Account"],
  ] as const) {
    await page.keyboard.press("Control+k");
    await page.keyboard.type(typed);
    await expect(page.getByRole("option").first()).toContainText(heading);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: heading, level: 1 })).toBeVisible();
  }

  await page.goto("/audit");
  await page.getByLabel("Action begins with").fill("permission");
  const entry = page.getByRole("listitem").filter({ hasText: "permission.shared" }).first();
  await expect(entry).toContainText("succeeded");
  await entry.getByText("permission.shared").click();
  await expect(entry).toContainText("editor");
  await expect(entry).toContainText("Shared by story");
  await expectAccessible();
  await page.waitForURL("**/audit?action=permission");
  await page.reload();
  await expect(page.getByLabel("Action begins with")).toHaveValue("permission");
  await expect(page.getByRole("listitem").filter({ hasText: "permission.shared" }).first()).toBeVisible();
});
