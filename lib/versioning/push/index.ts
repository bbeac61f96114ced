import { AppError } from "@/lib/domain/error";
import { intermediateBranch } from "@/lib/domain/repository";
import type { Repository } from "@/lib/domain/repository";
import { automaticVersionName } from "@/lib/domain/version";
import type { Oid } from "@/lib/domain/workspace";
import { readSnapshot } from "../contents";
import type { Snapshot } from "../contents";
import type { Overwrite } from "../meeting";
import type {
  Lease,
  NewVersionRecord,
  ObjectSource,
  Ports,
  PreparedPush,
  RefUpdate,
  RepositorySession,
  RepositoryState,
  UnconfirmedAttempt,
} from "../ports";
import { ObjectCache } from "../object-cache";
import { Steps } from "../progress";
import { ownCommits, refsOfAttempts, settleLate } from "./late";
import { manifestFacts } from "./manifest";
import { isTag } from "./moved";
import { branchesCalled, refuseBranchNames, versionTaken } from "./names";
import { preparePush } from "./prepare";
import type { PrepareInput, PreparedCommit } from "./prepare";
import { recordOf } from "./record";
import { mayReplay, refusedBeside, send } from "./send";
import type { Refusal } from "./send";
import { Turn } from "./turns";

export interface PushInput {
  lease: Lease;
  repository: Repository;
  name?: string;
  description?: string;
  /** What may be written over although it was never pulled. */
  overwrite?: Overwrite;
}

export interface Pushed {
  version: NewVersionRecord;
  /** The remote had this content already, and only the version is new. */
  unchanged: boolean;
  /** What the remote refused although it took the push. */
  missing: AppError | null;
}

export function refuseReadOnly(repository: Repository): void {
  if (repository.mode !== "read-only" && repository.type !== "filesystem") return;
  throw new AppError(
    "RepositoryModeMismatch",
    `The repository ${repository.name} is read-only. Push to another one, or change its mode.`,
    { repositoryId: repository.id, mode: repository.mode },
  );
}

function tagName(repository: Repository, slug: string, name: string): string {
  return repository.scope === "workspace" ? name : `${slug}@${name}`;
}

function tagRef(repository: Repository, slug: string, name: string): string {
  return `refs/tags/${tagName(repository, slug, name)}`;
}

async function freeName(
  ports: Ports,
  session: RepositorySession,
  { record }: Snapshot,
  { repository, name, state }: PushInput & Known,
): Promise<string> {
  const isRecorded = async (candidate: string) =>
    (await ports.workspaces.version(record.id, repository.id, candidate)) !== null;
  const tagged = (candidate: string) => session.ref(tagRef(repository, record.slug, candidate));
  if (name !== undefined) {
    refuseBranchNames(session, [name, tagName(repository, record.slug, name)]);
    const tag = tagged(name);
    if ((await isRecorded(name)) || (tag !== null && !(await isOursAlready(session, record, state, tag))))
      throw versionTaken(name);
    return name;
  }
  const automatic = automaticVersionName(ports.journal.acceptedAt);
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? automatic : `${automatic}-${String(count)}`;
    if (tagged(candidate) === null && !(await isRecorded(candidate))) return candidate;
  }
}

/** A tag that holds just what is here and was pushed before: one of ours, of which we did not hear any more. */
async function isOursAlready(
  session: RepositorySession,
  { tree }: Snapshot["record"],
  state: RepositoryState | null,
  tag: Oid,
): Promise<boolean> {
  if (state?.workspaceTree !== tree || state.remoteSubtree === null) return false;
  return (await session.subtree(tag, state.directory)) === state.remoteSubtree;
}

function refUpdates(session: RepositorySession, input: PrepareInput, commit: PreparedCommit): RefUpdate[] {
  const targetRef = `refs/heads/${input.repository.branch}`;
  const tag = tagRef(input.repository, input.snapshot.record.slug, input.version.name);
  return [
    ...(commit.committed && commit.intermediate
      ? [{ ref: commit.intermediateRef, expected: commit.expectedIntermediate, next: commit.intermediate }]
      : []),
    ...(commit.committed ? [{ ref: targetRef, expected: session.ref(targetRef), next: commit.target }] : []),
    // One that is there already holds the same; see `freeName`.
    { ref: tag, expected: session.ref(tag), next: session.ref(tag) ?? commit.target },
  ];
}

/**
 * Publishes a workspace to a git repository: commit, merge into the target branch, tag, record.
 * Throws RemoteAhead, VersionAlreadyExists, MergeConflict (write-only), RepositoryModeMismatch, RemoteRejected,
 * LockLost, or what the remote's failure is called.
 */
