import { headWritten } from "@/lib/archive/manifest";
import type { KnownManifest } from "@/lib/domain/manifest";
import type { Repository } from "@/lib/domain/repository";
import { signatureOf } from "../folders/claim";
import { eventOf } from "../progress";
import type { Steps } from "../progress";
import type { NewVersionRecord, Ports, PreparedPush, RepositoryState } from "../ports";
import type { PrepareInput, PreparedCommit } from "./prepare";
import { describePublished } from "./published";

/** Everything the database shall say of a workspace once the remote has the commit. */
export async function recordOf(
  ports: Ports,
  input: PrepareInput,
  commit: PreparedCommit,
  steps: Steps,
): Promise<PreparedPush & { version: NewVersionRecord }> {
  const { record } = input.snapshot;
  const createdAt = ports.journal.acceptedAt.toISOString();
  const { userId } = ports.actor;
  const version: NewVersionRecord = {
    workspaceId: record.id,
    name: input.version.name,
    repositoryId: input.repository.id,
    kind: "version",
    description: input.version.description,
    tree: record.tree,
    commit: commit.target,
    createdAt,
    createdBy: userId,
    operationId: ports.journal.operationId,
  };
  const state: RepositoryState = {
    workspaceId: record.id,
    repositoryId: input.repository.id,
    directory: commit.directory,
    slug: record.slug,
    workspaceTree: record.tree,
    remoteSubtree: commit.subtree,
    commit: commit.target,
    intermediate: commit.intermediate,
    version: input.version.name,
    manifestKey: input.manifest?.key ?? null,
    manifest: await manifestAfter(ports, input, commit),
    conflictTip: null,
    conflictTarget: null,
    conflictTree: null,
    behind: 0,
    status: "synced",
    checkedAt: ports.clock().toISOString(),
  };
  return {
    workspaceId: record.id,
    intermediateRef: commit.intermediateRef,
    intermediate: commit.intermediate ?? commit.target,
    target: commit.target,
    version,
    write: {
      workspaceId: record.id,
      userId,
      lastPush: { createdAt, createdBy: userId, version: version.name, repositoryId: input.repository.id },
      syncedTree: record.tree,
      state,
      versions: [version],
      events: [
        eventOf(ports, record.id, "workspaces.versions.published", {
          workspaceId: record.id,
          version: {
            name: version.name,
            createdAt,
            description: version.description,
            repository: { id: input.repository.id, name: input.repository.name },
            commit: commit.target,
          },
          changes: await publishedChanges(input, commit),
        }),
        steps.event("push:done", `Version ${version.name} is on ${repositoryBranch(input.repository)}.`),
      ],
      lock: "release",
    },
  };
}

/** What the remote's manifest says now: what was just written, or what stood there before. */
async function manifestAfter(
  ports: Ports,
  input: PrepareInput,
  commit: PreparedCommit,
): Promise<KnownManifest | null> {
  const { snapshot, manifest, version, state } = input;
  if (!commit.committed) return state?.remoteSubtree === commit.subtree ? (state?.manifest ?? null) : null;
  return (
    manifest &&
    headWritten({
      workspaceId: await signatureOf(ports, snapshot.record, state),
      versionName: version.name,
      exportedAt: ports.journal.acceptedAt,
      facts: manifest.facts,
    })
  );
}

function repositoryBranch(repository: Repository): string {
  return `${repository.name}, branch ${repository.branch}`;
}

async function publishedChanges({ objects: source }: PrepareInput, commit: PreparedCommit) {
  const oids = [...commit.changes].flatMap(([path, change]) => {
    const old = commit.before.get(path);
    return [...(change ? [change.oid] : []), ...(old ? [old] : [])];
  });
  const objects = await source.readObjects([...new Set(oids)]);
  return describePublished(commit.changes, commit.before, objects);
}
