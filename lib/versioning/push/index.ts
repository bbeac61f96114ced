import { AppError } from "@/lib/domain/error";
import { intermediateBranch } from "@/lib/domain/repository";
import type { Repository } from "@/lib/domain/repository";
import { automaticVersionName } from "@/lib/domain/version";
import { readSnapshot } from "../contents";
import type { Snapshot } from "../contents";
import type {
  Lease,
  NewVersionRecord,
  ObjectSource,
  Ports,
  RefUpdate,
  RepositorySession,
  RepositoryState,
} from "../ports";
import { ObjectCache } from "../object-cache";
import { Steps } from "../progress";
import { manifestFacts } from "./manifest";
import { preparePush } from "./prepare";
import type { PrepareInput, PreparedCommit } from "./prepare";
import { recordOf } from "./record";
import { mayReplay, send } from "./send";

export interface PushInput {
  lease: Lease;
  repository: Repository;
  name?: string;
  description?: string;
}

export function refuseReadOnly(repository: Repository): void {
  if (repository.mode !== "read-only" && repository.type !== "filesystem") return;
  throw new AppError(
    "RepositoryModeMismatch",
    `The repository ${repository.name} is read-only. Push to another one, or change its mode.`,
    { repositoryId: repository.id, mode: repository.mode },
  );
}

function tagRef(repository: Repository, slug: string, name: string): string {
  return `refs/tags/${repository.scope === "workspace" ? name : `${slug}@${name}`}`;
}

function versionTaken(name: string): AppError {
  return new AppError("VersionAlreadyExists", `There is a version ${name} already. Choose another name.`, {
    name,
  });
}

async function freeName(
  ports: Ports,
  session: RepositorySession,
  { record }: Snapshot,
  { repository, name }: PushInput,
): Promise<string> {
  const taken = async (candidate: string) =>
    session.ref(tagRef(repository, record.slug, candidate)) !== null ||
    (await ports.workspaces.version(record.id, repository.id, candidate)) !== null;
  if (name !== undefined) {
    if (await taken(name)) throw versionTaken(name);
    return name;
  }
  const automatic = automaticVersionName(ports.journal.acceptedAt);
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? automatic : `${automatic}-${String(count)}`;
    if (!(await taken(candidate))) return candidate;
  }
}

function refUpdates(session: RepositorySession, input: PrepareInput, commit: PreparedCommit): RefUpdate[] {
  const targetRef = `refs/heads/${input.repository.branch}`;
  const tag = tagRef(input.repository, input.snapshot.record.slug, input.version.name);
  return [
    ...(commit.committed && commit.intermediate
      ? [{ ref: commit.intermediateRef, expected: commit.expectedIntermediate, next: commit.intermediate }]
      : []),
    ...(commit.committed ? [{ ref: targetRef, expected: session.ref(targetRef), next: commit.target }] : []),
    { ref: tag, expected: null, next: commit.target },
  ];
}

/**
 * Publishes a workspace to a git repository: commit, merge into the target branch, tag, record.
 * Throws RemoteAhead, VersionAlreadyExists, MergeConflict (write-only), RepositoryModeMismatch, RemoteRejected,
 * LockLost, or what the remote's failure is called.
 */
export async function push(
  ports: Ports,
  input: PushInput,
): Promise<{ version: NewVersionRecord; unchanged: boolean }> {
  refuseReadOnly(input.repository);
  const steps = new Steps(ports, input.lease.workspaceId, "push", input.repository);
  let session: RepositorySession | null = null;
  try {
    await steps.enter("checkout", `Reading ${input.repository.name}`);
    const snapshot = await readSnapshot(ports, input.lease.workspaceId);
    const objects = new ObjectCache(ports.workspaces);
    const { id } = snapshot.record;
    const state = (await ports.workspaces.states(input.repository.id, [id])).get(id) ?? null;
    session = await openForPush(ports, { ...input, objects, state }, snapshot);
    return await pushSnapshot(ports, session, { ...input, objects, state }, snapshot, steps);
  } catch (error) {
    const message = error instanceof AppError ? error.message : "The push failed.";
    await steps.enter("error", message);
    throw error;
  } finally {
    await session?.close();
  }
}

/** What a push has read before it speaks to the remote. */
interface Known {
  objects: ObjectSource;
  /** Of the last meeting with this repository; null: there was none. */
  state: RepositoryState | null;
}

function openForPush(
  ports: Ports,
  { repository, name, objects, state }: PushInput & Known,
  { record }: Snapshot,
): Promise<RepositorySession> {
  const automatic = automaticVersionName(ports.journal.acceptedAt);
  const names = name === undefined ? [automatic, `${automatic}-2`, `${automatic}-3`] : [name];
  // Of a thousand workspaces in the repository this push is about one, and builds on what was there last.
  const subtree = repository.scope === "platform" ? (state?.remoteSubtree ?? null) : null;
  return ports.repositories.open(repository, {
    objects,
    ...(subtree === null ? {} : { isMostlyKnown: true, expects: { trees: [subtree] } }),
    signal: ports.signal,
    refs: [
      `refs/heads/${repository.branch}`,
      `refs/heads/${intermediateBranch(record.slug, repository.branch)}`,
      ...names.map((candidate) => tagRef(repository, record.slug, candidate)),
    ],
  });
}

async function pushSnapshot(
  ports: Ports,
  session: RepositorySession,
  input: PushInput & Known,
  snapshot: Snapshot,
  steps: Steps,
): Promise<{ version: NewVersionRecord; unchanged: boolean }> {
  const { repository, lease, objects, state } = input;
  const { record } = snapshot;
  const facts = repository.scope === "platform" ? await manifestFacts(ports, [snapshot]) : null;
  for (let attempt = 1; ; attempt++) {
    const name = await freeName(ports, session, snapshot, input);
    const prepare: PrepareInput = {
      repository,
      objects,
      snapshot,
      state,
      manifest: facts?.get(record.id) ?? null,
      version: { name, description: input.description },
      force: false,
      tip: session.ref(`refs/heads/${repository.branch}`),
    };
    await steps.enter("write", "Writing the workspace to the intermediate branch");
    const commit = await preparePush(ports, session, prepare);
    await steps.enter("push:merge", `Merging into ${repository.branch}`);
    const { version, ...prepared } = await recordOf(ports, prepare, commit, steps);
    await steps.enter("push", `Sending to ${repository.name}`);
    const updates = refUpdates(session, prepare, commit);
    const sent = await send(ports, session, { updates, workspaces: [prepared], leases: [lease] });
    if (sent.kind === "recorded") return { version, unchanged: !commit.committed };
    if (!sent.stale || !(await mayReplay(ports, session, attempt))) throw sent.error;
  }
}
