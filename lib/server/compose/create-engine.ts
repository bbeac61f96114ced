import "server-only";

import { join } from "node:path";
import type { Logger } from "pino";
import { PACK_LIMITS } from "@/lib/git/pack/format";
import { createRepositories } from "@/lib/git/repositories";
import { createEgressPolicy } from "@/lib/net/egress";
import { fileHostKeys, type HostKeys } from "@/lib/git/transport/ssh/host-keys";
import { dnsResolver, type DomainResolver } from "@/lib/net/dns-resolver";
import { newInstanceId } from "@/lib/runtime/instance";
import { openStore, type Store } from "@/lib/store";
import type { Repositories } from "@/lib/versioning/ports";
import { demoEnvironment, isDemo } from "../demo";
import type { Engine } from "../engine";
import { egressAllowed } from "../env/egress";
import { loadMasterKey } from "../env/master-key";
import type { Env } from "../env/types";
import { createLog } from "../log";
import { createRunner, type RunnerTimes } from "../operations/runner";
import { createPasswords, type Passwords } from "../passwords";
import { Redactor } from "../redact";
import { rotateMasterKey } from "../secrets/rotate";
import { Shutdown } from "../shutdown";
import { createPlatformWorkspace } from "../startup/platform-workspace";
import { newStartupState } from "../startup-state";

/** What tests put in place of the usual parts. */
export interface EngineOverrides {
  store?: Store;
  repositories?: Repositories;
  log?: Logger;
  dns?: DomainResolver;
  passwords?: Passwords;
  instanceId?: string;
  runnerTimes?: Partial<RunnerTimes>;
  /** How long an operation's lock outlives the last sign of its holder. */
  leaseMs?: number;
}

/** How long running operations get to come to an end when the process is asked to stop. */
export const GRACE_MS = 25_000;

/** Every secret that the environment holds. */
function environmentSecrets(env: Env): Parameters<Redactor["with"]>[0] {
  const { masterKey, previousMasterKey, bootstrap, proxy, access } = env;
  return [
    ...env.platformRepositories.map(({ auth }) => auth),
    ...env.secretValues.map(({ value }) => value),
    ...(proxy?.credentials ? [proxy.credentials.password] : []),
    ...[
      masterKey,
      previousMasterKey,
      bootstrap.password,
      bootstrap.token,
      access.metrics.token,
      access.oidc?.clientSecret,
    ].flatMap((value) => (value ? [value] : [])),
  ];
}

function repositoriesOf(env: Env, hostKeys: HostKeys): Repositories {
  const { limits } = env;
  return createRepositories({
    egress: createEgressPolicy({ allow: egressAllowed(env) }),
    hostKeys,
    ...(env.proxy ? { proxy: env.proxy } : {}),
    ...(env.extraCa === undefined ? {} : { extraCa: env.extraCa }),
    timeouts: { idleMs: limits.remoteIdleSeconds * 1000, totalMs: limits.remoteStallSeconds * 1000 },
    limits: {
      pack: { ...PACK_LIMITS, packBytes: limits.remoteBytes },
      processBytes: Math.max(limits.remoteMemoryBytes, limits.remoteBytes),
    },
    ...(env.commitIdentity ? { identity: env.commitIdentity } : {}),
  });
}

/**
 * Opens the database, settles the master key and makes the platform workspace: an engine that serves but does nothing
 * on its own yet. Throws ConfigurationError, Unavailable.
 */
export async function createEngine(given: Env, overrides: EngineOverrides = {}): Promise<Engine> {
  const openHere = () =>
    openStore({
      url: given.databaseUrl,
      lockTimeoutMinutes: given.writeLockTimeoutMinutes,
      ...(overrides.leaseMs === undefined ? {} : { leaseMs: overrides.leaseMs }),
    });
  const store = overrides.store ?? (await openHere());
  try {
    const env = (await isDemo(given, store)) ? demoEnvironment(given) : given;
    const redactor = new Redactor().with(environmentSecrets(env));
    const hostKeys = fileHostKeys(join(/* turbopackIgnore: true */ env.dataDir, "known_hosts"));
    const base = {
      env,
      store,
      redactor,
      repositories: overrides.repositories ?? repositoriesOf(env, hostKeys),
      hostKeys,
      log: overrides.log ?? createLog(env.logLevel, () => redactor),
      instanceId: overrides.instanceId ?? newInstanceId(),
      masterKey: await loadMasterKey(env, store.jobs),
      passwords: overrides.passwords ?? createPasswords(),
      dns: overrides.dns ?? dnsResolver(env.dnsServers),
    };
    const resealed = await rotateMasterKey(store, base.masterKey);
    if (resealed > 0)
      base.log.info(
        { secrets: resealed, key: base.masterKey.id },
        "Secrets were sealed with the new master key",
      );
    await createPlatformWorkspace(store.workspaces);
    const shutdown = new Shutdown();
    let closed: Promise<void> | undefined;
    const runner = createRunner(base, overrides.runnerTimes);
    return {
      ...base,
      runner,
      startup: newStartupState(base),
      shutdown,
      close: (graceMs = GRACE_MS) =>
        (closed ??= (async () => {
          shutdown.begin();
          await runner.close(graceMs);
          await store.close();
        })()),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
