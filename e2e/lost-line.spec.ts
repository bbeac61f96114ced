import { ADMIN } from "@/lib/testing/instance";
import { callApi } from "./support/call-api";
import { expect, expectProblem, test } from "./support/fixtures";

test("a server that stops answering takes nothing away from the page, and the page says so until it is back", async ({
  page,
  origin,
  problems,
  signIn,
  expectAccessible,
}) => {
  await callApi(origin, "/workspaces", "POST", { name: "Lost line", slug: "lost-line" });
  await signIn();
  await page.goto("/workspaces/lost-line?file=security.yml");
  const editor = page.getByRole("textbox", { name: "Contents of security.yml" });
  await editor.click();
  await page.keyboard.type("# typed before the cut\n");
  await expect(page.getByText("Not saved")).toBeVisible();

  await page.route(/\/(v2|healthz)(\/|$)/, (route) => route.abort());
  const notice = page.getByRole("status").filter({ hasText: "has not responded since" });
  await expect(notice).toBeVisible();
  await expect(editor).toContainText("typed before the cut");
  await expectAccessible();

  await page.unroute(/\/(v2|healthz)(\/|$)/);
  await expect(notice).toHaveCount(0);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/^Saved \d\d:\d\d:\d\d$/)).toBeVisible();
  await expectProblem(problems, /ERR_FAILED/);
});

test("a session that ends over unsaved text leaves it there; after signing in again it is saved", async ({
  page,
  origin,
  problems,
  signIn,
}) => {
  await callApi(origin, "/workspaces", "POST", { name: "Ended session", slug: "ended-session" });
  await signIn();
  await page.goto("/workspaces/ended-session?file=index.yml");
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
