import { chmod, mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { freemem, tmpdir } from "node:os";
import path from "node:path";
import { run } from "./run.mjs";

const IN_MEMORY = "/dev/shm";
// The suites keep some hundred megabytes at a time; the rest is left to their processes.
const SPARE_BYTES = 4 * 2 ** 30;

/** Hooks of the tests' git servers are run from there, which some systems forbid. */
async function isExecutable(folder) {
  const script = path.join(folder, "probe");
  await writeFile(script, "#!/bin/sh\nexit 0\n", { mode: 0o755 });
  return run(script, [], { quiet: true }).then(
    ({ status }) => status === 0,
    () => false,
  );
}

async function inMemory() {
  const room = await statfs(IN_MEMORY).catch(() => null);
  if (!room || Math.min(room.bavail * room.bsize, freemem()) < SPARE_BYTES) return null;
  const folder = await mkdtemp(path.join(IN_MEMORY, "switchyard-")).catch(() => null);
  if (!folder) return null;
  if (await isExecutable(folder)) return folder;
  await rm(folder, { recursive: true, force: true });
  return null;
}

/**
 * Runs `work` with a new folder for temporary files, in memory where there is room: databases and repositories that
 * live for one test wait for no disk there. The folder goes afterwards.
 */
export async function withScratch(work) {
  const folder = (await inMemory()) ?? (await mkdtemp(path.join(tmpdir(), "switchyard-")));
  // PostgreSQL runs as another user when root runs the tests, and has to pass through.
  await chmod(folder, 0o711);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
