import { keyOfManifest } from "@/lib/archive/manifest";
import { excludesFrom } from "@/lib/archive/exclude";
import { findPart } from "@/lib/archive/contents";
import { readDocument } from "@/lib/archive/texts";
import { AppError } from "@/lib/domain/error";
import { slugify, type Oid } from "@/lib/domain/workspace";
import { intermediateBranch } from "@/lib/domain/repository";
import { readSnapshot } from "../contents";
import type { Snapshot } from "../contents";
import type { Ports, RepositorySession, RepositoryState, WorkspaceRecord } from "../ports";
import { Steps } from "../progress";
import { applyImport, snapshotBefore } from "../pull/apply-import";
import type { PullOutcome } from "../pull/apply-import";
import { planImport } from "../pull/plan-import";
import type { ReadBlobs } from "../pull/import-rights";
import { freeId, newFromImport } from "../pull/create-imported";
import type { Created } from "../pull/create-imported";
import { slugInUse } from "../pull/settings";
import { refuseForeign, rightsOf } from "../pull/source";
import { lockForImport } from "../import-lock";
import { entriesOf } from "./discover";
import type { Renames } from "./matching/renames";
import type { PlannedImport } from "./plan";

export interface ImportContext {
  ports: Ports;
  session: RepositorySession;
  commit: Oid;
  readBlobs: ReadBlobs;
  reportAll: boolean;
  renames: Renames;
}

/** What became of one workspace, and how it is called here. */
export type ImportedOne = PullOutcome & { workspaceId: string; name: string; slug: string };

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
    slug: workspace.slug,
    workspaceTree: tree,
    remoteSubtree: source.subtree,
    commit,
    intermediate: session.ref(`refs/heads/${branch}`),
    version: source.versionName ?? commit,
    manifestKey: source.manifest && keyOfManifest(source.manifest),
    manifest: source.manifest ?? (source.hasManifest ? null : "none"),
    conflictTip: null,
    conflictTarget: null,
    conflictTree: null,
    behind: 0,
    status: "synced",
    checkedAt: ports.clock().toISOString(),
  };
}

async function ownExcludes({ readBlobs, session }: ImportContext, { files }: Snapshot): Promise<string[]> {
  const path = findPart(
    files.map((file) => file.path),
    "index",
  );
  const oid = files.find((file) => file.path === path)?.oid;
  const bytes = oid && (await readBlobs([oid])).get(oid);
  if (!bytes || path === undefined) return [];
  try {
    return excludesFrom(readDocument(bytes, path), session.repository.id);
  } catch (error) {
    // An import is also how a workspace whose settings cannot be read any more is repaired.
    if (error instanceof AppError) return [];
    throw error;
  }
}

/**
 * The slug that a workspace will have, and the one it has for now: where another workspace of this import may still leave the
 * slug it wants, it waits for that.
 */
async function slugAfter(
  { ports, renames }: ImportContext,
  item: PlannedImport,
  record: WorkspaceRecord,
  wanted: string | undefined,
): Promise<{ slug: string; now: string }> {
  if (wanted === undefined || wanted === record.slug) return { slug: record.slug, now: record.slug };
  const owner = await ports.workspaces.getBySlug(wanted);
  if (!owner || owner.id === record.id) return { slug: wanted, now: wanted };
  if (!(await renames.mayLeave(owner))) return { slug: record.slug, now: wanted };
  renames.wait(record.id, wanted, item);
  return { slug: wanted, now: record.slug };
}

/** A slug like this one that nobody has. */
async function freeSlug(ports: Ports, wanted: string): Promise<string> {
  const base = slugify(wanted);
  for (let number = 1; number < 100; number++) {
    const slug = number === 1 ? base : `${base}-${String(number)}`;
    if (!(await ports.workspaces.getBySlug(slug))) return slug;
  }
  return `${base}-${slugify(ports.newId())}`;
}

