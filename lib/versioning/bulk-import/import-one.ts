import { excludesFrom } from "@/lib/archive/exclude";
import { findPart } from "@/lib/archive/contents";
import { parseStructured } from "@/lib/archive/yaml";
import { AppError } from "@/lib/domain/error";
import { Slug, WorkspaceId } from "@/lib/domain/workspace";
import type { Oid } from "@/lib/domain/workspace";
import { intermediateBranch } from "@/lib/domain/repository";
import { readSnapshot } from "../contents";
import type { Snapshot } from "../contents";
import type { Lease, Ports, RepositorySession, RepositoryState } from "../ports";
import { eventOf, Steps } from "../progress";
import { applyImport, importedEvent, snapshotBefore } from "../pull/apply-import";
import type { PullOutcome } from "../pull/apply-import";
import { planImport } from "../pull/plan-import";
import type { ImportPlan, ReadBlobs } from "../pull/plan-import";
import { appFrom, slugInUse } from "../pull/settings";
import { refuseForeign, rightsOf } from "../pull/source";
import { lockReason } from "../bulk-push/categorize";
import type { PlannedImport } from "./plan";

export interface ImportContext {
  ports: Ports;
  session: RepositorySession;
  commit: Oid;
  readBlobs: ReadBlobs;
  reportAll: boolean;
}

/** What became of one workspace, and how it is called here. */
export type ImportedOne = PullOutcome & { workspaceId: string; name: string };

function stateAfter(
  { ports, session, commit }: ImportContext,
  { source }: PlannedImport,
  workspace: { id: string; slug: string },
  tree: Oid,
): RepositoryState {
  const branch = intermediateBranch(workspace.slug, session.repository.branch);
  return {
    workspaceId: workspace.id,
    repositoryId: session.repository.id,
    directory: source.directory,
    workspaceTree: tree,
    remoteSubtree: source.subtree,
    commit,
    intermediate: session.ref(`refs/heads/${branch}`),
    version: source.versionName ?? commit,
    manifestKey: source.manifestKey,
    conflictTip: null,
    behind: 0,
    status: "synced",
    checkedAt: ports.clock().toISOString(),
  };
}

async function lockOf({ ports }: ImportContext, workspaceId: string): Promise<Lease> {
  const { leases, refused } = await ports.locks.acquire({
    workspaceIds: [workspaceId],
    purpose: "import",
    operationId: ports.journal.operationId,
    userId: ports.actor.userId,
  });
  const lease = leases.get(workspaceId);
  if (lease) return lease;
  const lock = refused.get(workspaceId);
  if (!lock) throw new AppError("NotFound", "The workspace does not exist any more.", { workspaceId });
  const { lockedAt, lockedBy, reason } = lock;
  throw new AppError("WorkspaceLocked", `${lockReason(lock)} Clear the lock or wait, then import again.`, {
    writeLock: { lockedAt, lockedBy, reason },
  });
}

async function ownExcludes({ readBlobs, session }: ImportContext, { files }: Snapshot): Promise<string[]> {
  const path = findPart(
    files.map((file) => file.path),
    "index",
  );
  const oid = files.find((file) => file.path === path)?.oid;
  const bytes = oid && (await readBlobs([oid])).get(oid);
  if (!bytes || path === undefined) return [];
  return excludesFrom(parseStructured(bytes, path), session.repository.id);
}

/** Imports one workspace that exists, local changes discarded after a snapshot. */
async function update(
  context: ImportContext,
  item: PlannedImport,
  workspaceId: string,
): Promise<PullOutcome> {
  const { ports, session, commit } = context;
  await refuseForeign(ports, workspaceId, item.source.manifest);
  const lease = await lockOf(context, workspaceId);
  try {
    const snapshot = await readSnapshot(ports, workspaceId);
    const { record, files } = snapshot;
    const steps = new Steps(ports, workspaceId, "pull", session.repository);
    const plan = await planImport({
      present: { record, files },
      source: item.source.entries,
      exclude: [...session.repository.exclude, ...(await ownExcludes(context, snapshot))],
      rights: rightsOf(ports, workspaceId),
      readBlobs: context.readBlobs,
      reportAll: context.reportAll,
    });
    const { tree, objects } = plan.contents;
    return await applyImport(ports, {
      lease,
      repository: session.repository,
      snapshot,
      plan,
      versionName: item.source.versionName ?? commit,
      synced: { state: stateAfter(context, item, record, tree), tree, objects },
      saved: tree === record.tree ? undefined : snapshotBefore(ports, snapshot, "a bulk import"),
      recordPull: true,
      events: [steps.event("pull:import", "Importing files")],
      steps,
    });
  } finally {
    await ports.locks.release([lease]);
  }
}

async function freeId(
  { ports }: ImportContext,
  { source }: PlannedImport,
  plan: ImportPlan,
): Promise<string> {
  for (const id of [source.manifest?.workspaceId, plan.index.id])
    if (id !== undefined && WorkspaceId.safeParse(id).success && (await ports.workspaces.get(id)) === null)
      return id;
  return ports.newId();
}

/** Creates a workspace from its directory, locked until all of it is here. */
async function create(context: ImportContext, item: PlannedImport): Promise<ImportedOne> {
  const { ports, session, commit } = context;
  const { source } = item;
  const plan = await planImport({
    present: null,
    source: source.entries,
    exclude: [],
    rights: { security: true, repositories: true },
    readBlobs: context.readBlobs,
  });
  const id = await freeId(context, item, plan);
  const wanted = plan.index.slug ?? source.slug;
  const owner = wanted === source.slug ? null : await ports.workspaces.getBySlug(wanted);
  const slug = Slug.parse(owner ? source.slug : wanted);
  const name = plan.index.name ?? source.slug;
  const lease = await ports.workspaces.create({
    id,
    name,
    slug,
    description: plan.index.description,
    labels: plan.index.labels ?? [],
    photo: plan.index.photo,
    userId: ports.actor.userId,
    contents: plan.contents,
    events: [eventOf(ports, id, "workspaces.created", { id, name, slug })],
    lock: { operationId: ports.journal.operationId, reason: "import_in_progress" },
  });
  const app = await appFrom(ports, id, undefined, source.manifest);
  const versionName = source.versionName ?? commit;
  const outcome: PullOutcome = {
    imported: plan.imported,
    deleted: [],
    excluded: [],
    errors: [...plan.errors, ...app.errors, ...(owner ? [slugInUse(source.slug, wanted, owner.id)] : [])],
    version: { name: versionName, repository: { id: session.repository.id } },
  };
  const { userId } = ports.actor;
  await ports.workspaces.write([
    {
      workspaceId: id,
      guard: { lease: lease ?? undefined },
      userId,
      lastPull: {
        createdAt: ports.clock().toISOString(),
        createdBy: userId,
        version: versionName,
        repositoryId: session.repository.id,
      },
      syncedTree: plan.contents.tree,
      state: stateAfter(context, item, { id, slug }, plan.contents.tree),
      ...(app.app ? { app: app.app } : {}),
      events: [...app.events, importedEvent(ports, id, outcome)],
      lock: "release",
    },
  ]);
  return { ...outcome, workspaceId: id, name };
}

/** Imports one workspace of the plan; answers its id here. Throws what made it impossible, with nothing changed. */
export async function importOne(context: ImportContext, item: PlannedImport): Promise<ImportedOne> {
  if (!item.record) return create(context, item);
  const { id, name } = item.record;
  return { ...(await update(context, item, id)), workspaceId: id, name };
}
