import { callApi } from "../support/call-api";
import { expect, test } from "../support/fixtures";

const SLUG = "many-files";

test("a folder of hundreds of files is closed at first and says how many; a filter and a link show what is in it", async ({
  page,
  origin,
  signIn,
}) => {
  const files = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => {
      const slug = `step-${String(index).padStart(3, "0")}`;
      return [`automations/${slug}.yml`, `slug: ${slug}\ndo: []\n`];
    }),
  );
  await callApi(origin, "/workspaces", "POST", { name: "Many files", slug: SLUG });
  await callApi(origin, `/workspaces/slug:${SLUG}/sources`, "PATCH", {
    files: { ...files, "pages/home.yml": "slug: home\nblocks: []\n" },
  });
  await signIn();
  await page.goto(`/workspaces/${SLUG}`);
  const folder = page.getByRole("treeitem", { name: "automations" });
  const step = page.getByRole("treeitem", { name: "step-299.yml" });
  await expect(folder).toContainText("300");
  await expect(folder).toHaveAttribute("aria-expanded", "false");
  await expect(page.getByRole("treeitem", { name: "home.yml" })).toBeInViewport();

  await page.getByLabel("Filter files").fill("step-299");
  await expect(step).toBeVisible();
  await page.getByLabel("Filter files").fill("");
  await expect(step).toHaveCount(0);
  await folder.focus();
  await page.keyboard.press("ArrowRight");
  await expect(step).toHaveCount(1);
  await page.keyboard.press("ArrowLeft");
  await expect(step).toHaveCount(0);

  await page.goto(`/workspaces/${SLUG}?file=automations%2Fstep-299.yml`);
  await expect(step).toHaveAttribute("aria-selected", "true");
});
