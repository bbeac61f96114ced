import { ADMIN } from "@/lib/testing/instance";
import { callApi } from "./support/call-api";
import { expect, expectProblem, test } from "./support/fixtures";

test.use({ ownDemo: "conflict" });

const WORKSPACE = "/workspaces/sales-assistant";
const REASON = "Jonas and I agreed on ten percent";

test("a conflict names who holds the lock, why and since when, and both ways out are at hand", async ({
  page,
  signIn,
  expectAccessible,
}) => {
  await signIn();
  await page.goto(WORKSPACE);
  const main = page.getByRole("main");
  await expect(main.getByText("This workspace is locked by a merge conflict")).toBeVisible();
  await expect(main.getByText(/^Locked .+ by .+: the last merge had a conflict\./)).toBeVisible();
  await expect(main.getByRole("time").first()).toBeVisible();
  await expect(main.getByText("Read only")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);

  await main.getByRole("link", { name: "Resolve…" }).click();
  await page.waitForURL("**/sync?tab=conflicts");
  const conflicts = page.getByRole("tabpanel", { name: /Conflicts/ });
  await expect(conflicts.getByText("index.yml", { exact: true })).toBeVisible();
  await expect(conflicts).toContainText("prismeai/sales-assistant/main");
  await expect(conflicts.getByRole("button", { name: "Pull the resolution" })).toBeVisible();

  await conflicts.getByRole("button", { name: /^index\.yml/ }).click();
  const side = (name: string) => conflicts.getByRole("region", { name, exact: true });
  await expect(side("Before both changes")).toContainText("discountLimit: 15");
  await expect(side("Changed here")).toContainText(/removed: .*discountLimit: 15/);
  await expect(side("Changed here")).toContainText("discountLimit: 20");
  await expect(side("Changed in the repository")).toContainText("discountLimit: 10");
  await expectAccessible();
});

test("a conflict with a read-only repository is resolved here, for there is no branch to resolve it on", async ({
  page,
  origin,
  signIn,
  expectAccessible,
}) => {
  const desk = "/workspaces/slug:customer-support-desk";
  await callApi(origin, desk, "PATCH", { description: "Written here" });
  const pulled = callApi(origin, `${desk}/versions/latest/pull`, "POST", { repository: { id: "release" } });
  await expect(pulled).rejects.toThrow(/409.*MergeConflict/);
  await signIn();
  await page.goto("/workspaces/customer-support-desk/sync?repository=release&tab=conflicts");
  const conflicts = page.getByRole("tabpanel", { name: /Conflicts/ });
  await expect(conflicts.getByText("index.yml", { exact: true })).toBeVisible();
  await expect(conflicts).toContainText("Nothing can be written to a read-only repository");
  await expect(conflicts).not.toContainText("git ");
  await expectAccessible();
  await conflicts.getByRole("button", { name: "Discard local changes…" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Discard/ })
    .click();
  await expect(page.getByText("Pulled Customer support desk")).toBeVisible({ timeout: 30_000 });
  await callApi(origin, desk, "PATCH", { description: "Written here" });
  await callApi(origin, `${desk}/versions/latest/pull`, "POST", { repository: { id: "release" } });
  expect(await callApi(origin, desk)).toMatchObject({ description: "Written here" });
});

