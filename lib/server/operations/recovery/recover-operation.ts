import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import type { UnfinishedOperation } from "@/lib/store/contract";
import type { Ports, PreparedPush, PushAttempt } from "@/lib/versioning/ports";
import { recoverAttempt } from "@/lib/versioning/recover";
import { redactorOf } from "../../secrets/hiding";
import { systemViewer, type Viewer } from "../../viewer";
import { LiveOperation } from "../live-operation";
import { overriding } from "../leases";
import { portsOf } from "../ports";
import { RECOVERIES, repositoryOf, type RecoveryEngine } from "./by-kind";

const ASK_AGAIN_MS = 500;
const REMOTE_FAILURES = new Set(["RemoteUnreachable", "RemoteAuthFailed", "RemoteNotFound", "Unavailable"]);

/** What recovery found out about one operation. */
export type Recovered = "ended" | "ask-again";

async function viewerOf(engine: RecoveryEngine, operation: UnfinishedOperation): Promise<Viewer> {
  const system = systemViewer(operation.initiator, operation.correlationId);
  const user = await engine.store.accounts.user(operation.userId);
  const session = operation.sessionId === undefined ? {} : { sessionId: operation.sessionId };
  if (!user) return { ...system, ...session };
  const { id, email, firstName, lastName, superAdmin } = user;
  return { ...system, ...session, user: { id, email, firstName, lastName, superAdmin } };
}

/** Whether the push of this workspace was recorded before the crash: its version is there, from this operation. */
async function isRecorded(ports: Ports, operationId: string, { write }: PreparedPush): Promise<boolean> {
  for (const version of write.versions ?? []) {
    const known = await ports.workspaces.version(version.workspaceId, version.repositoryId, version.name);
    if (known?.operationId === operationId) return true;
  }
  return false;
}

class NotYetThere extends Error {}

/**
 * Asks the remote, and asks again for a while when it does not have the push: a remote may still be at work on what a
 * process sent before it died, and what arrives after it was given up would look like somebody else's push.
 */
async function askUntilSettled(
  ports: Ports,
  repository: Repository,
  sequence: number,
  attempt: PushAttempt,
  settleMs: number,
): Promise<PreparedPush[] | null> {
  const until = Date.now() + settleMs;
  const patient = overriding(ports.journal, {
    settle: (number, outcome) => {
      if (outcome !== "recorded") return Promise.reject(new NotYetThere());
      return ports.journal.settle(number, outcome);
    },
  });
  while (Date.now() < until) {
    try {
      return await recoverAttempt({ ...ports, journal: patient }, repository, sequence, attempt);
    } catch (error) {
      if (!(error instanceof NotYetThere)) throw error;
      await sleep(ASK_AGAIN_MS, undefined, { signal: ports.signal });
    }
  }
  return recoverAttempt(ports, repository, sequence, attempt);
}

async function settleAttempt(
  engine: RecoveryEngine,
  operation: UnfinishedOperation,
  ports: Ports,
  sequence: number,
  attempt: PushAttempt,
  settleMs: number,
): Promise<PreparedPush[]> {
  const recorded = await Promise.all(
    attempt.workspaces.map((prepared) => isRecorded(ports, operation.id, prepared)),
  );
  // All workspaces of an attempt are recorded in one transaction; the crash came right after it.
  if (attempt.workspaces.length > 0 && recorded.every(Boolean)) {
    await ports.journal.settle(sequence, "recorded");
    return attempt.workspaces;
  }
  const repository = await repositoryOf(engine, operation, attempt.repositoryId);
  if (!repository) {
    await ports.journal.settle(sequence, "abandoned");
    return [];
  }
  const arrived = await askUntilSettled(ports, repository, sequence, attempt, settleMs);
  const outcome = arrived ? "recorded" : "abandoned";
  engine.log.info({ operationId: operation.id, sequence, outcome }, "An interrupted push was settled");
  return arrived ?? [];
}

/** Takes the operation's own locks again, so that whoever held them before is fenced off. */
async function retakeLocks(
  engine: RecoveryEngine,
  operation: UnfinishedOperation,
  live: LiveOperation,
): Promise<void> {
  const held = await engine.store.locks.heldBy(operation.id);
  const { leases } = await live.keeper.locks().acquire({
    workspaceIds: held.map(({ workspaceId }) => workspaceId),
    purpose: "push",
    operationId: operation.id,
    userId: operation.userId,
    overConflict: true,
  });
  const main = leases.get(operation.workspaceId);
  if (main) live.keeper.holdMain(main);
}

/**
 * Ends an operation that nobody runs any more: asks the remote about pushes in flight, records or abandons them,
 * frees the locks and stores the completed event. Answers `ask-again` when a remote cannot be asked now; the locks
 * are free meanwhile.
 */
export async function recoverOperation(
  engine: RecoveryEngine,
  operation: UnfinishedOperation,
  { signal, settleMs }: { signal: AbortSignal; settleMs: number },
): Promise<Recovered> {
  const viewer = await viewerOf(engine, operation);
  const { user, sessionId, correlationId } = viewer;
  const source = { userId: user.id, correlationId, ...(sessionId === undefined ? {} : { sessionId }) };
  const workspace = await engine.store.workspaces.get(operation.workspaceId);
  const redactor = workspace ? await redactorOf(engine, workspace) : engine.redactor;
  const live = new LiveOperation(engine, { ...operation, source }, redactor);
  // A database that is away is for the next look to meet again.
  live.giveUp();
  const ports = await portsOf(engine, viewer, {
    operationId: operation.id,
    acceptedAt: operation.createdAt,
    redactor,
    signal,
    keeper: live.keeper,
    progressed: live.progressed,
    closing: live.closing,
  });
  await retakeLocks(engine, operation, live);
  const pushed: PreparedPush[] = [];
  const recovery = RECOVERIES[operation.kind];
  let isWhole: boolean;
  try {
    for (const { sequence, outcome, attempt } of await engine.store.operations.attempts(operation.id)) {
      if (outcome === null)
        pushed.push(...(await settleAttempt(engine, operation, ports, sequence, attempt, settleMs)));
      else if (outcome === "recorded")
        for (const prepared of attempt.workspaces)
          if (await isRecorded(ports, operation.id, prepared)) pushed.push(prepared);
    }
    isWhole = await recovery.isWhole({ engine, operation, ports });
  } catch (error) {
    await live.keeper.releaseAll();
    if (!(error instanceof AppError) || !REMOTE_FAILURES.has(error.code)) throw error;
    engine.log.warn(
      { operationId: operation.id, problem: error.message },
      "An interrupted push cannot be settled while its remote is away; it is asked again",
    );
    return "ask-again";
  }
  const end = await recovery.end({ engine, operation, ended: live.operation, pushed, isWhole });
  await live.finish(end);
  return "ended";
}
