import { callApi } from "../support/call-api";
import { expect, test } from "../support/fixtures";

const SLUG = "compared";

test("whoever may only read a workspace compares a version with now, and is not offered to roll back", async ({
  page,
  origin,
  expectAccessible,
}) => {
  const here = `/workspaces/slug:${SLUG}`;
  await callApi(origin, "/workspaces", "POST", { name: "Compared", slug: SLUG });
  await callApi(origin, `${here}/versions`, "POST", { name: "first" });
  await callApi(origin, `${here}/sources`, "PATCH", { files: { "pages/later.yml": "slug: later\n" } });
  const reader = { email: "compares@larkfield.example" };
  const { signInPath } = (await callApi(origin, "/users", "POST", reader)) as { signInPath: string };
  await callApi(origin, `${here}/permissions`, "POST", { target: reader, permissions: { role: "viewer" } });

  await page.goto(signInPath);
  await page.waitForURL("**/account");
  await page.goto(`/workspaces/${SLUG}/versions`);
  const compare = page.getByRole("button", { name: "Compare first with now" });
  await compare.click();
  const dialog = page.getByRole("dialog", { name: "first compared with now" });
  await expect(dialog.getByRole("button", { name: "pages/later.yml" })).toContainText("Deleted");
  await expectAccessible();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(compare).toBeFocused();
  await expect(page.getByRole("button", { name: /^Roll back/ })).toHaveCount(0);
});
