import { randomUUID } from "node:crypto";
import type { NewVersionRecord, NewWorkspace, RepositoryState, WorkspaceWrite } from "@/lib/versioning/ports";
import { Prisma } from "../database/client";
import type { Unit } from "../database/database";
import { insertRows, onConflictUpdate, rowsOf } from "../database/rows";
import type { WorkspaceRow } from "./rows";

const CHANGEABLE = {
  name: "text",
  slug: "text",
  description: "json",
  photo: "text",
  customDomains: "json",
  tree: "text",
  syncedTree: "text",
  dirty: "boolean",
  revision: "integer",
  lastPush: "json",
  lastPull: "json",
  updatedAt: "date",
  updatedBy: "text",
} as const;

const STATE = {
  workspaceId: "text",
  repositoryId: "text",
  directory: "text",
  slug: "text",
  workspaceTree: "text",
  remoteSubtree: "text",
  commit: "text",
  intermediate: "text",
  version: "text",
  manifestKey: "text",
  manifest: "json",
  conflictTip: "text",
  conflictTarget: "text",
  conflictTree: "text",
  behind: "integer",
  status: "text",
  checkedAt: "date",
} as const;
const STATE_KEY = ["workspaceId", "repositoryId"];

const VERSION = {
  id: "text",
  workspaceId: "text",
  name: "text",
  repositoryId: "text",
  kind: "text",
  description: "text",
  tree: "text",
  commit: "text",
  createdAt: "date",
  createdBy: "text",
  operationId: "text",
} as const;

const APP = {
  slug: "text",
  workspaceId: "text",
  name: "text",
  description: "json",
  createdAt: "date",
  updatedAt: "date",
} as const;

/** Writes whole rows back, all with one statement: a bulk push records hundreds of workspaces at once. */
export async function updateWorkspaces(unit: Unit, rows: readonly WorkspaceRow[]): Promise<void> {
  if (rows.length === 0) return;
  const assignments = Object.keys(CHANGEABLE).map((name) => `"${name}" = v."${name}"`);
  const values = rowsOf(
    unit.sql.provider,
    { id: "text", ...CHANGEABLE },
    rows.map((row) => ({ ...row })),
  );
  await unit.db.$executeRaw`
    UPDATE "Workspace" SET ${Prisma.raw(assignments.join(", "))} FROM (${values}) AS v WHERE "Workspace"."id" = v."id"`;
}

export async function insertWorkspaces(unit: Unit, workspaces: readonly NewWorkspace[]): Promise<void> {
  const rows = workspaces.map(({ id, name, slug, description, photo, userId, contents, record }) => ({
    id,
    name,
    slug,
    description,
    photo,
    customDomains: [],
    tree: contents.tree,
    syncedTree: record?.syncedTree,
    dirty: record?.syncedTree !== contents.tree,
    revision: 0,
    lastPush: null,
    lastPull: record?.lastPull,
    createdAt: unit.now,
    createdBy: userId,
    updatedAt: unit.now,
    updatedBy: userId,
  }));
  await insertRows(
    unit,
    "Workspace",
    { id: "text", ...CHANGEABLE, createdAt: "date", createdBy: "text" },
    rows,
  );
}

export async function upsertStates(unit: Unit, states: readonly RepositoryState[]): Promise<void> {
  const rows = states.map((state) => ({ ...state, checkedAt: new Date(state.checkedAt) }));
  const others = Object.keys(STATE).filter((name) => !STATE_KEY.includes(name));
  await insertRows(unit, "RepositoryState", STATE, rows, onConflictUpdate(STATE_KEY, others));
}

export async function insertVersions(unit: Unit, versions: readonly NewVersionRecord[]): Promise<void> {
  const rows = versions.map((version) => ({
    ...version,
    id: randomUUID(),
    createdAt: new Date(version.createdAt),
  }));
  await insertRows(unit, "Version", VERSION, rows);
}

/** Labels as a set. */
export async function insertLabels(
  unit: Unit,
  labelled: readonly { workspaceId: string; labels: readonly string[] }[],
): Promise<void> {
  const rows = labelled.flatMap(({ workspaceId, labels }) => labels.map((label) => ({ workspaceId, label })));
  const columns = { workspaceId: "text", label: "text" } as const;
  await insertRows(unit, "WorkspaceLabel", columns, rows, Prisma.sql`ON CONFLICT DO NOTHING`);
}

export async function replaceLabels(unit: Unit, changes: readonly WorkspaceWrite[]): Promise<void> {
  const labelled = changes.flatMap(({ workspaceId, settings }) =>
    settings?.labels ? [{ workspaceId, labels: settings.labels }] : [],
  );
  if (labelled.length === 0) return;
  const ids = labelled.map((change) => change.workspaceId);
  await unit.db.$executeRaw`
    DELETE FROM "WorkspaceLabel" WHERE ${unit.sql.isIn(Prisma.sql`"workspaceId"`, ids)}`;
  await insertLabels(unit, labelled);
}

export async function replaceApps(
  unit: Unit,
  changes: readonly Pick<WorkspaceWrite, "workspaceId" | "app">[],
): Promise<void> {
  const withdrawn = changes.filter((change) => change.app === null).map((change) => change.workspaceId);
  if (withdrawn.length > 0) {
    await unit.db.$executeRaw`
      DELETE FROM "App" WHERE ${unit.sql.isIn(Prisma.sql`"workspaceId"`, withdrawn)}`;
  }
  const published = changes.flatMap(({ workspaceId, app }) => {
    if (!app) return [];
    const { slug, name, description } = app;
    return [{ slug, workspaceId, name, description, createdAt: unit.now, updatedAt: unit.now }];
  });
  const rest = onConflictUpdate(["workspaceId"], ["slug", "name", "description", "updatedAt"]);
  await insertRows(unit, "App", APP, published, rest);
}
