import type { Logger } from "pino";
import type { HostKeys } from "@/lib/git/transport/ssh/host-keys";
import type { DomainResolver } from "@/lib/net/dns-resolver";
import type { Store } from "@/lib/store";
import type { Repositories } from "@/lib/versioning/ports";
import type { MasterKey } from "./env/master-key";
import type { Env } from "./env/types";
import type { Passwords } from "./passwords";
import type { Redactor } from "./redact";
import type { Runner } from "./runner";
import type { Shutdown } from "./shutdown";
import type { StartupState } from "./startup-state";

/**
 * What a server process is made of; one in each process. What makes one is in `compose/`: a use case names the parts it
 * needs, as `Pick<Engine, …>`, and knows nothing of how they came about.
 */
export interface Engine {
  readonly env: Env;
  readonly store: Store;
  readonly repositories: Repositories;
  /** The keys of SSH servers that are pinned. */
  readonly hostKeys: HostKeys;
  readonly log: Logger;
  /** Hides every secret value this process knows. */
  readonly redactor: Redactor;
  readonly masterKey: MasterKey;
  readonly passwords: Passwords;
  /** Looks at the DNS records of custom domains. */
  readonly dns: DomainResolver;
  /** Differs in every server process; owner of leases and operations. */
  readonly instanceId: string;
  readonly runner: Runner;
  /** How the import at start stands, for readiness. */
  readonly startup: StartupState;
  /** How the end of the process stands. */
  readonly shutdown: Shutdown;
  /** Ends operations, leases and the database, in at most `graceMs`. */
  close(graceMs?: number): Promise<void>;
}
