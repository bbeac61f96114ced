import "server-only";

import type { Logger } from "pino";
import type { Store } from "@/lib/store/contract";
import type { Repositories } from "@/lib/versioning/ports";
import type { Env } from "./env/types";
import type { Runner } from "./operations/types";
import type { Redactor } from "./redact";
import type { MasterKey } from "./master-key";
import type { StartupState } from "./startup-import";

/** What a server process is made of; one in each process, shared by all bundles through `globalThis`. */
export interface Engine {
  readonly env: Env;
  readonly store: Store;
  readonly repositories: Repositories;
  readonly log: Logger;
  /** Hides every secret value this process knows. */
  readonly redactor: Redactor;
  readonly masterKey: MasterKey;
  /** Differs in every server process; owner of leases and operations. */
  readonly instanceId: string;
  readonly runner: Runner;
  /** How the import at start stands, for readiness. */
  readonly startup: StartupState;
  /** Ends operations, leases and the database, in at most `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

/** The engine of this process, started on first use. */
export function getEngine(): Promise<Engine> {
  throw new Error("Being written.");
}
