import { AppError } from "@/lib/domain/error";
import { NATIVE_REPOSITORY_ID, NATIVE_REPOSITORY_NAME } from "@/lib/domain/repository";
import type { Repository } from "@/lib/domain/repository";
import { readSnapshot } from "./contents";
import type { Snapshot } from "./contents";
import type { Lease, Ports, VersionRecord } from "./ports";
import { Steps } from "./progress";
import { pull } from "./pull";
import { applyImport, rollbackEvent, snapshotBefore } from "./pull/apply-import";
import type { PullOutcome } from "./pull/apply-import";
import { blobReader, planImport } from "./pull/plan-import";
import { rightsOf } from "./pull/source";
import { storedEntries } from "./trees";

export interface RollbackInput {
  lease: Lease;
  /** Null: the native repository. */
  repository: Repository | null;
  version: string;
  reason?: string | undefined;
  /** See PullInput. */
  otherWorkspaceId?: string | undefined;
  /** A pull from the native repository is the same without being called a rollback. */
  asPull?: boolean;
}

function noVersion({ repository, version }: RollbackInput): AppError {
  return new AppError(
    "NotFound",
    `This workspace does not have a version ${version} in ${repository?.name ?? NATIVE_REPOSITORY_NAME}. Choose one from its list of versions.`,
    { version, repositoryId: repository?.id ?? NATIVE_REPOSITORY_ID },
  );
}

/**
 * Brings a published version back in one step. A snapshot of the present state comes first, so this can be rolled
 * back itself; the meeting point with git stays, so the workspace is dirty where it differs from the branch.
 * Throws NotFound, UnreadableContent and LockLost.
 */
export async function rollback(ports: Ports, input: RollbackInput): Promise<PullOutcome> {
  const { lease, repository } = input;
  const record = await ports.workspaces.version(
    lease.workspaceId,
    repository?.id ?? NATIVE_REPOSITORY_ID,
    input.version,
  );
  if (!record) {
    if (!repository) throw noVersion(input);
    // Published from elsewhere: only the repository has it.
    const asked = input.asPull ? {} : { rollback: { reason: input.reason } };
    return pull(ports, {
      lease,
      repository,
      versionId: input.version,
      discardLocalChanges: false,
      otherWorkspaceId: input.otherWorkspaceId,
      ...asked,
    });
  }
  const where = repository ?? { id: NATIVE_REPOSITORY_ID, name: NATIVE_REPOSITORY_NAME, branch: "" };
  const steps = new Steps(ports, lease.workspaceId, "pull", where);
  try {
    await steps.enter("checkout", `Reading version ${input.version}`);
    const snapshot = await readSnapshot(ports, lease.workspaceId);
    return await applyVersion(ports, input, record, snapshot, steps);
  } catch (error) {
    await steps.enter("error", error instanceof AppError ? error.message : "The rollback failed.");
    throw error;
  }
}

async function applyVersion(
  ports: Ports,
  input: RollbackInput,
  record: VersionRecord,
  snapshot: Snapshot,
  steps: Steps,
): Promise<PullOutcome> {
  // The platform's own storage keeps the content of every version published from here.
  const entries = await storedEntries(ports.workspaces, record.tree);
  const plan = await planImport({
    limits: ports.limits,
    present: snapshot,
    source: entries,
    exclude: [],
    rights: rightsOf(ports, snapshot.record.id),
    readBlobs: blobReader(ports, null),
  });
  const saved = snapshotBefore(ports, snapshot, `rolling back to ${input.version}`);
  await steps.enter("pull:import", "Restoring the files");
  return applyImport(ports, {
    lease: input.lease,
    repository: { id: record.repositoryId },
    snapshot,
    plan,
    versionName: record.name,
    saved,
    recordPull: false,
    events: input.asPull
      ? []
      : [
          rollbackEvent(ports, snapshot.record.id, {
            version: { name: record.name, repository: { id: record.repositoryId } },
            reason: input.reason,
            snapshot: saved.name,
          }),
        ],
    steps,
  });
}
