import { expect, test } from "./support/fixtures";

test("the API reference is found by name, searched, and shows what a route takes and answers", async ({
  page,
  signIn,
  expectAccessible,
}) => {
  await signIn();
  await expect(page.getByRole("heading", { name: "Fleet", level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("openapi");
  await expect(page.getByRole("option", { name: "API reference" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/api-reference");
  const main = page.getByRole("main");
  await expect(main.getByRole("status").getByText(/^(\d+) of \1 operations$/)).toBeVisible();

  await page.getByRole("searchbox", { name: "Search operations" }).fill("versions/{name}/rollback");
  await expect(main.getByRole("status").getByText(/^1 of \d+ operations$/)).toBeVisible();
  await main.getByText("/v2/workspaces/{id}/versions/{name}/rollback", { exact: true }).click();
  const operation = main.getByRole("listitem").filter({ hasText: "rollback" }).first();
  const part = (name: string) =>
    operation.locator("section").filter({ has: page.getByRole("heading", { name }) });
  await expect(operation).toContainText("Needs update on the workspace.");
  await expect(part("Parameters")).toContainText("name");
  await expect(part("Body")).toContainText("reason");
  await expect(part("Answer").first()).toContainText("snapshot");
  await expect(part("Errors")).toContainText("423");
  await expect(operation.getByLabel("Command", { exact: true })).toContainText("Authorization: Bearer");
  await expectAccessible();

  await page.getByRole("searchbox", { name: "Search operations" }).fill("nothing is called this");
  await expect(main.getByText("No operation matches")).toBeVisible();
  await main.getByRole("button", { name: "Clear the search" }).click();
  await expect(main.getByRole("status").getByText(/^(\d+) of \1 operations$/)).toBeVisible();
});
