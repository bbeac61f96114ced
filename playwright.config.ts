import { existsSync } from "node:fs";
import { chromium, defineConfig, devices } from "@playwright/test";

const own = chromium.executablePath();
// The script that runs all tests names the browser it found or installed.
const executablePath =
  process.env["CHROMIUM_PATH"] ??
  (existsSync(own) || !existsSync("/usr/bin/chromium") ? own : "/usr/bin/chromium");

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  globalSetup: "./e2e/support/start-instance.ts",
  forbidOnly: true,
  retries: 0,
  // The stories of one file share an instance; two cores serve one browser and one server.
  workers: 1,
  // A story takes some ten seconds; machines that build at the same time take several times that.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    locale: "en-GB",
    timezoneId: "UTC",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath,
      // Chromium refuses its sandbox to the super user, as whom containers run.
      chromiumSandbox: process.getuid?.() !== 0,
    },
  },
});
