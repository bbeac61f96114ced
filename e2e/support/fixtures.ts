import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";
import { ADMIN } from "@/lib/testing/instance";
import { sharedOrigin, startDemo } from "./start-instance";

interface WorkerFixtures {
  /** Names an instance of its own for stories that change the fleet; without a name they use the worker's. */
  ownDemo: string;
  /** Where that instance is served. */
  origin: string;
}

interface Fixtures {
  /** What the browser reported as an error; a story that expects one removes it, any other fails. */
  problems: string[];
  /** Signs in with the keyboard, as the first administrator. */
  signIn: () => Promise<void>;
  /** Fails on any violation of accessibility on the page as it stands; of all rules, or of those named. */
  expectAccessible: (rules?: string[]) => Promise<void>;
}

function watch(page: Page, problems: string[]): void {
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => problems.push(String(error.stack ?? error)));
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  ownDemo: ["", { scope: "worker", option: true }],
  origin: [
    async ({ ownDemo }, provide, { parallelIndex }) => {
      const own = ownDemo ? await startDemo() : undefined;
      await provide(own?.url ?? sharedOrigin(parallelIndex));
      await own?.stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],
  // A control that is not there fails its story long before the story's own limit.
  actionTimeout: 15_000,
  baseURL: async ({ origin }, provide) => {
    await provide(origin);
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
    await provide(async (rules) => {
      // Without frames to look into, it needs no second page to put the results together.
      const axe = new AxeBuilder({ page }).setLegacyMode();
      const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
      expect(found).toEqual([]);
    });
  },
});

/** Waits for problems that the story provoked; those that match no longer count. */
export async function expectProblem(problems: string[], expected: RegExp): Promise<void> {
  await expect.poll(() => problems.filter((problem) => expected.test(problem))).not.toEqual([]);
  problems.splice(0, problems.length, ...problems.filter((problem) => !expected.test(problem)));
}

export { expect };
