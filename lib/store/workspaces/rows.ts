import type { Oid, PublishedApp, SyncRecord } from "@/lib/domain/workspace";
import type { RepositoryState, VersionRecord, WorkspaceRecord } from "@/lib/versioning/ports";
import { groupBy } from "../database/chunks";
import { Prisma, type Sql, type TransactionClient } from "../database/client";
import type { Dialect } from "../database/dialect";

/** A row of Workspace as it is in the database. */
export interface WorkspaceRow {
  id: string;
  name: string;
  slug: string;
  description: string | Record<string, string> | null;
  photo: string | null;
  customDomains: string[];
  tree: string;
  syncedTree: string | null;
  dirty: boolean;
  revision: number;
  lastPush: SyncRecord | null;
  lastPull: SyncRecord | null;
  createdAt: Date;
  createdBy: string;
  updatedAt: Date;
  updatedBy: string;
}

interface AppRow {
  slug: string;
  workspaceId: string;
  name: string;
  description: PublishedApp["description"] | null;
}

interface StateRow extends Omit<RepositoryState, "checkedAt"> {
  checkedAt: Date;
}

interface VersionRow extends Omit<VersionRecord, "createdAt" | "description" | "commit" | "operationId"> {
  createdAt: Date;
  description: string | null;
  commit: string | null;
  operationId: string | null;
}

/** What both a client and a transaction can do. */
export type Reader = Pick<TransactionClient, "$queryRaw">;

/** Whole records of the workspaces in `rows`, in that order. */
export async function toRecords(db: Reader, sql: Dialect, rows: WorkspaceRow[]): Promise<WorkspaceRecord[]> {
  if (rows.length === 0) return [];
  const mine = sql.isIn(
    Prisma.sql`"workspaceId"`,
    rows.map((row) => row.id),
  );
  const [labels, apps] = await Promise.all([
    db.$queryRaw<{ workspaceId: string; label: string }[]>`
      SELECT "workspaceId", "label" FROM "WorkspaceLabel" WHERE ${mine} ORDER BY "label"`,
    db.$queryRaw<AppRow[]>`SELECT "slug", "workspaceId", "name", "description" FROM "App" WHERE ${mine}`,
  ]);
  const labelsOf = groupBy(labels, (row) => row.workspaceId);
  const appOf = new Map(apps.map((row) => [row.workspaceId, row]));
  return rows.map((row) => {
    const app = appOf.get(row.id);
    return toRecord(row, labelsOf.get(row.id)?.map(({ label }) => label) ?? [], app ? toApp(app) : undefined);
  });
}

function toRecord(row: WorkspaceRow, labels: string[], app: PublishedApp | undefined): WorkspaceRecord {
  return {
    id: row.id,
    name: row.name,
    slug: row.slug,
    description: row.description ?? undefined,
    labels,
    photo: row.photo ?? undefined,
    customDomains: row.customDomains,
    tree: row.tree as Oid,
    syncedTree: row.syncedTree as Oid | null,
    dirty: row.dirty,
    revision: row.revision,
    lastPush: row.lastPush ?? undefined,
    lastPull: row.lastPull ?? undefined,
    app: app && {
      slug: app.slug,
      name: app.name,
      ...(app.description ? { description: app.description } : {}),
    },
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    updatedAt: row.updatedAt.toISOString(),
    updatedBy: row.updatedBy,
  };
}

export function toApp(row: AppRow): PublishedApp {
  const { workspaceId, slug, name, description } = row;
  return { workspaceId, slug, name, ...(description ? { description } : {}) };
}

export function toState(row: StateRow): RepositoryState {
  return {
    workspaceId: row.workspaceId,
    repositoryId: row.repositoryId,
    directory: row.directory,
    slug: row.slug,
    workspaceTree: row.workspaceTree,
    remoteSubtree: row.remoteSubtree,
    commit: row.commit,
    intermediate: row.intermediate,
    version: row.version,
    manifestKey: row.manifestKey,
    manifest: row.manifest,
    conflictTip: row.conflictTip,
    conflictTarget: row.conflictTarget,
    conflictTree: row.conflictTree,
    behind: row.behind,
    status: row.status,
    checkedAt: row.checkedAt.toISOString(),
  };
}

export function toVersion(row: VersionRow): VersionRecord {
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    name: row.name,
    repositoryId: row.repositoryId,
    kind: row.kind,
    description: row.description ?? undefined,
    tree: row.tree,
    commit: row.commit ?? undefined,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    operationId: row.operationId ?? undefined,
  };
}

export function selectWorkspaces(
  db: Reader,
  condition: Sql,
  rest: Sql = Prisma.empty,
): Promise<WorkspaceRow[]> {
  return db.$queryRaw<WorkspaceRow[]>`SELECT * FROM "Workspace" WHERE ${condition} ${rest}`;
}

export function selectStates(db: Reader, condition: Sql): Promise<StateRow[]> {
  return db.$queryRaw<StateRow[]>`
    SELECT * FROM "RepositoryState" WHERE ${condition} ORDER BY "workspaceId", "repositoryId"`;
}

export function selectVersions(db: Reader, condition: Sql, rest: Sql = Prisma.empty): Promise<VersionRow[]> {
  return db.$queryRaw<VersionRow[]>`
    SELECT * FROM "Version" WHERE ${condition} ORDER BY "createdAt" DESC, "name" DESC ${rest}`;
}

export function selectApps(db: Reader, condition: Sql): Promise<AppRow[]> {
  return db.$queryRaw<AppRow[]>`SELECT * FROM "App" WHERE ${condition} ORDER BY "slug"`;
}
