import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { chromium, defineConfig, devices } from "@playwright/test";

const own = chromium.executablePath();
// The script that runs all tests names the browser it found or installed.
const executablePath =
  process.env["CHROMIUM_PATH"] ??
  (existsSync(own) || !existsSync("/usr/bin/chromium") ? own : "/usr/bin/chromium");

// There are not many more files than this, and each worker has an instance of its own.
const MOST_WORKERS = 6;

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  globalSetup: "./e2e/support/start-instance.ts",
  forbidOnly: true,
  retries: 0,
  // A worker keeps a browser and a server busy, each on a core.
  workers: Math.min(Math.max(1, Math.floor(availableParallelism() / 2)), MOST_WORKERS),
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
