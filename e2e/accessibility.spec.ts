import { readdirSync } from "node:fs";
import { dirname, sep } from "node:path";
import type { Page } from "@playwright/test";
import { ADMIN } from "@/lib/testing/instance";
import { callApi } from "./support/call-api";
import { expect, expectProblem, test } from "./support/fixtures";

// Half-faded colours would be measured while something appears.
test.use({ contextOptions: { reducedMotion: "reduce" } });

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };

interface Place {
  path: string;
  /** A text that shows that the page holds its data. */
  shows: RegExp;
  /** What the browser itself reports about the address. */
  problem?: RegExp;
}

const DESK = "/workspaces/customer-support-desk";
const CONFLICTED = "/workspaces/sales-assistant";
const LOCKED = "/workspaces/locked-for-audit";

const PLACES: Record<string, Place> = {
  "the fleet": { path: "/", shows: /Needs attention/ },
  "the filtered fleet": { path: "/?status=dirty&group=extended", shows: /E-?mail triage/i },
  "the fleet without a match": { path: "/?search=nothing+is+called+this", shows: /No workspace matches/ },
  "a workspace's files": { path: `${DESK}?file=pages%2Finbox.yml`, shows: /onInit/ },
  "a file that is no text to edit": { path: `${DESK}?file=icon.svg`, shows: /icon\.svg/ },
  "a workspace's sync": { path: `${DESK}/sync`, shows: /pages\/inbox\.yml/ },
  "a workspace that is behind": { path: "/workspaces/meeting-notes/sync?tab=updates", shows: /README\.md/ },
  "a workspace's versions": { path: `${DESK}/versions`, shows: /v2\.3\.0/ },
  "a rolled back workspace's versions": {
    path: "/workspaces/analytics-dashboard/versions",
    shows: /Rolled back to v2\.2\.0/,
  },
  "a workspace's activity": { path: `${DESK}/activity`, shows: /Published version v2\.3\.0/ },
  "a workspace's settings": { path: `${DESK}/settings`, shows: /Duplicate this workspace/ },
  "a conflicted workspace": { path: CONFLICTED, shows: /This workspace is locked by a merge conflict/ },
  "a conflicted workspace's sync": { path: `${CONFLICTED}/sync?tab=conflicts`, shows: /Pull the resolution/ },
  "a locked workspace": { path: LOCKED, shows: /This workspace is locked/ },
  "a locked workspace's sync": { path: `${LOCKED}/sync`, shows: /This workspace is locked/ },
  "a workspace that does not exist": {
    path: "/workspaces/no-such-workspace",
    shows: /No workspace “/,
    problem: /status of 404/,
  },
  "the platform's versions": { path: "/platform", shows: /Plan before you start/ },
  "the platform's import": { path: "/platform?do=import", shows: /Import up-to-date workspaces too/ },
  "the platform's activity": { path: "/platform/activity", shows: /Bulk push: pushed/ },
  "the platform's repositories": { path: "/platform/repositories", shows: /Release v2\.4\.0/ },
  "the platform's groups": { path: "/platform/groups", shows: /production:app:base1/ },
  "the operations": { path: "/operations", shows: /Bulk push/ },
  "the activity": { path: "/activity?types=workspaces.versions.published", shows: /Published version/ },
  "the account": { path: "/account", shows: /Access tokens/ },
  "the users": { path: "/users", shows: /admin@larkfield\.example/ },
  "the audit": { path: "/audit", shows: /session\.|account\.|user\./ },
  "the API reference": { path: "/api-reference", shows: /of \d+ operations/ },
  "a page that does not exist": {
    path: "/no/such/page",
    shows: /This track leads nowhere/,
    problem: /status of 404/,
  },
};

// Stories of their own below: these two need more than an address.
const ELSEWHERE = ["/sign-in", "/operations/some-id"];

/** The addresses of the app's pages, with `[slug]` where a name goes. */
function pagesOfTheApp(): string[] {
  return readdirSync("app", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(`${sep}page.tsx`))
    .map((file) => dirname(file).split(sep))
    .map((folders) => `/${folders.filter((folder) => !folder.startsWith("(")).join("/")}`);
}

async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const excess = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  expect(excess, "pixels to scroll sideways").toBe(0);
}

// A theme changes nothing but colours.
const LOOKS: [typeof WIDE, "light" | "dark", string[]?][] = [
  [WIDE, "light"],
  [WIDE, "dark", ["color-contrast"]],
  [NARROW, "light"],
];

