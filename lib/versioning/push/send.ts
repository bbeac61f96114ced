import { setTimeout as pause } from "node:timers/promises";
import { AppError, invariant } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import type { Lease, Ports, PreparedPush, PushOutcome, RefUpdate, RepositorySession } from "../ports";
import type { Turn } from "./turns";
import { isReached, movedRefs, recordable } from "./moved";

export type Sent =
  /** `missing`: what the remote did not take of it, although the target branch has it. */
  | { kind: "recorded"; missing: Refusal | null }
  /** `moved`: refs that moved although the target branch did not. */
  | { kind: "refused"; stale: boolean; error: AppError; moved: ReadonlySet<string> };

type Rejection = Extract<PushOutcome, { kind: "rejected" }>;

/** Refs that a remote refused, in its words. */
export type Refusal = ReadonlyMap<string, string>;

function refusal({ stale, reasons }: Rejection): AppError {
  const words = [...new Set(reasons.values())].join("; ") || "it gave no reason";
  return new AppError(
    "RemoteRejected",
    stale
      ? "Somebody else keeps pushing to this branch. Try again in a moment."
      : `The remote refused the push: ${words}. Ask its administrator, or change the repository's branch.`,
    { reasons: Object.fromEntries(reasons) },
  );
}

/** What is told of a ref that the remote refused although the target branch took the push. */
export function refusedBeside({ branch }: Repository, ref: string, why: string): AppError {
  return new AppError(
    "RemoteRejected",
    `The branch ${branch} has the push, but the remote refused ${ref}: ${why}. Ask its administrator to allow it.`,
    { ref, reasons: { [ref]: why } },
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
 * two who race, and for its turn among the pushes of this process, and reads the remote anew. False: it was tried often
 * enough.
 */
export async function mayReplay(
  ports: Ports,
  session: RepositorySession,
  turn: Turn,
  attempt: number,
): Promise<boolean> {
  if (attempt >= MAX_REPLAYS) return false;
  await pause(Math.random() * PAUSE_MS * Math.min(attempt, 10));
  await turn.take(ports.signal);
  await session.refresh();
  return true;
}

/** What a push may end with although the remote took it: the connection broke, or its last words made no sense. */
const UNCERTAIN: ReadonlySet<string> = new Set(["RemoteUnreachable", "RemoteRejected", "TooLarge"]);
/** How long a remote is asked for what it may still be at work on, and how often. */
const SEEN_WITHIN_MS = 3000;
const ASK_AGAIN_MS = 300;

function isUncertain(error: unknown): error is AppError {
  if (!(error instanceof AppError) || !UNCERTAIN.has(error.code)) return false;
  const status = error.details?.status;
  return typeof status !== "number" || status >= 500;
}

/** After a plain refusal the remote has done what it will do; after silence it may still do it. */
function mayStillWork({ code, details }: AppError): boolean {
  const status = details?.status;
  if (typeof status === "number") return status === 502 || status === 503 || status === 504;
  return code === "RemoteUnreachable" && details?.reason !== "refused";
}

/** Sends, and where the end of it was not seen, looks what the remote has. */
export async function pushAndAsk(
  ports: Ports,
  session: RepositorySession,
  updates: readonly RefUpdate[],
): Promise<PushOutcome> {
  // Nothing to move: the remote holds all of it already.
  if (updates.length === 0) return { kind: "accepted" };
  try {
    return await session.push(updates);
  } catch (error) {
    if (ports.signal.aborted) return lookAfterEnd(ports, session, updates);
    if (!isUncertain(error)) throw error;
    const moved = await movedSoon(session, updates, mayStillWork(error) ? SEEN_WITHIN_MS : 0).catch(
      (cause: unknown) => {
        ports.signal.throwIfAborted();
        throw notKnown(error, cause);
      },
    );
    return outcomeOf(session, updates, moved, error);
  }
}

/** Throws the error where the target branch did not move; its attempt stays open in the journal. */
function outcomeOf(
  session: Pick<RepositorySession, "repository">,
  updates: readonly RefUpdate[],
  moved: Set<string>,
  error: AppError,
): PushOutcome {
  if (!isReached(session, updates, moved)) throw error;
  const left = updates.filter(({ ref }) => !moved.has(ref));
  if (left.length === 0) return { kind: "accepted" };
  return {
    kind: "rejected",
    stale: false,
    reasons: new Map(left.map(({ ref }) => [ref, error.message])),
    moved,
  };
}

function notKnown({ code, message, details }: AppError, cause: unknown): AppError {
  return new AppError(
    code,
    `${message} It is unknown whether the remote accepted the push; the next push or pull finds out.`,
    { ...details, isKnown: false },
    { cause },
  );
}

/** What moved, asked again and again while something is missing and time is left. */
async function movedSoon(
  session: RepositorySession,
  updates: readonly RefUpdate[],
  withinMs: number,
): Promise<Set<string>> {
  const until = Date.now() + withinMs;
  for (;;) {
    await session.refresh();
    const moved = await movedRefs(session, updates);
    if (moved.size === updates.length || Date.now() >= until) return moved;
    await pause(ASK_AGAIN_MS);
  }
}

/**
 * The operation was cancelled, or the server stops, while the push was on its way: a conversation of its own looks
 * whether it arrived. Throws the reason of the end where it did not.
 */
async function lookAfterEnd(
  ports: Ports,
  { repository }: RepositorySession,
  updates: readonly RefUpdate[],
): Promise<PushOutcome> {
  const reason = ports.signal.reason as AppError;
  let session: RepositorySession | null = null;
  try {
    session = await ports.repositories.open(repository, {
      objects: ports.workspaces,
      signal: AbortSignal.timeout(SEEN_WITHIN_MS),
      refs: [`refs/heads/${repository.branch}`, ...updates.map(({ ref }) => ref)],
    });
    const moved = await movedSoon(session, updates, SEEN_WITHIN_MS - 2 * ASK_AGAIN_MS);
    return outcomeOf(session, updates, moved, reason);
  } catch {
    // The remote does not answer in time; the attempt stays in the journal, and whoever comes next finds out.
    throw reason;
  } finally {
    await session?.close();
  }
}

/** What a server, or a proxy in front of it, refused before git saw it. */
function plainRefusal(error: unknown): AppError | null {
  const status = error instanceof AppError ? error.details?.status : undefined;
  if (!(error instanceof AppError) || typeof status !== "number" || status >= 500) return null;
  return status === 413 ? new AppError("RemoteRejected", error.message, error.details) : error;
}

/** From this size on a connection that breaks again and again may be the work of a limit, in bytes. */
const SUSPECT_BYTES = 100 * 1024;

/** Whether a smaller push may pass where this one did not. */
export function isTooMuchAtOnce(error: unknown): error is AppError {
  if (!(error instanceof AppError)) return false;
  const { status, bytes, reason, isKnown } = error.details ?? {};
  if (status === 413) return true;
  return reason === "connection" && isKnown !== false && typeof bytes === "number" && bytes >= SUSPECT_BYTES;
}

/**
 * Sends commits under the journal and records the result in the same breath: the attempt is durable before
 * the first byte, so a crash at any point leaves a question the remote can answer. What the target branch has is
 * recorded, also where other refs were refused.
 */
export async function send(
  ports: Ports,
  session: RepositorySession,
  input: { updates: RefUpdate[]; workspaces: PreparedPush[]; leases: readonly Lease[] },
): Promise<Sent> {
  const { updates } = input;
  const lost = await ports.locks.renew(input.leases);
  if (lost.length > 0) {
    throw new AppError("LockLost", "The lock was cleared while this operation ran, so it stopped.", {
      workspaceIds: lost.map(({ workspaceId }) => workspaceId),
    });
  }
  const sequence = await ports.journal.attempt({
    repositoryId: session.repository.id,
    updates,
    workspaces: input.workspaces,
  });
  const outcome = await pushAndAsk(ports, session, updates).catch(async (error: unknown) => {
    const refused = plainRefusal(error);
    if (refused) await ports.journal.settle(sequence, "rejected");
    throw refused ?? error;
  });
  const moved = outcome.kind === "accepted" ? new Set(updates.map(({ ref }) => ref)) : outcome.moved;
  if (outcome.kind === "rejected" && !isReached(session, updates, moved)) {
    await ports.journal.settle(sequence, moved.size > 0 ? "partial" : "rejected");
    return { kind: "refused", stale: outcome.stale, error: refusal(outcome), moved };
  }
  const leases = new Map(input.leases.map((lease) => [lease.workspaceId, lease]));
  await ports.workspaces.write(
    input.workspaces.map((prepared) => {
      const lease = leases.get(prepared.workspaceId);
      invariant(lease, "a workspace is pushed under a lease");
      return { ...recordable(prepared, updates, moved).write, guard: { lease } };
    }),
  );
  await ports.journal.settle(sequence, "recorded");
  return { kind: "recorded", missing: outcome.kind === "rejected" ? outcome.reasons : null };
}
