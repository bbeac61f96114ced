import { mapInSlices } from "@/lib/runtime/pace";
import { groupsOf } from "@/lib/domain/bulk";
import { OPERATIONS } from "@/lib/domain/operation/kinds";
import type { BulkPushSummary } from "@/lib/domain/bulk";
import { AppError, errorBody } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import { automaticVersionName } from "@/lib/domain/version";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import type { Oid } from "@/lib/domain/workspace";
import { lockSentence } from "@/lib/domain/write-lock";
import type {
  Lease,
  ObjectSource,
  Ports,
  RepositorySession,
  UnconfirmedAttempt,
  WorkspaceRecord,
} from "../ports";
import { ObjectCache } from "../object-cache";
import { eventOf } from "../progress";
import { refuseReadOnly } from "../push";
import { ownCommits, refsOfAttempts, settleLate } from "../push/late";
import { manifestFacts } from "../push/manifest";
import { versionTaken } from "../push/names";
import { Turn } from "../push/turns";
import { categorize } from "./categorize";
import type { Categorized } from "./categorize";
import { stillThere } from "./look";
import { pushChunk } from "./chunk";
import type { ChunkContext } from "./context";
import { PushLedger } from "./summary";
import { finishTag, freeAutomaticName, refsForTag, tagOfEarlierTry } from "./tag";
import type { TagSubject } from "./tag";

/** Workspaces whose files are listed at once. */
const FILES_OF = 200;

export interface BulkPushInput {
  /** The platform workspace's lease; null for a dry run, which changes nothing. */
  lease: Lease | null;
  repository: Repository;
  groups: string[];
  name?: string | undefined;
  description?: string;
  dryRun: boolean;
  force: boolean;
  /** Folders that are gone are written again. */
  putBack?: boolean;
  /** Ids of the operations that this one repeats; their tag is carried on, and what they pushed is not pushed again. */
  retryOf?: string[] | undefined;
}

/** Every workspace of the groups with what would be done to it. */
async function plan(ports: Ports, input: BulkPushInput): Promise<Categorized[]> {
  const labels = ports.groups
    .filter((group) => input.groups.includes(group.name))
    .flatMap((group) => group.labels);
  const found = labels.length > 0 ? await ports.workspaces.find({ anyLabel: labels }) : [];
  const records = found.filter(({ id }) => id !== PLATFORM_WORKSPACE_ID);
  const ids = records.map(({ id }) => id);
  const [states, locks] = await Promise.all([
    ports.workspaces.states(input.repository.id, ids),
    ports.locks.current(ids),
  ]);
  // What the manifest says can only differ where the content does not; the rest are candidates anyway.
  const settled = records.filter((record) => states.get(record.id)?.workspaceTree === record.tree);
  const keys = await manifestKeys(ports, settled);
  const names = await ports.namesOf([...locks.values()].map(({ lockedBy }) => lockedBy));
  const locked = (id: string) => {
    const lock = locks.get(id);
    return lock && { lockedWhy: lockSentence(lock, names.get(lock.lockedBy), ports.clock().getTime()) };
  };
  return mapInSlices(records, (record) =>
    categorize(record, {
      repository: input.repository,
      state: states.get(record.id),
      lock: locks.get(record.id),
      manifestKey: keys.get(record.id),
      force: input.force,
      ...(locked(record.id) ?? {}),
    }),
  );
}

async function manifestKeys(ports: Ports, records: readonly WorkspaceRecord[]): Promise<Map<string, string>> {
  const keys = new Map<string, string>();
  for (let start = 0; start < records.length; start += FILES_OF) {
    const slice = records.slice(start, start + FILES_OF);
    const files = await ports.workspaces.files(slice.map(({ id }) => id));
    const facts = await manifestFacts(
      ports,
      slice.map((record) => ({ record, files: files.get(record.id) ?? [] })),
    );
    for (const [id, { key }] of facts) keys.set(id, key);
  }
  return keys;
}

async function started(ports: Ports, input: BulkPushInput, planned: readonly Categorized[]): Promise<void> {
  await ports.journal.emit([
    eventOf(ports, PLATFORM_WORKSPACE_ID, OPERATIONS.bulkPush.events.started, {
      repositoryId: input.repository.id,
      groups: input.groups,
      workspaces: await mapInSlices(planned, ({ record, status, reason }) => ({
        slug: record.slug,
        workspaceId: record.id,
        name: record.name,
        groups: groupsOf(record.labels, ports.groups),
        status,
        ...(reason ? { reason } : {}),
      })),
    }),
  ]);
}

/** Refuses a name that one of the candidates carries already; a retry leaves those out instead. */
async function withFreeName(
  ports: Ports,
  { repository, name, retryOf }: BulkPushInput,
  planned: readonly Categorized[],
): Promise<Categorized[]> {
  if (name === undefined) return [...planned];
  const ids = planned.filter(({ status }) => status === "candidate").map(({ record }) => record.id);
  const taken = await ports.workspaces.workspacesWithVersion(repository.id, name, ids);
  if (taken.size > 0 && !retryOf?.length) throw versionTaken(name);
  const reason = `Version ${name} of it was pushed before.`;
  return planned.map((one) => (taken.has(one.record.id) ? { ...one, status: "alreadyPushed", reason } : one));
}

/**
 * Pushes all workspaces of the groups that changed, in one conversation with the repository.
 * One that fails is named in the summary and does not stop the rest. Throws only when nothing could be started:
 * VersionAlreadyExists, RepositoryModeMismatch, or what the remote's failure is called.
 */
