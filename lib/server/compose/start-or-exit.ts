import "server-only";

import { getEngine } from "./get-engine";
import { startFailure } from "./start";

/** Starts the engine of this process; where it cannot, says why and ends the process with status 1. */
export async function startOrExit(): Promise<void> {
  // The build runs this file too while it renders pages, and must not touch anybody's database.
  if (process.env.NEXT_PHASE === "phase-production-build") return;
  try {
    await getEngine();
  } catch (error) {
    process.stderr.write(`${startFailure(error)}\n`);
    process.exit(1);
  }
}
