import { TOKEN } from "@/lib/testing/instance";
import { aZip } from "@/lib/testing/zip/zip";
import { expect, test } from "./support/fixtures";

// The instance of the stories before, which need nothing of it any more.
test.use({ ownDemo: "import" });

const MANY = 560;

async function fill(origin: string): Promise<void> {
  const files: Record<string, string> = {};
  for (let index = 0; index < MANY; index++) {
    const number = String(index).padStart(3, "0");
    // They come last by name: a list of the first hundreds misses some of them.
    files[`workspaces/yard-${number}/index.yml`] =
      `name: Yard ${number}\nslug: yard-${number}\nlabels:\n  - production:app\n`;
  }
  const form = new FormData();
  form.set("archive", new Blob([new Uint8Array(await aZip(files))]), "fleet.zip");
  const answer = await fetch(`${origin}/v2/workspaces/import?timeout=60`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}` },
    body: form,
  });
  expect(await answer.json()).toMatchObject({ errors: [] });
}

test("a plan for hundreds draws the rows in view and all of them in turn; the activity names each of them", async ({
  page,
  origin,
  signIn,
}) => {
  test.setTimeout(240_000);
  await fill(origin);
  await signIn();

  await page.goto("/platform");
  await page.getByRole("checkbox", { name: /extended/ }).click();
  await page.getByRole("button", { name: "Plan" }).click();
  const plan = page.getByRole("region", { name: "Plan" });
  const row = (name: string) => plan.getByRole("listitem").filter({ hasText: name });
  await expect(plan.getByRole("heading")).toContainText(/5\d\d to push/);
  expect(await plan.getByRole("listitem").count()).toBeLessThan(100);
  await expect(row("yard-559")).toHaveCount(0);
  await page.keyboard.press("End");
  await expect(row("yard-559")).toContainText("Push");
  await expect(row("yard-559")).toHaveAttribute("aria-setsize", /^5\d\d$/);

  await page.goto("/activity");
  await expect(page.getByRole("listitem").filter({ hasText: "Yard 559" }).first()).toBeVisible();
});
