import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { build } from "./build.mjs";
import { ensureBrowser } from "./lib/browser.mjs";
import { add, countPlaywright, countVitest } from "./lib/results.mjs";
import { ROOT, run, runNode } from "./lib/run.mjs";
import { Problem, say } from "./lib/say.mjs";
import { withScratch } from "./lib/scratch.mjs";
import { ensureSshd } from "./lib/sshd.mjs";
import { setup } from "./setup.mjs";

const REPORTS = path.join(ROOT, ".cache", "reports");

async function readReport(name) {
  const text = await readFile(path.join(REPORTS, name), "utf8").catch(() => null);
  return text === null ? null : JSON.parse(text);
}

/** The remote of the engine's tests is git's own HTTP server. */
async function checkGit() {
  const { status, output } = await run("git", ["--exec-path"], { quiet: true });
  if (status !== 0) throw new Problem("The tests need git on the path.");
  if (!existsSync(path.join(output.trim(), "git-http-backend")))
    throw new Problem(
      "This git comes without git-http-backend, which the tests use as the remote. Install git whole.",
    );
}

/** Property tests try a fifth of their cases unless all are asked for. */
const isFull = process.argv.includes("--full");

async function unitTests() {
  say("Unit and engine tests.");
  const report = `--outputFile.json=${path.join(REPORTS, "vitest.json")}`;
  const { status } = await withScratch((folder) =>
    runNode(
      path.join(ROOT, "node_modules", "vitest", "vitest.mjs"),
      ["run", "--reporter=default", "--reporter=json", report],
      { label: "unit    |", env: { TMPDIR: folder, ...(isFull ? { SWITCHYARD_TEST_RUNS: "full" } : {}) } },
    ),
  );
  return countVitest(await readReport("vitest.json"), status, { strict: Boolean(process.env.CI) });
}

async function browserTests() {
  const browser = await ensureBrowser();
  await build();
  say(`Browser tests with ${browser}.`);
  const report = path.join(REPORTS, "playwright.json");
  const { status } = await withScratch((folder) =>
    runNode(
      path.join(ROOT, "node_modules", "@playwright", "test", "cli.js"),
      ["test", "--reporter=list,json"],
      {
        label: "browser |",
        env: { TMPDIR: folder, CHROMIUM_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
      },
    ),
  );
  return countPlaywright(await readReport("playwright.json"), status);
}

/** Runs one suite; whatever keeps it from running counts as one failure. */
async function counted(suite) {
  try {
    return await suite();
  } catch (error) {
    const message = error instanceof Problem ? error.message : String(error?.stack ?? error);
    return { passed: 0, failed: 1, problems: [message] };
  }
}

/** Everything the suites share; as a suite of its own it counts only when it fails. */
async function prepare() {
  await setup();
  await checkGit();
  await ensureSshd();
  await rm(REPORTS, { recursive: true, force: true });
  await mkdir(REPORTS, { recursive: true });
  return { passed: 0, failed: 0, problems: [] };
}

const counts = [await counted(prepare)];
// Both wait a good deal, for a remote that is slow on purpose or for a page to appear: together they fill the processors.
if (counts[0].failed === 0) counts.push(...(await Promise.all([counted(unitTests), counted(browserTests)])));
const problems = counts.flatMap((count) => count.problems);
if (problems.length > 0) say(`What did not pass:\n${problems.map((problem) => `- ${problem}`).join("\n")}`);
const { passed, failed } = add(counts);
process.exitCode = failed > 0 ? 1 : 0;
process.stdout.write(`${String(passed)} passed, ${String(failed)} failed\n`);
