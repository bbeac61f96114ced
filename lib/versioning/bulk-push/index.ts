import { mapInSlices } from "@/lib/archive/pace";
import { groupsOf } from "@/lib/domain/bulk";
import type { BulkPushSummary } from "@/lib/domain/bulk";
import { AppError, errorBody } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import { automaticVersionName } from "@/lib/domain/version";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import type { Oid } from "@/lib/domain/workspace";
import type { Lease, ObjectSource, Ports, RepositorySession, WorkspaceRecord } from "../ports";
import { ObjectCache } from "../object-cache";
import { eventOf } from "../progress";
import { refuseReadOnly } from "../push";
import { manifestFacts } from "../push/manifest";
import { categorize } from "./categorize";
import type { Categorized } from "./categorize";
import { pushChunk } from "./chunk";
import type { ChunkContext } from "./chunk";
import { PushLedger } from "./summary";

/** Workspaces whose files are listed at once. */
const FILES_OF = 200;

export interface BulkPushInput {
  /** The platform workspace's lease; null for a dry run, which changes nothing. */
  lease: Lease | null;
  repository: Repository;
  groups: string[];
  name?: string;
  description?: string;
  dryRun: boolean;
  force: boolean;
  /** Ids of the operations that this one repeats; their tag is carried on, and what they pushed is not pushed again. */
  retryOf?: string[];
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
  return mapInSlices(records, (record) =>
    categorize(record, {
      repository: input.repository,
      state: states.get(record.id),
      lock: locks.get(record.id),
      manifestKey: keys.get(record.id),
      force: input.force,
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
    eventOf(ports, PLATFORM_WORKSPACE_ID, "workspaces.bulkPush.started", {
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

function openFor(
  ports: Ports,
  objects: ObjectSource,
  repository: Repository,
  name: string,
): Promise<RepositorySession> {
  return ports.repositories.open(repository, {
    objects,
    signal: ports.signal,
    refs: [`refs/heads/${repository.branch}`, "refs/heads/prismeai/", `refs/tags/${name}`],
  });
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

/** The tag's commit where it is one that an earlier try made. Throws VersionAlreadyExists for anybody else's. */
async function tagOfEarlierTry(
  session: RepositorySession,
  { retryOf }: BulkPushInput,
  name: string,
): Promise<Oid | null> {
  const tagged = session.ref(`refs/tags/${name}`);
  if (tagged === null) return null;
  const { message } = await session.commit(tagged);
  if (retryOf?.some((id) => message.includes(`Operation-Id: ${id}\n`))) return tagged;
  throw versionTaken(name);
}

function versionTaken(name: string): AppError {
  return new AppError("VersionAlreadyExists", `There is a version ${name} already. Choose another name.`, {
    name,
  });
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
  const planned = await withFreeName(ports, input, await plan(ports, input));
  const ledger = new PushLedger(begin, {
    repositoryId: input.repository.id,
    groups: input.groups,
    version: name,
    dryRun: input.dryRun,
  });
  for (const { record, status, reason } of planned) ledger.set(record, status, { reason });
  if (input.dryRun) return ledger.finish(ports.clock().getTime());

  await started(ports, input, planned);
  const candidates = planned.filter(({ status }) => status === "candidate").map(({ record }) => record);
  const failure = candidates.length > 0 ? await pushAll(ports, input, name, candidates, ledger) : undefined;
  const summary = ledger.finish(ports.clock().getTime(), failure);
  await ports.journal.emit([eventOf(ports, PLATFORM_WORKSPACE_ID, "workspaces.bulkPush.completed", summary)]);
  return summary;
}

/** Answers the error that stopped the whole operation, if one did; what was pushed before stays pushed. */
async function pushAll(
  ports: Ports,
  input: BulkPushInput,
  name: string,
  candidates: readonly WorkspaceRecord[],
  ledger: PushLedger,
): Promise<unknown> {
  let session: RepositorySession | null = null;
  try {
    const objects = new ObjectCache(ports.workspaces);
    session = await openFor(ports, objects, input.repository, name);
    const tagged = await tagOfEarlierTry(session, input, name);
    const context: ChunkContext = {
      ports,
      session,
      objects,
      repository: input.repository,
      version: { name, description: input.description },
      force: input.force,
      ledger,
      total: candidates.length,
      done: 0,
      tip: session.ref(`refs/heads/${input.repository.branch}`),
      pushed: 0,
    };
    const size = ports.workspacesPerPush;
    for (let start = 0; start < candidates.length; start += size) {
      ports.signal.throwIfAborted();
      await pushChunk(context, candidates.slice(start, start + size));
    }
    if (context.pushed > 0) await tagAll(context, name, tagged);
    return undefined;
  } catch (error) {
    // Cancelled, locked out or shut down: the runner tells the end, with what was reached so far.
    if (ports.signal.aborted) throw error;
    markUnreached(ledger, candidates, error);
    return error;
  } finally {
    await session?.close();
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

/** One tag at the end marks the state of every workspace. */
async function tagAll(
  { session, tip, ports }: ChunkContext,
  name: string,
  expected: Oid | null,
): Promise<void> {
  if (tip === null) return;
  const ref = `refs/tags/${name}`;
  await ports.journal.phase("tagging", { ref, next: tip });
  const outcome = await session.push([{ ref, expected, next: tip }]);
  if (outcome.kind === "accepted") return;
  throw new AppError(
    "RemoteRejected",
    `All workspaces were pushed, but the remote refused the tag ${name}: ${[...outcome.reasons.values()].join("; ")}.`,
    { ref },
  );
}
