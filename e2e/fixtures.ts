import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";
import { ADMIN } from "@/lib/testing/instance";

interface Fixtures {
  /** What the browser reported as an error; a story that expects one removes it, any other fails. */
  problems: string[];
  /** Signs in with the keyboard, as the first administrator. */
  signIn: () => Promise<void>;
  /** Fails on any violation of accessibility on the page as it stands. */
  expectAccessible: () => Promise<void>;
}

function watch(page: Page, problems: string[]): void {
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => problems.push(String(error.stack ?? error)));
}

export const test = base.extend<Fixtures>({
  baseURL: async ({ browserName: _ }, provide) => {
    const url = process.env["E2E_BASE_URL"];
    if (!url) throw new Error("The shared instance did not start.");
    await provide(url);
  },
  problems: [
    async ({ page }, provide) => {
      const problems: string[] = [];
      watch(page, problems);
      await provide(problems);
      expect(problems, "errors in the browser's console").toEqual([]);
    },
    { auto: true },
  ],
  signIn: async ({ page }, provide) => {
    await provide(async () => {
      await page.goto("/sign-in");
      await page.getByLabel("E-mail").fill(ADMIN.email);
      await page.getByLabel("Password").fill(ADMIN.password);
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    });
  },
  expectAccessible: async ({ page }, provide) => {
    await provide(async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
      expect(found).toEqual([]);
    });
  },
});

export { expect };