/** Light and dark on a wide window, and on a phone. */
async function expectGoodLooks(
  page: Page,
  expectAccessible: (rules?: string[]) => Promise<void>,
): Promise<void> {
  for (const [viewport, colorScheme, rules] of LOOKS) {
    await test.step(`${String(viewport.width)} px wide, ${colorScheme}`, async () => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await expect(page.locator("html")).toHaveClass(new RegExp(`\\b${colorScheme}\\b`));
      await expectAccessible(rules);
      await expectNoSidewaysScrolling(page);
    });
  }
}

/** Signs in without the page for it, which other stories walk through. */
async function enter(page: Page): Promise<void> {
  const answer = await page.request.post("/v2/signin", {
    data: { email: ADMIN.email, password: ADMIN.password },
  });
  expect(answer.status()).toBe(200);
}

test.describe.configure({ timeout: 240_000 });

test.beforeAll(async ({ origin }) => {
  const found = await callApi(origin, "/workspaces?search=locked-for-audit");
  if (Array.isArray(found) && found.length > 0) return;
  await callApi(origin, "/workspaces", "POST", { name: "Locked for audit", slug: "locked-for-audit" });
  await callApi(origin, "/workspaces/slug:locked-for-audit/writeLock", "POST", {
    reason: "Audit until Friday",
  });
});

test("the sign-in page is accessible in light and dark, wide and narrow", async ({
  page,
  expectAccessible,
}) => {
  await page.goto("/sign-in");
  await expect(page.getByLabel("E-mail")).toBeFocused();
  await expectGoodLooks(page, expectAccessible);
});

test("every page of the app is among those looked at", () => {
  const looked = [...Object.values(PLACES).map(({ path }) => path.replace(/\?.*/, "")), ...ELSEWHERE];
  const missing = pagesOfTheApp().filter((page) => {
    const address = new RegExp(`^${page.replace(/\[[^\]]+\]/g, "[^/]+")}$`);
    return !looked.some((path) => address.test(path));
  });
  expect(missing).toEqual([]);
});

for (const [name, { path, shows, problem }] of Object.entries(PLACES)) {
  test(`${name}: accessible in light and dark, wide and narrow`, async ({
    page,
    problems,
    expectAccessible,
  }) => {
    await enter(page);
    await page.goto(path);
    await expect(page.getByText(shows).filter({ visible: true }).first()).toBeVisible();
    await expectGoodLooks(page, expectAccessible);
    if (problem) await expectProblem(problems, problem);
  });
}

test("the page of an operation is accessible, whether it succeeded or met a conflict", async ({
  page,
  origin,
  expectAccessible,
}) => {
  await enter(page);
  const operations = (await callApi(origin, "/operations?limit=100")) as { id: string; kind: string }[];
  for (const [kind, shows] of [
    ["bulkPush", "Summary"],
    ["pull", "Progress"],
    ["rollback", "Progress"],
  ] as const) {
    const operation = operations.find((candidate) => candidate.kind === kind);
    expect(operation, `an operation of kind ${kind}`).toBeDefined();
    await page.goto(`/operations/${operation?.id ?? ""}`);
    await expect(page.getByLabel(shows).first()).toBeVisible();
    await expectGoodLooks(page, expectAccessible);
  }
});

test("dialogs, the palette and an opened row are accessible", async ({ page, expectAccessible }) => {
  await enter(page);
  await page.goto("/");
  await page.getByRole("button", { name: "New workspace" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectGoodLooks(page, expectAccessible);
  await page.keyboard.press("Escape");
  await page.setViewportSize(WIDE);

  await page.keyboard.press("Control+k");
  await expect(page.getByRole("option", { name: /Contract review/ })).toBeVisible();
  await expectGoodLooks(page, expectAccessible);
  await page.keyboard.press("Escape");
  await page.setViewportSize(WIDE);

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await expectGoodLooks(page, expectAccessible);

  await page.setViewportSize(WIDE);
  await page.goto(`${DESK}/versions`);
  await page.getByRole("button", { name: "Roll back to v2.2.0" }).click();
  const preview = page.getByRole("region", { name: "What the rollback changes" });
  await preview.getByRole("button", { name: "index.yml" }).click();
  await expect(preview.getByText("harbour-lines.example")).toBeVisible();
  await expectGoodLooks(page, expectAccessible);

  await page.setViewportSize(WIDE);
  await page.goto("/activity?types=workspaces.versions.published");
  await page.getByRole("main").getByRole("listitem").first().getByRole("button").first().click();
  await expect(page.getByLabel("The event as JSON", { exact: true })).toBeVisible();
  await expectGoodLooks(page, expectAccessible);
});
