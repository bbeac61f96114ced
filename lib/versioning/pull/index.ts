import { AppError } from "@/lib/domain/error";
import { intermediateBranch } from "@/lib/domain/repository";
import type { Repository } from "@/lib/domain/repository";
import { readSnapshot } from "../contents";
import type { Snapshot } from "../contents";
import { explaining, questionOf } from "../meeting";
import type { Ports, RepositorySession } from "../ports";
import { Steps } from "../progress";
import { refsOfAttempts, settleLate } from "../push/late";
import type { PullOutcome } from "./apply-import";
import { BranchMoved, BranchRefused, type PullContext, type PullInput } from "./context";
import { pullLatest } from "./pull-latest";
import { pullVersion, tagRefs } from "./pull-version";

export type { PullOutcome } from "./apply-import";
export type { PullInput } from "./context";

/** How often a pull starts again because somebody else moved the intermediate branch in between. */
const MAX_REPLAYS = 3;

function refuseWriteOnly(repository: Repository): void {
  if (repository.mode !== "write-only") return;
  throw new AppError(
    "RepositoryModeMismatch",
    `The repository ${repository.name} is write-only. Pull from another one, or change its mode.`,
    { repositoryId: repository.id, mode: repository.mode },
  );
}

/** A conflict with one repository is settled with that one; a pull from another would only hide it. */
function refuseOthersConflict({ lease, repository }: PullInput): void {
  const from = lease.previousConflict?.repositoryId;
  if (!lease.previousConflict || from === undefined || from === repository.id) return;
  throw new AppError(
    "WorkspaceLocked",
    `There is an unresolved merge conflict with the repository ${from}. Pull from that one, or clear the lock first.`,
    { repositoryId: from },
  );
}

function wantedRefs({ repository, versionId }: PullInput, { record }: Snapshot): string[] {
  return [
    `refs/heads/${repository.branch}`,
    `refs/heads/${intermediateBranch(record.slug, repository.branch)}`,
    ...(versionId === "latest" ? [] : tagRefs(record.slug, versionId)),
  ];
}

/**
 * Brings a repository's content into the workspace. `latest` saves and merges, unless local changes are discarded;
 * a named version or commit is imported exactly as it is, after a snapshot.
 * Throws MergeConflict (the lock then stays, reason `merge_conflict`, and nothing was imported), UnreadableContent,
 * NotFound, RepositoryModeMismatch, LockLost, or what the remote's failure is called.
 */
export async function pull(ports: Ports, input: PullInput): Promise<PullOutcome> {
  refuseWriteOnly(input.repository);
  refuseOthersConflict(input);
  const steps = new Steps(ports, input.lease.workspaceId, "pull", input.repository);
  let session: RepositorySession | null = null;
  try {
    await steps.enter("checkout", `Reading ${input.repository.name}`);
    const snapshot = await readSnapshot(ports, input.lease.workspaceId);
    const states = await ports.workspaces.states(input.repository.id, [snapshot.record.id]);
    const { commit, intermediate } = states.get(snapshot.record.id) ?? {};
    const ids = [snapshot.record.id];
    const attempts = await ports.journal.unconfirmed(input.repository.id, ids);
    session = await ports.repositories.open(input.repository, {
      expects: { commits: [commit, intermediate].filter((oid) => oid !== undefined && oid !== null) },
      objects: ports.workspaces,
      signal: ports.signal,
      refs: [...wantedRefs(input, snapshot), ...refsOfAttempts(attempts)],
    });
    if (session.origin) await steps.enter("checkout", session.origin);
    const leases = new Map([[snapshot.record.id, input.lease]]);
    await settleLate(ports, session, { attempts, ids, states, leases });
    return await pullWithReplays({ ports, session, input, snapshot, steps });
  } catch (error) {
    await steps.enter("error", error instanceof AppError ? error.message : "The pull failed.");
    throw error;
  } finally {
    await session?.close();
  }
}

async function pullWithReplays(context: PullContext): Promise<PullOutcome> {
  if (context.input.versionId !== "latest") return pullVersion(context);
  for (let attempt = 1; ; attempt++) {
    try {
      return await pullOnce(context);
    } catch (error) {
      if (error instanceof BranchRefused) return pullOnce({ ...context, isBranchRefused: true });
      if (!(error instanceof BranchMoved)) throw error;
      if (attempt >= MAX_REPLAYS) {
        throw new AppError(
          "RemoteRejected",
          "Somebody else keeps moving the intermediate branch. Try again in a moment.",
        );
      }
      await context.session.refresh();
    }
  }
}

async function pullOnce(context: PullContext): Promise<PullOutcome> {
  const { ports, session, snapshot, input } = context;
  const { repository } = input;
  const { record } = snapshot;
  const state = (await ports.workspaces.states(repository.id, [record.id])).get(record.id) ?? null;
  const tip = session.ref(`refs/heads/${repository.branch}`);
  const question = questionOf(session, { repository, record, state, tip, own: new Set() });
  return explaining(ports, session, question, () => pullLatest(context, question));
}