export async function bulkPush(ports: Ports, input: BulkPushInput): Promise<BulkPushSummary> {
  refuseReadOnly(input.repository);
  const begin = ports.clock().getTime();
  const name = input.name ?? automaticVersionName(input.lease ? ports.journal.acceptedAt : ports.clock());
  const known = await withFreeName(ports, input, await plan(ports, input));
  // A name that is taken in the repository ends the operation before it has begun.
  const opened = known.length > 0 ? await open(ports, input, name, known) : null;
  const planned = opened?.planned ?? known;
  const ledger = new PushLedger(begin, {
    repositoryId: input.repository.id,
    groups: input.groups,
    version: opened && "subject" in opened ? opened.subject.name : name,
    dryRun: input.dryRun,
  });
  for (const { record, status, reason } of planned) ledger.set(record, status, { reason });
  try {
    if (input.dryRun) return ledger.finish(ports.clock().getTime());
    await started(ports, input, planned);
    const failure = opened && (await pushAll(ports, input, opened, ledger));
    const summary = ledger.finish(ports.clock().getTime(), failure ?? undefined);
    await ports.journal.emit([
      eventOf(ports, PLATFORM_WORKSPACE_ID, OPERATIONS.bulkPush.events.completed, summary),
    ]);
    return summary;
  } finally {
    if (opened && "session" in opened) await opened.session.close();
  }
}

/** The conversation with the repository, its refs read and the name checked; or why there is none. */
type Opened = { planned: Categorized[]; candidates: WorkspaceRecord[] } & (
  | { failure: unknown }
  | {
      session: RepositorySession;
      objects: ObjectSource;
      subject: TagSubject;
      tagged: Oid | null;
      attempts: UnconfirmedAttempt[];
    }
);

async function open(ports: Ports, input: BulkPushInput, name: string, known: Categorized[]): Promise<Opened> {
  const { repository, name: wanted, retryOf = [] } = input;
  const ids = known.map(({ record }) => record.id);
  const [states, attempts] = await Promise.all([
    ports.workspaces.states(repository.id, ids),
    ports.journal.unconfirmed(repository.id, ids),
  ]);
  const subject: TagSubject = { name, isNamed: wanted !== undefined, retryOf, planned: known, states };
  const objects = new ObjectCache(ports.workspaces);
  let session: RepositorySession | null = null;
  try {
    session = await ports.repositories.open(repository, {
      pushes: true,
      objects,
      signal: ports.signal,
      refs: [
        `refs/heads/${repository.branch}`,
        "refs/heads/prismeai/",
        ...refsForTag(subject),
        ...refsOfAttempts(attempts),
      ],
    });
    const looked = await stillThere(session, repository, known, states);
    subject.planned = await withFreeName(ports, input, looked);
    subject.name = freeAutomaticName(session, subject);
    const tagged = input.dryRun ? null : await tagOfEarlierTry(ports, session, subject);
    return { ...candidatesOf(subject.planned), session, objects, subject, tagged, attempts };
  } catch (failure) {
    await session?.close();
    const isRefused = failure instanceof AppError && failure.code === "VersionAlreadyExists";
    if (isRefused || ports.signal.aborted) throw failure;
    return { ...candidatesOf(known), failure };
  }
}

/** Records pushes that arrived late of workspaces that have nothing new; the others' are met when they are pushed. */
async function withLateStates(
  ports: Ports,
  { session, subject, attempts }: Extract<Opened, { session: RepositorySession }>,
): Promise<TagSubject> {
  if (attempts.length === 0) return subject;
  const settled = subject.planned.filter(({ status }) => status === "alreadyPushed");
  const ids = settled.map(({ record }) => record.id);
  const { states } = await settleLate(ports, session, { attempts, ids, states: subject.states });
  return { ...subject, states };
}

function candidatesOf(planned: readonly Categorized[]) {
  const candidates = planned.filter(({ status }) => status === "candidate").map(({ record }) => record);
  return { planned: [...planned], candidates };
}

/** Answers the error that stopped the whole operation, if one did; what was pushed before stays pushed. */
async function pushAll(
  ports: Ports,
  input: BulkPushInput,
  opened: Opened,
  ledger: PushLedger,
): Promise<unknown> {
  const { candidates } = opened;
  try {
    if ("failure" in opened) throw opened.failure;
    const { session, objects, tagged, attempts } = opened;
    const subject = await withLateStates(ports, opened);
    const context: ChunkContext = {
      ports,
      session,
      objects,
      repository: input.repository,
      version: { name: subject.name, description: input.description },
      force: input.force,
      ledger,
      total: candidates.length,
      done: 0,
      tip: session.ref(`refs/heads/${input.repository.branch}`),
      pushed: null,
      attempts,
      own: ownCommits(session, { attempts }),
      overwrite: { putBack: input.putBack },
      isNewBranch: session.ref(`refs/heads/${input.repository.branch}`) === null,
      turn: new Turn(input.repository),
    };
    const size = ports.workspacesPerPush;
    for (let start = 0; start < candidates.length; start += size) {
      ports.signal.throwIfAborted();
      await pushChunk(context, candidates.slice(start, start + size));
    }
    const found = { tagged, pushed: context.pushed, isUpToDate: ledger.isUpToDate() };
    ledger.versionIs(await finishTag(ports, session, subject, found));
    return undefined;
  } catch (error) {
    // Cancelled, locked out or shut down: the runner tells the end, with what was reached so far.
    if (ports.signal.aborted) throw error;
    markUnreached(ledger, candidates, error);
    return error;
  }
}

function markUnreached(ledger: PushLedger, candidates: readonly WorkspaceRecord[], error: unknown): void {
  const reached = new Set(
    ledger
      .list()
      .filter((row) => row.status !== "candidate")
      .map((row) => row.workspaceId),
  );
  const reason = `Not pushed: ${errorBody(error).message}`;
  for (const record of candidates) if (!reached.has(record.id)) ledger.set(record, "candidate", { reason });
}
