import { lockSentence } from "@/lib/domain/write-lock";
import { AppError, errorBody } from "@/lib/domain/error";
import type { BulkPushStatus } from "@/lib/domain/bulk";
import { OPERATIONS } from "@/lib/domain/operation/kinds";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import type { NewEvent } from "@/lib/domain/event";
import type { Oid } from "@/lib/domain/workspace";
import { readSnapshots } from "../contents";
import type { PreparedPush, RefUpdate, WorkspaceRecord } from "../ports";
import { eventOf, Steps } from "../progress";
import { manifestFacts } from "../push/manifest";
import { preparePush } from "../push/prepare";
import type { PrepareInput } from "../push/prepare";
import { recordOf } from "../push/record";
import { isTooMuchAtOnce, mayReplay, refusedBeside, send } from "../push/send";
import type { Refusal, Sent } from "../push/send";
import type { ChunkContext, Item } from "./context";
import { withoutLate } from "./late";

/** Steps are stored this often, in milliseconds: enough to be watched, and a few transactions for hundreds of them. */
const STEPS_EVERY = 150;
/** Files read with one query before the workspaces that hold them are written. */
const FILES_AT_ONCE = 1000;
const BYTES_AT_ONCE = 8 * 1024 * 1024;

interface Ready {
  item: Item;
  prepared: PreparedPush;
  update: RefUpdate | null;
}

/** Locks, prepares and pushes these workspaces; each ends in the ledger, with an event. */
export async function pushChunk(context: ChunkContext, records: readonly WorkspaceRecord[]): Promise<void> {
  const { ports } = context;
  const { leases, refused } = await ports.locks.acquire({
    workspaceIds: records.map(({ id }) => id),
    purpose: "bulk",
    operationId: ports.journal.operationId,
    userId: ports.actor.userId,
  });
  const names = await ports.namesOf([...refused.values()].map(({ lockedBy }) => lockedBy));
  for (const record of records) {
    const lock = refused.get(record.id);
    if (!lock) continue;
    const status = lock.kind === "merge_conflict" ? "mergeConflict" : "inProgress";
    context.done++;
    context.ledger.set(record, status, {
      reason: lockSentence(lock, names.get(lock.lockedBy), ports.clock().getTime()),
    });
  }
  try {
    const locked = records.filter(({ id }) => leases.has(id)).map(({ id }) => id);
    const began = ports.clock().getTime();
    const snapshots = await readSnapshots(ports, locked);
    const items = snapshots.flatMap((snapshot) => {
      const lease = leases.get(snapshot.record.id);
      return lease ? [{ snapshot, lease, began }] : [];
    });
    await pushItems(context, await withoutLate(context, items, leases));
  } finally {
    context.turn.end();
    await ports.locks.release([...leases.values()]);
  }
}

/**
 * Pushes all of these. Where the remote refuses some refs, halves until the workspaces at fault stand alone;
 * where the target moved, prepares again on its new tip.
 */
async function pushItems(context: ChunkContext, items: readonly Item[]): Promise<void> {
  const { session, repository, ports } = context;
  const targetRef = `refs/heads/${repository.branch}`;
  let left = items;
  for (let replay = 1; ; replay++) {
    ports.signal.throwIfAborted();
    const expected = session.ref(targetRef);
    context.tip = expected;
    const ready = await prepareItems(context, left);
    if (ready.length === 0) return;
    const updates = ready.flatMap(({ update }) => (update ? [update] : []));
    if (context.tip !== null && context.tip !== expected)
      updates.push({ ref: targetRef, expected, next: context.tip });
    const sent = await sendReady(context, ready, updates);
    if (sent.kind === "recorded") {
      settlePushed(context, ready, sent.missing);
      return;
    }
    for (const { update } of ready) if (update && sent.moved.has(update.ref)) context.own.add(update.next);
    left = ready.map(({ item }) => item);
    if (sent.stale && (await mayReplay(ports, session, context.turn, replay))) continue;
    if (sent.stale || left.length === 1) {
      for (const item of left) await endWithError(context, item, sent.error);
      return;
    }
    const middle = Math.ceil(left.length / 2);
    await pushItems(context, left.slice(0, middle));
    await pushItems(context, left.slice(middle));
    return;
  }
}

/** Sends what was prepared; a push that is too large as a whole is refused as one with a ref at fault is. */
async function sendReady(
  context: ChunkContext,
  ready: readonly Ready[],
  updates: RefUpdate[],
): Promise<Sent> {
  const { ports, session } = context;
  const workspaces = ready.map((one, index) => withProgress(context, one, index));
  try {
    return await send(ports, session, { updates, workspaces, leases: ready.map(({ item }) => item.lease) });
  } catch (error) {
    if (!isTooMuchAtOnce(error)) throw error;
    return { kind: "refused", stale: false, error, moved: new Set() };
  }
}

