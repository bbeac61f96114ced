import { AppError } from "@/lib/domain/error";
import { NATIVE_REPOSITORY_ID, NATIVE_REPOSITORY_NAME } from "@/lib/domain/repository";
import type { Repository } from "@/lib/domain/repository";
import { readSnapshot } from "./contents";
import type { Snapshot } from "./contents";
import type { Lease, Ports, RepositorySession, TreeEntry, VersionRecord } from "./ports";
import { eventOf, Steps } from "./progress";
import { applyImport, snapshotBefore } from "./pull/apply-import";
import type { PullOutcome } from "./pull/apply-import";
import { blobReader, planImport } from "./pull/plan-import";
import { rightsOf } from "./pull/source";
import { storedEntries } from "./trees";

export interface RollbackInput {
  lease: Lease;
  /** Null: the native repository. */
  repository: Repository | null;
  version: string;
  reason?: string;
  /** A pull from the native repository is the same without being called a rollback. */
  asPull?: boolean;
}

interface VersionContent {
  record: VersionRecord;
  entries: TreeEntry[];
  session: RepositorySession | null;
}

async function findVersion(
  ports: Ports,
  { lease, repository, version }: RollbackInput,
): Promise<VersionRecord> {
  const repositoryId = repository?.id ?? NATIVE_REPOSITORY_ID;
  const record = await ports.workspaces.version(lease.workspaceId, repositoryId, version);
  if (record) return record;
  throw new AppError(
    "NotFound",
    `This workspace has no version ${version} in ${repository?.name ?? NATIVE_REPOSITORY_NAME}. Choose one from its list of versions.`,
    { version, repositoryId },
  );
}

/** A version's files: from the platform's storage, which keeps every version pushed from here. */
async function readVersion(ports: Ports, input: RollbackInput): Promise<VersionContent> {
  const record = await findVersion(ports, input);
  return { record, entries: await storedEntries(ports.workspaces, record.tree), session: null };
}

/**
 * Brings a published version back in one step. A snapshot of the present state comes first, so this can be rolled
 * back itself; the meeting point with git stays, so the workspace is dirty where it differs from the branch.
 * Throws NotFound, UnreadableContent and LockLost.
 */
export async function rollback(ports: Ports, input: RollbackInput): Promise<PullOutcome> {
  const { lease, repository } = input;
  const where = repository ?? { id: NATIVE_REPOSITORY_ID, name: NATIVE_REPOSITORY_NAME, branch: "" };
  const steps = new Steps(ports, lease.workspaceId, "pull", where);
  try {
    await steps.enter("checkout", `Reading version ${input.version}`);
    const snapshot = await readSnapshot(ports, lease.workspaceId);
    return await applyVersion(ports, input, snapshot, steps);
  } catch (error) {
    await steps.enter("error", error instanceof AppError ? error.message : "The rollback failed.");
    throw error;
  }
}

async function applyVersion(
  ports: Ports,
  input: RollbackInput,
  snapshot: Snapshot,
  steps: Steps,
): Promise<PullOutcome> {
  const { record, entries } = await readVersion(ports, input);
  const plan = await planImport({
    present: snapshot,
    source: entries,
    exclude: [],
    rights: rightsOf(ports, snapshot.record.id),
    readBlobs: blobReader(ports, null),
  });
  const saved = snapshotBefore(ports, snapshot, `rolling back to ${input.version}`);
  await steps.enter("pull:import", "Bringing the files back");
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
          eventOf(ports, snapshot.record.id, "workspaces.versions.rollback", {
            version: { name: record.name, repository: { id: record.repositoryId } },
            ...(input.reason ? { reason: input.reason } : {}),
            snapshot: { name: saved.name },
          }),
        ],
    steps,
  });
}
