import process from "node:process";
import { performance } from "node:perf_hooks";

const started = performance.now();

function elapsed() {
  const seconds = Math.round((performance.now() - started) / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${String(minutes)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Prints what is being done, with the time since the command was started. */
export function say(message) {
  process.stdout.write(`[${elapsed()}] ${message}\n`);
}

/** A problem that the person at the keyboard can do something about: printed without a stack. */
export class Problem extends Error {}

/** Runs a command's main function; a Problem is printed plainly and ends the process with status 1. */
export async function main(run) {
  try {
    await run();
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(
      error instanceof Problem
        ? `\n${error.message}\n`
        : `\n${String(error instanceof Error ? error.stack : error)}\n`,
    );
  }
}
