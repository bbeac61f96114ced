import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { ROOT, run, runNode } from "./run.mjs";
import { Problem, say } from "./say.mjs";

const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The browser that Playwright downloaded for itself, or undefined. */
function ownBrowser() {
  const { chromium } = createRequire(import.meta.url)("@playwright/test");
  return [chromium.executablePath()].find((file) => file && existsSync(file));
}

/** The browser for the tests that is here already: the one named by CHROMIUM_PATH, Playwright's, the system's. */
function findBrowser() {
  return process.env.CHROMIUM_PATH || ownBrowser() || SYSTEM.find((file) => existsSync(file));
}

async function installWithApt() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  say("Installing Chromium from the distribution's packages.");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-qq"], { env, timeoutMs: 180_000 });
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"], {
    env,
    quiet: true,
    timeoutMs: 600_000,
  });
}

async function download() {
  say("Downloading a browser for Playwright.");
  const cli = path.join(ROOT, "node_modules", "@playwright", "test", "cli.js");
  await runNode(cli, ["install", "chromium"], { quiet: true, timeoutMs: 300_000 });
}

/** The path of a browser for the tests, installed when there is none. Throws a Problem that says what to do. */
export async function ensureBrowser() {
  for (const attempt of [() => undefined, download, installWithApt]) {
    await attempt();
    const found = findBrowser();
    if (found) return found;
  }
  throw new Problem(
    "The browser tests need Chromium, and none could be found, downloaded or installed.\n" +
      "Install it (Debian: apt-get install chromium; elsewhere: npx playwright install --with-deps chromium)\n" +
      "or set CHROMIUM_PATH to the executable of one.",
  );
}
