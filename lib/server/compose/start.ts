import "server-only";

import { AppError, known } from "@/lib/domain/error";
import { bootstrapAccounts } from "../access/bootstrap";
import { isDemo, seedDemoInBackground } from "../demo";
import type { Engine } from "../engine";
import { ConfigurationError, parseEnv } from "../env";
import { startIndexingEvents } from "../events/index-events";
import { RecoveryWatch } from "../operations/recovery/recovery-watch";
import { startHousekeeping } from "../startup/housekeeping";
import { tellPeers } from "../startup/peer";
import { runStartupImport } from "../startup/startup-import";
import { startDomainWatch } from "../workspaces/domains/watch";
import { countAnswers } from "./answers";
import { createEngine, GRACE_MS } from "./create-engine";
import { httpServers, keepConnections } from "./http-servers";
import { shutDown } from "./shut-down";
import { closeOnSignals } from "./signals";
import { tellFirstSignIn } from "./welcome";

// Interrupted operations are settled before the first request, unless a remote keeps us waiting.
const RECOVERY_PATIENCE_MS = 5000;

function patience(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** Starts the engine of this process: recovers, seeds, and begins what it does on its own. */
export async function startEngine(): Promise<Engine> {
  tellPeers();
  const given = parseEnv(process.env);
  const engine = await createEngine(given);
  const { shutdown } = engine;
  const stopping = shutdown.asked;
  const answers = countAnswers(shutdown);
  const servers = httpServers();
  keepConnections(servers, engine.env.keepAliveSeconds);
  const recovery = new RecoveryWatch(engine);
  const stop = () => shutDown({ engine, recovery, servers, answers, graceMs: GRACE_MS });
  try {
    await Promise.race([recovery.look(), patience(RECOVERY_PATIENCE_MS)]);
    recovery.start();
    const first = await bootstrapAccounts(engine);
    await tellFirstSignIn(engine, first);
  } catch (error) {
    await stop();
    throw error;
  }
  closeOnSignals(engine, stop);
  startHousekeeping(engine, stopping);
  startIndexingEvents(engine, stopping);
  startDomainWatch(engine, stopping);
  // Requests are served from here on; neither the import at start nor the demo may hold them up.
  setImmediate(() => void runStartupImport(engine, stopping));
  if (await isDemo(given, engine.store)) setImmediate(() => void seedDemoInBackground(engine, stopping));
  engine.log.info(
    { instanceId: engine.instanceId, database: engine.store.provider, environment: engine.env.environment },
    "Switchyard is ready",
  );
  return engine;
}

/** What the console of the process says when the engine cannot start. */
export function startFailure(thrown: unknown): string {
  const error = known(thrown);
  if (error instanceof ConfigurationError) return error.message;
  if (error instanceof AppError) {
    const why = error.cause instanceof Error ? ` (${error.cause.message.trim()})` : "";
    return `Switchyard cannot start: ${error.message}${why}`;
  }
  if (error instanceof Error) return `Switchyard cannot start: ${error.stack ?? error.message}`;
  return `Switchyard cannot start: ${String(error)}`;
}
