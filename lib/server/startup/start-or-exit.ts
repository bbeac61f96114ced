import "server-only";

import { getEngine } from "../engine";
import { startFailure } from "./start";

/** Starts the engine of this process; where it cannot, says why and ends the process with status 1. */
export async function startOrExit(): Promise<void> {
  try {
    await getEngine();
  } catch (error) {
    process.stderr.write(`${startFailure(error)}\n`);
    process.exit(1);
  }
}
