import { callApi } from "../support/call-api";
import { expect, test } from "../support/fixtures";

test("a workspace is locked by hand with the keyboard alone, tells everybody why, and is opened again", async ({
  page,
  origin,
  signIn,
  expectAccessible,
}) => {
  const name = "Frozen for the audit";
  const { id, slug } = (await callApi(origin, "/workspaces", "POST", { name })) as {
    id: string;
    slug: string;
  };
  await signIn();
  await page.goto(`/workspaces/${slug}`);
  const menu = page.getByRole("button", { name: `More about ${name}` });
  await menu.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("End");
  await expect(page.getByRole("menuitem", { name: "Lock…" })).toBeFocused();
  await page.keyboard.press("Enter");
  const locking = page.getByRole("dialog", { name: `Lock ${name}?` });
  await expect(locking.getByLabel("Reason")).toBeFocused();
  await expectAccessible();
  await page.keyboard.type("The auditors read it");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText(`${name} is locked`)).toBeVisible();
  await expect(page.getByText(/Locked .* “The auditors read it”/)).toBeVisible();
  const refused = callApi(origin, `/workspaces/${id}`, "PATCH", { name: "Changed" });
  await expect(refused).rejects.toThrow(/423.*The auditors read it/);
  await menu.click();
  await expect(page.getByRole("menuitem", { name: "Lock…" })).toBeDisabled();
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Clear lock…" }).click();
  const clearing = page.getByRole("dialog", { name: `Clear the lock of ${name}?` });
  await expect(clearing.getByText("Edits, pushes and pulls are possible again.")).toBeVisible();
  await expect(clearing.getByText(/conflict/)).toHaveCount(0);
  await clearing.getByLabel("Reason").fill("The audit is over");
  await clearing.getByRole("button", { name: "Clear lock" }).click();
  await expect(page.getByText(`Lock of ${name} cleared`)).toBeVisible();
  await expect(page.getByText("The auditors read it")).toHaveCount(0);
  await callApi(origin, `/workspaces/${id}`, "PATCH", { name: "Changed" });
});
