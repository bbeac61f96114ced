import { AppError } from "@/lib/domain/error";
import type { WorkspaceWrite } from "@/lib/versioning/ports";
import { Prisma } from "../database/client";
import type { Unit } from "../database/database";
import { claimDomains } from "../domains/domains";
import { appendEvents } from "../events/append";
import { holdLocks, type LockRow } from "../locks/lock-rows";
import { freeLocks, markConflict, revokeLocks } from "../locks/locks";
import { storeObjects } from "../objects/objects";
import { replaceFiles } from "./files";
import { goesByExpiry, guardApps, guardChange, guardSlugs, guardVersions } from "./guards";
import { selectWorkspaces, type WorkspaceRow } from "./rows";
import { insertVersions, replaceApps, replaceLabels, updateWorkspaces, upsertStates } from "./write-rows";

/** Applies all changes, or none, in the transaction under way. */
export async function writeAll(unit: Unit, changes: readonly WorkspaceWrite[]): Promise<void> {
  const ids = [...new Set(changes.map((change) => change.workspaceId))].sort();
  const locks = await holdLocks(unit, ids);
  for (const round of rounds(changes)) await writeRound(unit, round, locks);
  await appendEvents(
    unit,
    changes.flatMap((change) => change.events),
  );
}

/** Later changes of the same workspace build on the earlier ones, so they come in a round of their own. */
function rounds(changes: readonly WorkspaceWrite[]): WorkspaceWrite[][] {
  const seen = new Map<string, number>();
  const result: WorkspaceWrite[][] = [];
  for (const change of changes) {
    const round = seen.get(change.workspaceId) ?? 0;
    seen.set(change.workspaceId, round + 1);
    (result[round] ??= []).push(change);
  }
  return result;
}

async function writeRound(
  unit: Unit,
  changes: readonly WorkspaceWrite[],
  locks: ReadonlyMap<string, LockRow>,
): Promise<void> {
  const rows = await holdWorkspaces(
    unit,
    changes.map((change) => change.workspaceId),
  );
  for (const change of changes) guardChange(rowOf(rows, change), locks.get(change.workspaceId), change);
  await revokeLocks(
    unit,
    changes
      .filter((change) => goesByExpiry(change, locks.get(change.workspaceId)))
      .map(({ workspaceId }) => workspaceId),
  );
  await guardSlugs(
    unit,
    changes.flatMap(({ workspaceId, settings }) => {
      const from = rows.get(workspaceId)?.slug;
      return settings?.slug !== undefined && settings.slug !== from
        ? [{ workspaceId, slug: settings.slug, ...(from ? { from } : {}) }]
        : [];
    }),
  );
  await guardApps(
    unit,
    changes.flatMap(({ workspaceId, app }) => (app ? [{ workspaceId, slug: app.slug }] : [])),
  );
  await guardVersions(unit, changes);

  const isUnchanged = ({ workspaceId, contents }: WorkspaceWrite) =>
    contents?.tree === rows.get(workspaceId)?.tree;
  await replaceFiles(
    unit,
    changes.flatMap((change) =>
      change.contents && !isUnchanged(change)
        ? [{ workspaceId: change.workspaceId, contents: change.contents }]
        : [],
    ),
  );
  // Files that stay may come with the tree of a new meeting point, which nothing else would keep.
  const settled = changes.filter((change) => change.state && isUnchanged(change));
  await storeObjects(unit, new Map(settled.flatMap(({ contents }) => [...(contents?.objects ?? [])])));
  await updateWorkspaces(
    unit,
    changes.flatMap((change) => changedRow(rowOf(rows, change), change, unit.now) ?? []),
  );
  await replaceLabels(unit, changes);
  await claimDomains(unit, changes);
  await replaceApps(unit, changes);
  await upsertStates(
    unit,
    changes.flatMap((change) => change.state ?? []),
  );
  await insertVersions(
    unit,
    changes.flatMap((change) => change.versions ?? []),
  );
  await settleLocks(unit, changes, locks);
}

function rowOf(rows: ReadonlyMap<string, WorkspaceRow>, change: WorkspaceWrite): WorkspaceRow {
  const row = rows.get(change.workspaceId);
  if (!row) {
    throw new AppError("NotFound", "The workspace does not exist any more; somebody deleted it.", {
      workspaceId: change.workspaceId,
    });
  }
  return row;
}

async function holdWorkspaces(unit: Unit, ids: readonly string[]): Promise<Map<string, WorkspaceRow>> {
  const condition = unit.sql.isIn(Prisma.sql`"id"`, ids);
  const rows = await selectWorkspaces(unit.db, condition, Prisma.sql`ORDER BY "id" ${unit.sql.forUpdate}`);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The row after the change; null when nothing of it changes. */
function changedRow(row: WorkspaceRow, change: WorkspaceWrite, now: Date): WorkspaceRow | null {
  const { settings, contents } = change;
  const tree = contents?.tree ?? row.tree;
  const syncedTree = change.syncedTree ?? row.syncedTree;
  const isEdit = tree !== row.tree || settings !== undefined || change.app !== undefined;
  if (!isEdit && !change.syncedTree && !change.lastPush && !change.lastPull) return null;
  return {
    ...row,
    name: settings?.name ?? row.name,
    slug: settings?.slug ?? row.slug,
    description: settings?.description === undefined ? row.description : settings.description,
    photo: settings?.photo === undefined ? row.photo : settings.photo,
    customDomains: settings?.customDomains ?? row.customDomains,
    tree,
    syncedTree,
    dirty: syncedTree !== tree,
    revision: tree === row.tree ? row.revision : row.revision + 1,
    lastPush: change.lastPush ?? row.lastPush,
    lastPull: change.lastPull ?? row.lastPull,
    ...(isEdit ? { updatedAt: now, updatedBy: change.userId } : {}),
  };
}

async function settleLocks(
  unit: Unit,
  changes: readonly WorkspaceWrite[],
  locks: ReadonlyMap<string, LockRow>,
): Promise<void> {
  await freeLocks(
    unit,
    changes.filter((change) => change.lock === "release").map((change) => change.workspaceId),
  );
  for (const change of changes) {
    const row = locks.get(change.workspaceId);
    if (change.lock !== "merge_conflict" || !row) continue;
    await markConflict(unit, row, change.state?.repositoryId ?? null);
  }
}