export async function push(ports: Ports, input: PushInput): Promise<Pushed> {
  refuseReadOnly(input.repository);
  const steps = new Steps(ports, input.lease.workspaceId, "push", input.repository);
  let session: RepositorySession | null = null;
  const turn = new Turn(input.repository);
  try {
    await steps.enter("checkout", `Reading ${input.repository.name}`);
    await turn.join(ports.signal);
    const snapshot = await readSnapshot(ports, input.lease.workspaceId);
    const objects = new ObjectCache(ports.workspaces);
    const { id } = snapshot.record;
    const states = await ports.workspaces.states(input.repository.id, [id]);
    const attempts = await ports.journal.unconfirmed(input.repository.id, [id]);
    const known: Known = { objects, state: states.get(id) ?? null, attempts, turn };
    session = await openForPush(ports, { ...input, ...known }, snapshot);
    const leases = new Map([[id, input.lease]]);
    const late = await settleLate(ports, session, { attempts, ids: [id], states, leases });
    return (
      sentBefore(late.recorded, input, snapshot) ??
      (await pushSnapshot(
        ports,
        session,
        { ...input, ...known, state: late.states.get(id) ?? null },
        snapshot,
        steps,
      ))
    );
  } catch (error) {
    const message = error instanceof AppError ? error.message : "The push failed.";
    await steps.enter("error", message);
    throw error;
  } finally {
    turn.end();
    await session?.close();
  }
}

/** What a push has read before it speaks to the remote. */
interface Known {
  objects: ObjectSource;
  /** Of the last meeting with this repository; null: there was none. */
  state: RepositoryState | null;
  /** Earlier pushes that nobody saw the end of. */
  attempts: readonly UnconfirmedAttempt[];
  turn: Turn;
}

/** The push that is asked for when it was sent before and arrived late. */
function sentBefore(
  recorded: readonly PreparedPush[],
  { name }: PushInput,
  { record }: Snapshot,
): Pushed | null {
  for (const { write } of recorded) {
    const version = write.versions?.find((one) => one.name === name);
    if (version && version.tree === record.tree) return { version, unchanged: true, missing: null };
  }
  return null;
}

function openForPush(
  ports: Ports,
  { repository, name, objects, state, attempts }: PushInput & Known,
  { record }: Snapshot,
): Promise<RepositorySession> {
  const automatic = automaticVersionName(ports.journal.acceptedAt);
  const names = name === undefined ? [automatic, `${automatic}-2`, `${automatic}-3`] : [name];
  // Of a thousand workspaces in the repository this push is about one, and builds on what was there last.
  const subtree = repository.scope === "platform" ? (state?.remoteSubtree ?? null) : null;
  return ports.repositories.open(repository, {
    objects,
    pushes: true,
    ...(subtree === null ? {} : { isMostlyKnown: true, expects: { trees: [subtree] } }),
    signal: ports.signal,
    refs: [
      `refs/heads/${repository.branch}`,
      `refs/heads/${intermediateBranch(record.slug, repository.branch)}`,
      ...names.map((candidate) => tagRef(repository, record.slug, candidate)),
      ...(name === undefined ? [] : branchesCalled([name, tagName(repository, record.slug, name)])),
      ...refsOfAttempts(attempts),
    ],
  });
}

async function pushSnapshot(
  ports: Ports,
  session: RepositorySession,
  input: PushInput & Known,
  snapshot: Snapshot,
  steps: Steps,
): Promise<Pushed> {
  const { repository, lease, objects, state } = input;
  const { record } = snapshot;
  const facts = repository.scope === "platform" ? await manifestFacts(ports, [snapshot]) : null;
  const own = ownCommits(session, input);
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
      own,
      overwrite: input.overwrite ?? {},
      isNewBranch: session.ref(`refs/heads/${repository.branch}`) === null,
    };
    await steps.enter("write", "Writing the workspace to the intermediate branch");
    const commit = await preparePush(ports, session, prepare);
    await steps.enter("push:merge", `Merging into ${repository.branch}`);
    const { version, ...prepared } = await recordOf(ports, prepare, commit, steps);
    await steps.enter("push", `Sending to ${repository.name}`);
    const updates = refUpdates(session, prepare, commit);
    const sent = await send(ports, session, { updates, workspaces: [prepared], leases: [lease] });
    if (sent.kind === "recorded") return pushed(input, { version, commit, missing: sent.missing });
    if (commit.intermediate && sent.moved.has(commit.intermediateRef)) own.add(commit.intermediate);
    if (!sent.stale || !(await mayReplay(ports, session, input.turn, attempt))) throw sent.error;
  }
}

/** What became of a push that the target branch took. Throws RemoteRejected where the version's tag is missing. */
function pushed(
  { repository }: PushInput,
  sent: { version: NewVersionRecord; commit: PreparedCommit; missing: Refusal | null },
): Pushed {
  const { version, commit, missing } = sent;
  for (const [ref, why] of missing ?? [])
    if (isTag(ref))
      throw new AppError(
        "RemoteRejected",
        `The branch ${repository.branch} has the push, but its version ${version.name} has no tag yet: ${why}. Push again under the same name to create it.`,
        { ref, version: version.name },
      );
  const [refused] = missing ?? [];
  return {
    version,
    unchanged: !commit.committed,
    missing: refused ? refusedBeside(repository, ...refused) : null,
  };
}
