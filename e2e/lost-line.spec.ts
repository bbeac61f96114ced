import { ADMIN } from "@/lib/testing/instance";
import { callApi } from "./support/call-api";
import { expect, expectProblem, test } from "./support/fixtures";

const SLUG = "lost-line";

test.beforeAll(async ({ origin }) => {
  await callApi(origin, "/workspaces", "POST", { name: "Lost line", slug: SLUG });
});

test("a server that stops answering takes nothing away from the page, and the page says so until it is back", async ({
  page,
  problems,
  signIn,
  expectAccessible,
}) => {
  await signIn();
  await page.goto(`/workspaces/${SLUG}?file=security.yml`);
  const editor = page.getByRole("textbox", { name: "Contents of security.yml" });
  await editor.click();
  await page.keyboard.type("# typed before the cut\n");
  await expect(page.getByText("Not saved")).toBeVisible();

  await page.route(/\/(v2|healthz)(\/|$)/, (route) => route.abort());
  const notice = page.getByRole("status").filter({ hasText: "has not answered since" });
  await expect(notice).toBeVisible();
  await expect(editor).toContainText("typed before the cut");
  await expectAccessible();

  await page.getByRole("link", { name: "Fleet" }).first().click();
  await page.goBack();
  await expect(editor).toContainText("typed before the cut");

  await page.unroute(/\/(v2|healthz)(\/|$)/);
  await expect(notice).toHaveCount(0);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/^Saved \d\d:\d\d:\d\d$/)).toBeVisible();
  await expectProblem(problems, /ERR_FAILED/);
});

test("a session that ends over unsaved text leaves it there; after signing in again it is saved", async ({
  page,
  problems,
  signIn,
}) => {
  await signIn();
  await page.goto(`/workspaces/${SLUG}?file=index.yml`);
  const editor = page.getByRole("textbox", { name: "Contents of index.yml" });
  await editor.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("# typed before the end\n");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Save" }).click();
  const notice = page.getByRole("status").filter({ hasText: "Your session has ended" });
  await expect(notice.getByRole("link", { name: "Sign in" })).toHaveAttribute("target", "_blank");
  await expect(editor).toContainText("typed before the end");

  await page.request.post("/v2/signin", { data: { email: ADMIN.email, password: ADMIN.password } });
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/^Saved \d\d:\d\d:\d\d$/)).toBeVisible();
  await expect(notice).toHaveCount(0);
  await expectProblem(problems, /status of 401/);
});