/** Imports one workspace that exists, local changes discarded after a snapshot. */
async function update(
  context: ImportContext,
  item: PlannedImport,
  workspaceId: string,
): Promise<PullOutcome & { slug: string }> {
  const { ports, session, commit } = context;
  await refuseForeign(ports, workspaceId, item.source.manifest);
  const lease = await lockForImport(ports, workspaceId);
  try {
    const snapshot = await readSnapshot(ports, workspaceId);
    const { record, files } = snapshot;
    const steps = new Steps(ports, workspaceId, "pull", session.repository);
    const plan = await planImport({
      limits: ports.limits,
      present: { record, files },
      source: entriesOf(item.source),
      exclude: [...session.repository.exclude, ...(await ownExcludes(context, snapshot))],
      rights: rightsOf(ports, workspaceId),
      readBlobs: context.readBlobs,
      reportAll: context.reportAll,
    });
    const { tree, objects } = plan.contents;
    const { slug, now } = await slugAfter(context, item, record, plan.index.slug);
    if (now !== plan.index.slug) plan.index = { ...plan.index, slug: undefined };
    const outcome = await applyImport(ports, {
      lease,
      repository: session.repository,
      snapshot,
      plan,
      versionName: item.source.versionName ?? commit,
      synced: { state: stateAfter(context, item, { id: record.id, slug: now }, tree), tree, objects },
      saved: tree === record.tree ? undefined : snapshotBefore(ports, snapshot, "a bulk import"),
      recordPull: true,
      events: [steps.event("pull:import", "Importing files")],
      steps,
    });
    return { ...outcome, slug };
  } finally {
    await ports.locks.release([lease]);
  }
}

/** The workspace that this directory makes here; nothing is written yet. */
export async function planNew(context: ImportContext, item: PlannedImport): Promise<Created> {
  const { ports, session, commit } = context;
  const { source } = item;
  const plan = await planImport({
    limits: ports.limits,
    present: null,
    source: entriesOf(source),
    exclude: [],
    rights: { security: true, repositories: true },
    readBlobs: context.readBlobs,
  });
  const id = await freeId(ports, source.manifest, plan.index);
  const wanted = plan.index.slug ?? source.slug;
  // The slug of the folder is free, or else the folder would have been that workspace's.
  const isFree = wanted === source.slug && !context.renames.hasUpdates;
  const found = isFree ? null : await ports.workspaces.getBySlug(wanted);
  const waits = found !== null && (await context.renames.mayLeave(found));
  // Who creates it under the slug of its folder is told that this one is taken.
  const owner = waits || wanted !== source.slug ? found : null;
  const slug = owner ? await freeSlug(ports, waits ? wanted : source.slug) : wanted;
  if (waits) context.renames.wait(id, wanted, item);
  const version = source.versionName ?? commit;
  return newFromImport(ports, {
    id,
    slug,
    fallbackName: source.slug,
    plan,
    version: { name: version, repository: { id: session.repository.id } },
    errors: owner && !waits ? [slugInUse(slug, wanted, owner.id)] : [],
    record: {
      lastPull: {
        createdAt: ports.clock().toISOString(),
        createdBy: ports.actor.userId,
        version,
        repositoryId: session.repository.id,
      },
      syncedTree: plan.contents.tree,
      state: stateAfter(context, item, { id, slug }, plan.contents.tree),
    },
  });
}

/** What became of workspaces that were created. */
export function importedAs({ outcome, workspace, name }: Created): ImportedOne {
  return { ...outcome, workspaceId: workspace.id, name, slug: workspace.slug };
}

/** Imports one workspace of the plan; answers its id here. Throws what made it impossible, with nothing changed. */
export async function importOne(context: ImportContext, item: PlannedImport): Promise<ImportedOne> {
  if (item.refused) throw item.refused;
  if (!item.record) {
    const created = await planNew(context, item);
    await context.ports.workspaces.create(created.workspace);
    return importedAs(created);
  }
  const { id, name } = item.record;
  const outcome = await update(context, item, id);
  context.renames.finished(id);
  return { ...outcome, workspaceId: id, name };
}
