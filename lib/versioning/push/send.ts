import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "@/lib/domain/error";
import type { Lease, Ports, PreparedPush, PushOutcome, RefUpdate, RepositorySession } from "../ports";

export type Sent =
  { kind: "recorded" } | { kind: "refused"; stale: boolean; error: AppError; reasons: Map<string, string> };

function refusal(outcome: Extract<PushOutcome, { kind: "rejected" }>): AppError {
  const reasons = [...new Set(outcome.reasons.values())].join("; ") || "it gave no reason";
  return new AppError(
    "RemoteRejected",
    outcome.stale
      ? "Somebody else keeps pushing to this branch. Try again in a moment."
      : `The remote refused the push: ${reasons}. Ask its administrator, or change the repository's branch.`,
    { reasons: Object.fromEntries(outcome.reasons) },
  );
}

/**
 * How often a push is prepared again because somebody else's came in between: of all who push to a branch at the same
 * moment, from however many processes, one arrives at a time.
 */
const MAX_REPLAYS = 20;
const PAUSE_MS = 100;

/**
 * After the remote refused the try of this number because a branch had moved, waits a moment that is never the same for
 * two who race and reads the remote anew. False: it was tried often enough.
 */
export async function mayReplay(ports: Ports, session: RepositorySession, attempt: number): Promise<boolean> {
  if (attempt >= MAX_REPLAYS) return false;
  await pause(Math.random() * PAUSE_MS * Math.min(attempt, 10));
  ports.signal.throwIfAborted();
  await session.refresh();
  return true;
}

/** Whether the remote, as last read, has what was sent. */
export async function arrived(session: RepositorySession, updates: readonly RefUpdate[]): Promise<boolean> {
  const targetRef = `refs/heads/${session.repository.branch}`;
  for (const { ref, next } of updates) {
    const now = session.ref(ref);
    if (now === next) continue;
    // Others may have pushed on top of ours since.
    if (ref !== targetRef || now === null || !(await session.isAncestor(next, now))) return false;
  }
  return true;
}

/** What a push may end with although the remote took it: the connection broke, or its last words made no sense. */
const UNCERTAIN: ReadonlySet<string> = new Set(["RemoteUnreachable", "RemoteRejected", "TooLarge"]);

async function pushAndAsk(session: RepositorySession, updates: readonly RefUpdate[]): Promise<PushOutcome> {
  // Nothing to move: the remote holds all of it already.
  if (updates.length === 0) return { kind: "accepted" };
  try {
    return await session.push(updates);
  } catch (error) {
    if (!(error instanceof AppError) || !UNCERTAIN.has(error.code)) throw error;
    // Only the remote knows.
    await session.refresh();
    if (await arrived(session, updates)) return { kind: "accepted" };
    throw error;
  }
}

/**
 * Sends commits under the journal and records the result in the same breath: the attempt is durable before
 * the first byte, so a crash at any point leaves a question the remote can answer.
 */
export async function send(
  ports: Ports,
  session: RepositorySession,
  input: { updates: RefUpdate[]; workspaces: PreparedPush[]; leases: readonly Lease[] },
): Promise<Sent> {
  const lost = await ports.locks.renew(input.leases);
  if (lost.length > 0) {
    throw new AppError("LockLost", "The lock was cleared while this operation ran, so it stopped.", {
      workspaceIds: lost.map(({ workspaceId }) => workspaceId),
    });
  }
  const sequence = await ports.journal.attempt({
    repositoryId: session.repository.id,
    updates: input.updates,
    workspaces: input.workspaces,
  });
  const outcome = await pushAndAsk(session, input.updates);
  if (outcome.kind === "rejected") {
    await ports.journal.settle(sequence, "rejected");
    return { kind: "refused", stale: outcome.stale, error: refusal(outcome), reasons: outcome.reasons };
  }
  const leases = new Map(input.leases.map((lease) => [lease.workspaceId, lease]));
  await ports.workspaces.write(
    input.workspaces.map(({ workspaceId, write }) => ({
      ...write,
      guard: { lease: leases.get(workspaceId) },
    })),
  );
  await ports.journal.settle(sequence, "recorded");
  return { kind: "recorded" };
}
