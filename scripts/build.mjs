import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { fingerprint, isStamped, stamp } from "./lib/fingerprint.mjs";
import { withLock } from "./lib/lock.mjs";
import { ROOT, runNode } from "./lib/run.mjs";
import { main, Problem, say } from "./lib/say.mjs";
import { shareChunks } from "./build/share-chunks.mjs";
import { setup } from "./setup.mjs";

const SOURCES = [
  "app",
  "components",
  "lib",
  "public",
  "prisma",
  "instrumentation.ts",
  "instrumentation-client.ts",
  "proxy.ts",
  "next.config.ts",
  "postcss.config.mjs",
  "tsconfig.json",
  "package-lock.json",
];

const isTest = (file) => /\.test\.tsx?$/.test(file) || file.startsWith(path.join("lib", "testing"));

/** Builds the console and API when their sources changed since the last build. Expects `setup` to have run. */
export async function build({ force = false } = {}) {
  const output = path.join(ROOT, ".next");
  const stampFile = path.join(output, "switchyard-build");
  await withLock(path.join(ROOT, ".cache", "build.lock"), async () => {
    const digest = await fingerprint(SOURCES, { skip: isTest, salt: process.versions.node.split(".")[0] });
    if (!force && existsSync(path.join(output, "BUILD_ID")) && (await isStamped(stampFile, digest))) return;
    say("Building the console and API (about a minute).");
    await rm(stampFile, { force: true });
    const { status } = await runNode(
      path.join(ROOT, "node_modules", "next", "dist", "bin", "next"),
      ["build"],
      {
        env: { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
      },
    );
    if (status !== 0) throw new Problem("The build failed; its message is above.");
    const chunks = path.join(output, "server", "chunks");
    for (const folder of [chunks, path.join(chunks, "ssr")]) await shareChunks(folder);
    await stamp(stampFile, digest);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  await main(async () => {
    await setup();
    await build({ force: true });
    say("Built. `npm start` serves it.");
  });
