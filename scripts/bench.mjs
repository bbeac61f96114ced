import path from "node:path";
import process from "node:process";
import { build } from "./build.mjs";
import { ROOT, runNode } from "./lib/run.mjs";
import { main, say } from "./lib/say.mjs";
import { setup } from "./setup.mjs";

await main(async () => {
  await setup();
  await build();
  say("Measuring.");
  const tsx = path.join(ROOT, "node_modules", "tsx", "dist", "cli.mjs");
  const { status } = await runNode(tsx, [path.join("bench", "run.ts"), ...process.argv.slice(2)]);
  process.exitCode = status;
});
