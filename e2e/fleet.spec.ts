import { expect, test } from "./support/fixtures";

test("whoever signs in sees the fleet with what needs attention", async ({
  page,
  signIn,
  expectAccessible,
}) => {
  await signIn();
  for (const name of ["Customer support desk", "Knowledge base", "Identity provider", "HR onboarding"])
    await expect(page.getByRole("link", { name: new RegExp(name) }).first()).toBeVisible();
  const row = page.getByRole("row", { name: /Sales assistant/ });
  await expect(row.getByText(/conflict/i).first()).toBeVisible();
  await expectAccessible();
});

test("the sign-in page can be used without a mouse and is accessible", async ({ page, expectAccessible }) => {
  await page.goto("/sign-in");
  await expect(page.getByLabel("E-mail")).toBeVisible();
  await expectAccessible();
});
