import "server-only";

import { invariant } from "@/lib/domain/error";
import type { Engine } from "../engine";

// Next bundles instrumentation and routes apart, so a module's own variable would exist more than once.
const shared = globalThis as typeof globalThis & { switchyardEngine?: Promise<Engine> };

/** The engine of this process, started on first use. */
export function getEngine(): Promise<Engine> {
  invariant(
    process.env.NEXT_PHASE !== "phase-production-build",
    "no page or handler needs the engine while the application is built",
  );
  shared.switchyardEngine ??= import("./start").then(({ startEngine }) => startEngine());
  return shared.switchyardEngine;
}
