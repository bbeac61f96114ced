import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import { applyImport, rollbackEvent, snapshotBefore } from "./apply-import";
import type { PullOutcome } from "./apply-import";
import type { PullContext } from "./context";
import { blobReader, planImport } from "./plan-import";
import { readSource, rightsOf, viaOf } from "./source";

/** Tags that may carry a version's name: the workspace's own first, then that of the whole repository. */
export function tagRefs(slug: string, name: string): string[] {
  return [`refs/tags/${slug}@${name}`, `refs/tags/${name}`];
}

async function findCommit({ ports, session, input, snapshot }: PullContext): Promise<Oid> {
  const { versionId, repository } = input;
  const recorded = await ports.workspaces.version(snapshot.record.id, repository.id, versionId);
  if (recorded?.commit) {
    const commit = await session.findCommit(recorded.commit as Oid);
    if (commit) return commit.oid;
  }
  for (const ref of tagRefs(snapshot.record.slug, versionId)) {
    const held = session.ref(ref);
    if (!held) continue;
    const commit = await session.findCommit(held);
    if (commit) return commit.oid;
    throw new AppError(
      "NotFound",
      `The tag ${ref.slice("refs/tags/".length)} in ${repository.name} does not point to a commit. Choose another version.`,
      { version: versionId, repositoryId: repository.id },
    );
  }
  if (/^[0-9a-f]{40}$/.test(versionId)) {
    const commit = await session.findCommit(versionId as Oid);
    if (commit) return commit.oid;
  }
  throw new AppError(
    "NotFound",
    `There is no version, tag or commit ${versionId} of this workspace in ${repository.name}.`,
    { version: versionId, repositoryId: repository.id },
  );
}

/** Imports one version exactly as it is, after a snapshot; the meeting point with the branch stays where it was. */
export async function pullVersion(context: PullContext): Promise<PullOutcome> {
  const { ports, session, input, snapshot, steps } = context;
  const { record, files } = snapshot;
  const state = (await ports.workspaces.states(input.repository.id, [record.id])).get(record.id) ?? null;
  const source = await readSource(context, await findCommit(context), state);
  await steps.enter("pull:import", "Importing files");
  const plan = await planImport({
    limits: ports.limits,
    present: { record, files },
    source: source.entries,
    exclude: input.repository.exclude,
    via: viaOf(input.repository),
    rights: rightsOf(ports, record.id),
    readBlobs: blobReader(ports, (oids) => session.blobs(oids)),
  });
  const saved = snapshotBefore(
    ports,
    snapshot,
    `${input.rollback ? "rolling back to" : "pulling"} ${input.versionId}`,
  );
  return applyImport(ports, {
    lease: input.lease,
    repository: input.repository,
    snapshot,
    plan,
    versionName: input.versionId,
    saved,
    recordPull: input.rollback === undefined,
    events: input.rollback
      ? [
          rollbackEvent(ports, record.id, {
            version: { name: input.versionId, repository: { id: input.repository.id } },
            reason: input.rollback.reason,
            snapshot: saved.name,
          }),
        ]
      : [],
    steps,
  });
}
