import type { RepositoryState, WorkspaceWrite } from "@/lib/versioning/ports";
import { chunks, rowsPerStatement } from "../database/chunks";
import { Prisma } from "../database/client";
import type { Unit } from "../database/database";
import type { WorkspaceRow } from "./rows";

/** Writes whole rows back, many with one statement: a bulk push records hundreds of workspaces at once. */
export async function updateWorkspaces(unit: Unit, rows: readonly WorkspaceRow[]): Promise<void> {
  const { sql, db } = unit;
  for (const part of chunks(rows, rowsPerStatement(14))) {
    const values = part.map(
      (row) => Prisma.sql`(${sql.text(row.id)}, ${sql.text(row.name)}, ${sql.text(row.slug)},
        ${sql.json(row.description)}, ${sql.text(row.photo)}, ${sql.json(row.customDomains)}, ${sql.text(row.tree)},
        ${sql.text(row.syncedTree)}, ${sql.boolean(row.dirty)}, ${sql.integer(row.revision)},
        ${sql.json(row.lastPush)}, ${sql.json(row.lastPull)}, ${sql.date(row.updatedAt)}, ${sql.text(row.updatedBy)})`,
    );
    await db.$executeRaw`
      UPDATE "Workspace" SET "name" = v.column2, "slug" = v.column3, "description" = v.column4, "photo" = v.column5,
        "customDomains" = v.column6, "tree" = v.column7, "syncedTree" = v.column8, "dirty" = v.column9,
        "revision" = v.column10, "lastPush" = v.column11, "lastPull" = v.column12, "updatedAt" = v.column13,
        "updatedBy" = v.column14
      FROM (VALUES ${Prisma.join(values)}) AS v WHERE "Workspace"."id" = v.column1`;
  }
}

export async function upsertStates(unit: Unit, states: readonly RepositoryState[]): Promise<void> {
  for (const part of chunks(states, rowsPerStatement(13))) {
    const values = part.map(
      (
        state,
      ) => Prisma.sql`(${state.workspaceId}, ${state.repositoryId}, ${state.directory}, ${state.workspaceTree},
        ${state.remoteSubtree}, ${state.commit}, ${state.intermediate}, ${state.version}, ${state.manifestKey},
        ${state.conflictTip}, ${state.behind}, ${state.status}, ${new Date(state.checkedAt)})`,
    );
    await unit.db.$executeRaw`
      INSERT INTO "RepositoryState" ("workspaceId", "repositoryId", "directory", "workspaceTree", "remoteSubtree",
        "commit", "intermediate", "version", "manifestKey", "conflictTip", "behind", "status", "checkedAt")
      VALUES ${Prisma.join(values)}
      ON CONFLICT ("workspaceId", "repositoryId") DO UPDATE SET "directory" = excluded."directory",
        "workspaceTree" = excluded."workspaceTree", "remoteSubtree" = excluded."remoteSubtree",
        "commit" = excluded."commit", "intermediate" = excluded."intermediate", "version" = excluded."version",
        "manifestKey" = excluded."manifestKey", "conflictTip" = excluded."conflictTip", "behind" = excluded."behind", "status" = excluded."status",
        "checkedAt" = excluded."checkedAt"`;
  }
}

/** Labels as a set, in the order of the alphabet. */
export async function insertLabels(
  unit: Unit,
  labels: readonly { workspaceId: string; labels: readonly string[] }[],
): Promise<void> {
  const rows = labels.flatMap(({ workspaceId, labels: mine }) =>
    mine.map((label) => ({ workspaceId, label })),
  );
  for (const part of chunks(rows, rowsPerStatement(2))) {
    const values = part.map(({ workspaceId, label }) => Prisma.sql`(${workspaceId}, ${label})`);
    await unit.db.$executeRaw`
      INSERT INTO "WorkspaceLabel" ("workspaceId", "label") VALUES ${Prisma.join(values)} ON CONFLICT DO NOTHING`;
  }
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

export async function replaceApps(unit: Unit, changes: readonly WorkspaceWrite[]): Promise<void> {
  const withdrawn = changes.filter((change) => change.app === null).map((change) => change.workspaceId);
  if (withdrawn.length > 0) {
    await unit.db.$executeRaw`
      DELETE FROM "App" WHERE ${unit.sql.isIn(Prisma.sql`"workspaceId"`, withdrawn)}`;
  }
  const published = changes.flatMap(({ workspaceId, app }) => (app ? [{ workspaceId, app }] : []));
  for (const part of chunks(published, rowsPerStatement(6))) {
    const values = part.map(
      ({ workspaceId, app }) => Prisma.sql`(${app.slug}, ${workspaceId}, ${app.name},
        ${unit.sql.json(app.description)}, ${unit.now}, ${unit.now})`,
    );
    await unit.db.$executeRaw`
      INSERT INTO "App" ("slug", "workspaceId", "name", "description", "createdAt", "updatedAt")
      VALUES ${Prisma.join(values)}
      ON CONFLICT ("workspaceId") DO UPDATE SET "slug" = excluded."slug", "name" = excluded."name",
        "description" = excluded."description", "updatedAt" = excluded."updatedAt"`;
  }
}