/** Commits one after the other, each on the one before; who cannot be committed ends here. */
async function prepareItems(context: ChunkContext, items: readonly Item[]): Promise<Ready[]> {
  const { ports, repository, version, force } = context;
  const snapshots = items.map(({ snapshot }) => snapshot);
  const [states, manifests] = await Promise.all([
    ports.workspaces.states(
      repository.id,
      snapshots.map(({ record }) => record.id),
    ),
    manifestFacts(ports, snapshots),
  ]);
  const ready: Ready[] = [];
  let events: NewEvent[] = [];
  let flushed = 0;
  const flush = async () => {
    if (events.length > 0) await ports.journal.emit(events);
    events = [];
    flushed = performance.now();
  };
  let warm = 0;
  for (const [index, item] of items.entries()) {
    ports.signal.throwIfAborted();
    if (index === warm) warm = await readAhead(context, items, index);
    const { record } = item.snapshot;
    const steps = new Steps(ports, record.id, "push", repository);
    const input: PrepareInput = {
      repository,
      objects: context.objects,
      snapshot: item.snapshot,
      state: states.get(record.id) ?? null,
      manifest: manifests.get(record.id) ?? null,
      version,
      force,
      tip: context.tip,
      own: context.own,
      overwrite: context.overwrite,
      isNewBranch: context.isNewBranch,
    };
    try {
      events.push(steps.event("write", "Writing the workspace to the intermediate branch"));
      ready.push(await prepareOne(context, item, input, steps));
      events.push(steps.event("push:merge", `Merged into ${repository.branch}`));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      events.push(steps.event("error", error.message));
      await endWithError(context, item, error);
    }
    if (performance.now() - flushed >= STEPS_EVERY) await flush();
  }
  await flush();
  return ready;
}

/** Reads the files of the next workspaces together, one query for hundreds of files; answers where to read on. */
async function readAhead({ objects }: ChunkContext, items: readonly Item[], from: number): Promise<number> {
  const oids = new Set<Oid>();
  let bytes = 0;
  let next = from;
  do {
    for (const { oid, size } of items[next]?.snapshot.files ?? []) {
      oids.add(oid);
      bytes += size;
    }
    next++;
  } while (next < items.length && oids.size < FILES_AT_ONCE && bytes < BYTES_AT_ONCE);
  if (bytes <= 2 * BYTES_AT_ONCE) await objects.readObjects([...oids]);
  return next;
}

async function prepareOne(
  context: ChunkContext,
  item: Item,
  input: PrepareInput,
  steps: Steps,
): Promise<Ready> {
  const commit = await preparePush(context.ports, context.session, input);
  const { version: _version, ...prepared } = await recordOf(context.ports, input, commit, steps);
  if (commit.committed) context.tip = commit.target;
  const update =
    commit.committed && commit.intermediate
      ? { ref: commit.intermediateRef, expected: commit.expectedIntermediate, next: commit.intermediate }
      : null;
  return { item, prepared, update };
}

function progressEvent(
  context: ChunkContext,
  item: Item,
  status: Extract<BulkPushStatus, "pushed" | "error">,
  current: number,
  error?: unknown,
): NewEvent {
  const { record } = item.snapshot;
  return eventOf(context.ports, PLATFORM_WORKSPACE_ID, OPERATIONS.bulkPush.events.progress, {
    repositoryId: context.repository.id,
    workspaceSlug: record.slug,
    workspaceId: record.id,
    workspaceName: record.name,
    status,
    current,
    total: context.total,
    percentage: Math.round((current / context.total) * 100),
    duration: since(context, item),
    errors: error === undefined ? [] : [errorBody(error)],
  });
}

/** The progress event travels with the record, so it is told exactly when the remote acknowledged. */
function withProgress(context: ChunkContext, { item, prepared }: Ready, index: number): PreparedPush {
  const event = progressEvent(context, item, "pushed", context.done + index + 1);
  return { ...prepared, write: { ...prepared.write, events: [...prepared.write.events, event] } };
}

function settlePushed(context: ChunkContext, ready: readonly Ready[], missing: Refusal | null): void {
  for (const { item, update } of ready) {
    const why = update && missing?.get(update.ref);
    const error = why ? refusedBeside(context.repository, update.ref, why) : undefined;
    context.ledger.set(item.snapshot.record, "pushed", { duration: since(context, item), error });
  }
  context.done += ready.length;
  context.pushed = context.tip;
}

async function endWithError(context: ChunkContext, item: Item, error: unknown): Promise<void> {
  context.done++;
  context.ledger.set(item.snapshot.record, "error", { error, duration: since(context, item) });
  await context.ports.journal.emit([progressEvent(context, item, "error", context.done, error)]);
}

function since({ ports }: ChunkContext, item: Item): number {
  return ports.clock().getTime() - item.began;
}
