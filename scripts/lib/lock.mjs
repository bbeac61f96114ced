import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./say.mjs";

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal, so it lives.
    return error.code === "EPERM";
  }
}

async function holderOf(file) {
  try {
    return Number.parseInt(await readFile(file, "utf8"), 10);
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function tryToTake(file) {
  try {
    const handle = await open(file, "wx");
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** Moves a dead holder's file away; of several that try, one succeeds. */
async function removeStale(file, pid) {
  const aside = `${file}.${String(process.pid)}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  const moved = Number.parseInt(await readFile(aside, "utf8"), 10);
  // Between our look and our move another process may have taken the lock: give it back.
  if (moved !== pid && isAlive(moved)) await rename(aside, file);
  else await rm(aside, { force: true });
}

/** Runs `work` while no other process of this checkout runs work under the same lock file. */
export async function withLock(file, work) {
  await mkdir(path.dirname(file), { recursive: true });
  let waiting = false;
  let unreadable = 0;
  while (!(await tryToTake(file))) {
    const pid = await holderOf(file);
    if (pid === undefined) continue;
    // Empty for the instant between its creation and the writing of the number.
    if (Number.isNaN(pid) && unreadable++ < 20) {
      await sleep(100);
      continue;
    }
    if (Number.isNaN(pid) || !isAlive(pid)) {
      await removeStale(file, pid);
      continue;
    }
    if (!waiting) say(`Waiting for process ${String(pid)}, which is preparing this checkout.`);
    waiting = true;
    await sleep(500);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}
