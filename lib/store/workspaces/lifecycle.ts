import { AppError } from "@/lib/domain/error";
import type { Lease, NewWorkspace, Workspaces } from "@/lib/versioning/ports";
import type { Unit } from "../database/database";
import { appendEvents } from "../events/append";
import { databaseTime, holdLocks } from "../locks/lock-rows";
import { storeObjects } from "../objects/objects";
import { writeFiles } from "./files";
import { guardLock, guardSlugs } from "./guards";
import { insertLabels } from "./write-rows";

/** Creates the workspace with its files and its lock, taken or free. */
export async function createWorkspace(
  unit: Unit,
  workspace: NewWorkspace,
  leaseMs: number,
): Promise<Lease | null> {
  const { id, contents } = workspace;
  const { db, sql, now } = unit;
  const existing = await db.workspace.findUnique({ where: { id }, select: { id: true } });
  if (existing) {
    throw new AppError(
      "PreconditionFailed",
      `A workspace with the id ${id} is already here. Use another id.`,
      {
        workspaceId: id,
      },
    );
  }
  await guardSlugs(unit, [{ workspaceId: id, slug: workspace.slug }]);
  await db.$executeRaw`
    INSERT INTO "Workspace" ("id", "name", "slug", "description", "photo", "customDomains", "tree", "dirty",
      "revision", "createdAt", "createdBy", "updatedAt", "updatedBy")
    VALUES (${id}, ${workspace.name}, ${workspace.slug}, ${sql.json(workspace.description)},
      ${workspace.photo ?? null}, ${sql.json([])}, ${contents.tree}, ${sql.boolean(true)}, 0,
      ${now}, ${workspace.userId}, ${now}, ${workspace.userId})`;
  await insertLabels(unit, [{ workspaceId: id, labels: workspace.labels }]);
  await storeObjects(
    unit,
    contents.objects,
    contents.files.map((file) => file.oid),
  );
  await writeFiles(
    unit,
    contents.files.map((file) => ({ workspaceId: id, ...file })),
  );
  const lease = await insertLock(unit, workspace, leaseMs);
  await appendEvents(unit, workspace.events);
  return lease;
}

async function insertLock(unit: Unit, workspace: NewWorkspace, leaseMs: number): Promise<Lease | null> {
  const { id: workspaceId, lock, userId } = workspace;
  if (!lock) {
    await unit.db.writeLock.create({ data: { workspaceId } });
    return null;
  }
  const now = await databaseTime(unit);
  await unit.db.writeLock.create({
    data: {
      workspaceId,
      fence: 1,
      kind: "operation",
      reason: lock.reason,
      lockedBy: userId,
      lockedAt: now,
      expiresAt: new Date(now.getTime() + leaseMs),
      operationId: lock.operationId,
    },
  });
  return { workspaceId, fence: 1, operationId: lock.operationId };
}

/** Deletes the workspace with everything of it but its events. */
export async function deleteWorkspace(
  unit: Unit,
  id: string,
  { lease, events }: Parameters<Workspaces["delete"]>[1],
): Promise<void> {
  const lock = (await holdLocks(unit, [id])).get(id);
  guardLock(lock, { workspaceId: id, guard: lease ? { lease } : {} });
  const deleted = await unit.db.$executeRaw`DELETE FROM "Workspace" WHERE "id" = ${id}`;
  if (deleted === 0) throw new AppError("NotFound", "There is no such workspace.", { workspaceId: id });
  await appendEvents(unit, events);
}