test("clearing the lock needs a reason; a pull that discards names what is lost and brings both sides together", async ({
  page,
  signIn,
}) => {
  test.setTimeout(120_000);
  await signIn();
  await page.goto(`${WORKSPACE}/sync?tab=conflicts`);
  await page.getByRole("button", { name: "Clear lock…" }).click();
  const clear = page.getByRole("dialog", { name: "Clear the lock of Sales assistant?" });
  await clear.getByRole("button", { name: "Clear lock" }).click();
  await expect(clear.getByLabel("Reason")).toBeFocused();
  await expect(clear).toBeVisible();
  await clear.getByLabel("Reason").fill(REASON);
  await clear.getByRole("button", { name: "Clear lock" }).click();
  await expect(clear).toBeHidden();
  await expect(page.getByText("This workspace is locked by a merge conflict")).toBeHidden();

  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: /^Discard/ }).click();
  const discard = page.getByRole("dialog", { name: "Discard 1 local change in Sales assistant?" });
  await expect(discard.getByText("Will be lost: 1 changed")).toBeVisible();
  await expect(discard.getByRole("listitem")).toHaveText("index.ymlchanged");
  await expect(discard).toContainText("A snapshot is saved first");
  await discard.getByRole("button", { name: "Discard 1 local change" }).click();
  await expect(discard).toBeHidden();
  await expect(page.getByText("Pulled Sales assistant")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("Synced").first()).toBeVisible();
  await expect(page.getByText("Up to date")).toBeVisible();

  await page.getByRole("navigation", { name: "Workspace" }).getByRole("link", { name: "Activity" }).click();
  await expect(page.getByRole("button", { name: `Cleared the lock: “${REASON}”` })).toBeVisible();
  await page.getByRole("navigation", { name: "Workspace" }).getByRole("link", { name: "Versions" }).click();
  await expect(page.getByRole("region", { name: "Versions" }).getByText("Snapshot").first()).toBeVisible();
  await page.getByRole("navigation", { name: "Workspace" }).getByRole("link", { name: "Files" }).click();
  const editor = page.getByRole("textbox", { name: "Contents of index.yml" });
  await expect(editor).toContainText("discountLimit: 10");
  await page.getByRole("button", { name: "New file" }).click();
  await expect(page.getByRole("dialog", { name: "New file" })).toBeVisible();
});

test("YAML that cannot be read is refused with file and line, and what was typed stays", async ({
  page,
  signIn,
  problems,
}) => {
  await signIn();
  await page.goto("/workspaces/knowledge-base?file=pages%2Fask.yml");
  const editor = page.getByRole("textbox", { name: "Contents of pages/ask.yml" });
  await editor.click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("blocks: [never closed\n");
  await page.getByRole("button", { name: "Save" }).click();
  const alert = page.getByRole("main").getByRole("alert");
  await expect(alert).toContainText("Not saved");
  await expect(alert).toContainText("UnreadableContent");
  await expect(alert).toContainText(/pages\/ask\.yml.*line \d+/);
  await expect(editor).toContainText("blocks: [never closed");
  await expect(page.getByRole("status").getByText("Not saved")).toBeVisible();
  await expectProblem(problems, /status of 422/);

  // Another file and back: the text is still there; mended, it is saved.
  await page.getByRole("treeitem", { name: "sources.yml" }).click();
  await expect(page.getByRole("textbox", { name: "Contents of pages/sources.yml" })).toBeVisible();
  await page.getByRole("treeitem", { name: "ask.yml" }).last().click();
  await expect(editor).toContainText("blocks: [never closed");
  await page.getByRole("button", { name: "Revert" }).click();
  await expect(editor).not.toContainText("never closed");
});

test("a slug in use is refused by name and what was filled in stays", async ({ page, signIn, problems }) => {
  await signIn();
  await page.getByRole("button", { name: "New workspace" }).click();
  const dialog = page.getByRole("dialog", { name: /workspace/i });
  await dialog.getByLabel("Name").fill("Knowledge base");
  await expect(dialog.getByLabel("Slug")).toHaveValue("knowledge-base");
  await dialog.getByRole("button", { name: "Create workspace" }).click();
  await expect(dialog.getByRole("alert")).toContainText("knowledge-base");
  await expectProblem(problems, /status of 409/);

  await dialog.getByLabel("Slug").fill("Knowledge Base 2");
  await expect(dialog.getByRole("button", { name: "Create workspace" })).toBeDisabled();
  await dialog.getByLabel("Slug").fill("knowledge-base-2");
  await dialog.getByRole("button", { name: "Create workspace" }).click();
  await page.waitForURL("**/workspaces/knowledge-base-2");
  await expect(page.getByRole("heading", { name: "Knowledge base", level: 1 })).toBeVisible();
});

test("a wrong password is refused without saying what was wrong; the right one leads to the page that was asked for", async ({
  page,
  problems,
}) => {
  await page.goto("/workspaces/knowledge-base/versions");
  await page.getByLabel("E-mail").fill("nobody@larkfield.example");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  const alert = page.getByRole("main").getByRole("alert");
  await expect(alert).toContainText("Not signed in");
  await expect(alert).not.toContainText("nobody@larkfield.example");
  await expect(page.getByLabel("E-mail")).toHaveValue("nobody@larkfield.example");
  await expectProblem(problems, /status of 401/);

  await page.getByLabel("E-mail").fill(ADMIN.email);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/workspaces/knowledge-base/versions");
  await expect(page.getByRole("region", { name: "Versions" })).toBeVisible();
});
