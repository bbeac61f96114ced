import path from "node:path";
import process from "node:process";
import { build } from "./build.mjs";
import { ROOT, runNode } from "./lib/run.mjs";
import { main, Problem, say } from "./lib/say.mjs";
import { setup } from "./setup.mjs";

const bin = (...parts) => path.join(ROOT, "node_modules", ...parts);

const FORMATTING = [
  "Formatting",
  bin("prettier", "bin", "prettier.cjs"),
  ["--check", "--log-level", "warn", "."],
];
const LINT = ["Lint", bin("eslint", "bin", "eslint.js"), [".", "--max-warnings", "0"]];
const IMPORTS = [
  "Imports",
  bin("dependency-cruiser", "bin", "dependency-cruise.mjs"),
  ["--config", ".dependency-cruiser.mjs", "app", "components", "lib", "instrumentation.ts", "proxy.ts"],
];
const UNUSED = ["Unused code", bin("knip", "bin", "knip.js"), ["--no-config-hints", "--no-progress"]];
const TYPES = ["Types", bin("typescript", "bin", "tsc"), ["--noEmit"]];

/** Folders whose tests need neither a database nor a git server. */
const PURE = ["lib/domain/", "lib/archive/", "lib/client/", "components/", "scripts/"];
const PURE_TESTS = ["Pure tests", bin("vitest", "vitest.mjs"), ["run", ...PURE]];

/** The caches know files, not the types they take from others: what they pass is checked anew by the whole check. */
const cached = ([name, script, args], tool) => [
  name,
  script,
  [...args, "--cache", "--cache-location", path.join(".cache", tool)],
];

async function step([name, script, args], label) {
  if (!label) say(`${name}.`);
  const { status } = await runNode(script, args, label ? { label: `${label} |` } : {});
  if (status !== 0) throw new Problem(`${name}: see above.`);
  if (label) say(`${name}: fine.`);
}

async function fast() {
  // Lint takes about as long as all the rest.
  const lanes = [
    [["lint ", cached(LINT, "eslint")]],
    [
      ["types", TYPES],
      ["paths", IMPORTS],
      ["unused", UNUSED],
      ["tests", PURE_TESTS],
      ["style", cached(FORMATTING, "prettier")],
    ],
  ];
  const ends = await Promise.allSettled(
    lanes.map(async (lane) => {
      for (const [label, wanted] of lane) await step(wanted, label);
    }),
  );
  const failed = ends.filter(({ status }) => status === "rejected").map(({ reason }) => reason);
  if (failed.some((error) => !(error instanceof Problem))) throw failed[0];
  if (failed.length > 0) throw new Problem(failed.map(({ message }) => message).join("\n"));
}

async function whole() {
  for (const wanted of [FORMATTING, LINT, IMPORTS, UNUSED, TYPES]) await step(wanted);
  say("Build.");
  await build();
  say("Tests.");
  const { status } = await runNode(path.join(ROOT, "scripts", "test.mjs"), []);
  if (status !== 0) throw new Problem("Tests: see above.");
}

await main(async () => {
  await setup();
  await (process.argv.includes("--fast") ? fast() : whole());
});
