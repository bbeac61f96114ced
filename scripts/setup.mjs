import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { fingerprint, isStamped, stamp } from "./lib/fingerprint.mjs";
import { withLock } from "./lib/lock.mjs";
import { ROOT, run, runNode, runNpm } from "./lib/run.mjs";
import { main, Problem, say } from "./lib/say.mjs";

const at = (...parts) => path.join(ROOT, ...parts);

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Problem(`Switchyard needs Node 20.19 or newer; this is ${process.versions.node}.`);
}

async function readLock(file) {
  const text = await readFile(file, "utf8").catch(() => null);
  return text === null ? null : JSON.parse(text).packages;
}

/** Whether every package that the lock file asks for is there in that version; optional ones may be absent. */
async function isInstalled() {
  const wanted = await readLock(at("package-lock.json"));
  const present = await readLock(at("node_modules", ".package-lock.json"));
  if (!wanted) throw new Problem("package-lock.json is missing. Take it from the repository.");
  if (!present) return false;
  return Object.entries(wanted).every(
    ([name, entry]) =>
      name === "" ||
      entry.optional ||
      entry.devOptional ||
      entry.peer ||
      present[name]?.version === entry.version,
  );
}

async function install() {
  if (await isInstalled()) return;
  say("Installing packages (a few minutes the first time).");
  const options = ["--include=dev", "--loglevel=error", "--no-progress"];
  if ((await runNpm(["ci", ...options])).status === 0) return;
  // A registry that lacks packages of other platforms makes `npm ci` doubt the lock file; `npm install` keeps to it.
  say("npm ci failed; trying npm install with the same versions.");
  if ((await runNpm(["install", "--no-save", ...options])).status === 0) return;
  throw new Problem(
    "npm install failed; its message is above. Check the network and the registry, then retry.",
  );
}

const OPEN_SQLITE = "new (require('better-sqlite3'))(':memory:').close()";

/** npm may leave out install scripts; without its native part SQLite cannot be opened. */
async function ensureSqlite() {
  const check = () => run(process.execPath, ["-e", OPEN_SQLITE], { quiet: true });
  if ((await check()).status === 0) return;
  say("Building the SQLite driver for this Node.");
  await runNpm(["rebuild", "better-sqlite3", "--ignore-scripts=false", "--foreground-scripts"]);
  const again = await check();
  if (again.status === 0) return;
  throw new Problem(
    `The SQLite driver (better-sqlite3) does not load:\n${again.output}\n` +
      "It is downloaded ready-made or compiled; compiling needs python3, make and a C++ compiler.",
  );
}

/**
 * `prisma generate` downloads a schema engine that it then does not use. Naming any executable instead
 * keeps the set-up independent of that download.
 */
function harmlessExecutable() {
  return ["/bin/true", "/usr/bin/true"].find((file) => existsSync(file)) ?? process.execPath;
}

async function generateClients() {
  const providers = ["sqlite", "postgres"];
  const digest = await fingerprint(
    ["prisma/models.prisma", ...providers.flatMap((name) => [`prisma/${name}/base.prisma`])],
    {
      salt: JSON.parse(await readFile(at("node_modules", "prisma", "package.json"), "utf8")).version,
    },
  );
  const stampFile = at(".cache", "generated");
  const present = providers.every((name) => existsSync(at("lib", "store", "generated", name)));
  if (present && (await isStamped(stampFile, digest))) return;
  say("Generating the database clients.");
  for (const name of providers) {
    const { status, output } = await runNode(
      at("node_modules", "prisma", "build", "index.js"),
      ["generate", "--config", `prisma.${name}.config.ts`],
      {
        quiet: true,
        env: {
          PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? harmlessExecutable(),
          PRISMA_HIDE_UPDATE_MESSAGE: "1",
          CHECKPOINT_DISABLE: "1",
        },
      },
    );
    if (status !== 0) throw new Problem(`prisma generate failed for ${name}:\n${output}`);
  }
  await stamp(stampFile, digest);
}

/** Makes a checkout ready to build, test and serve: packages, the SQLite driver, database clients. */
export async function setup() {
  checkNode();
  await withLock(at(".cache", "setup.lock"), async () => {
    await install();
    await ensureSqlite();
    await generateClients();
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  await main(async () => {
    await setup();
    say("This checkout is ready.");
  });
