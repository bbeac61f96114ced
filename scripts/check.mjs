import path from "node:path";
import { build } from "./build.mjs";
import { ROOT, runNode } from "./lib/run.mjs";
import { main, Problem, say } from "./lib/say.mjs";
import { setup } from "./setup.mjs";

const bin = (...parts) => path.join(ROOT, "node_modules", ...parts);

const STEPS = [
  ["Formatting", bin("prettier", "bin", "prettier.cjs"), ["--check", "--log-level", "warn", "."]],
  ["Lint", bin("eslint", "bin", "eslint.js"), [".", "--max-warnings", "0"]],
  ["Types", bin("typescript", "bin", "tsc"), ["--noEmit"]],
];

await main(async () => {
  await setup();
  for (const [name, script, args] of STEPS) {
    say(`${name}.`);
    const { status } = await runNode(script, args);
    if (status !== 0) throw new Problem(`${name}: see above.`);
  }
  say("Build.");
  await build();
  say("Tests.");
  const { status } = await runNode(path.join(ROOT, "scripts", "test.mjs"), []);
  if (status !== 0) throw new Problem("Tests: see above.");
});
