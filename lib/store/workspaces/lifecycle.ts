import { AppError } from "@/lib/domain/error";
import type { NewWorkspace, Workspaces } from "@/lib/versioning/ports";
import { Prisma } from "../database/client";
import type { Unit } from "../database/database";
import { insertRows } from "../database/rows";
import { appendEvents } from "../events/append";
import { holdLocks } from "../locks/lock-rows";
import { storeObjects } from "../objects/objects";
import { writeFiles } from "./files";
import { guardApps, guardLock, guardSlugs } from "./guards";
import { insertOwners, releaseOwners } from "./owners";
import { insertLabels, insertWorkspaces, replaceApps, upsertStates } from "./write-rows";

/** Creates workspaces with their files and a free lock each. */
export async function createWorkspaces(unit: Unit, workspaces: readonly NewWorkspace[]): Promise<void> {
  await guardIds(
    unit,
    workspaces.map(({ id }) => id),
  );
  await guardSlugs(
    unit,
    workspaces.map(({ id, slug }) => ({ workspaceId: id, slug })),
  );
  const apps = workspaces.flatMap(({ id, record }) =>
    record?.app ? [{ workspaceId: id, app: record.app }] : [],
  );
  await guardApps(
    unit,
    apps.map(({ workspaceId, app }) => ({ workspaceId, slug: app.slug })),
  );
  await insertWorkspaces(unit, workspaces);
  await insertOwners(unit, workspaces);
  await insertLabels(
    unit,
    workspaces.map(({ id, labels }) => ({ workspaceId: id, labels })),
  );
  const files = workspaces.flatMap(({ id, contents }) =>
    contents.files.map((file) => ({ workspaceId: id, ...file })),
  );
  await storeObjects(
    unit,
    new Map(workspaces.flatMap(({ contents }) => [...contents.objects])),
    files.map((file) => file.oid),
  );
  await writeFiles(unit, files);
  const locks = workspaces.map(({ id }) => ({ workspaceId: id }));
  await insertRows(unit, "WriteLock", { workspaceId: "text" }, locks);
  await upsertStates(
    unit,
    workspaces.flatMap(({ record }) => record?.state ?? []),
  );
  await replaceApps(unit, apps);
  await appendEvents(
    unit,
    workspaces.flatMap(({ events }) => events),
  );
}

async function guardIds({ db, sql }: Unit, ids: readonly string[]): Promise<void> {
  const [known] = await db.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Workspace" WHERE ${sql.isIn(Prisma.sql`"id"`, ids)} LIMIT 1`;
  const id = known?.id ?? ids.find((one, index) => ids.indexOf(one) !== index);
  if (id === undefined) return;
  throw new AppError("PreconditionFailed", `A workspace with the id ${id} already exists. Use another id.`, {
    workspaceId: id,
  });
}

/** Deletes the workspace with everything of it, and what anyone may do in it, but its events. */
export async function deleteWorkspace(
  unit: Unit,
  id: string,
  { lease, events }: Parameters<Workspaces["delete"]>[1],
): Promise<void> {
  const lock = (await holdLocks(unit, [id])).get(id);
  guardLock(lock, { workspaceId: id, guard: lease ? { lease } : {} });
  const deleted = await unit.db.$executeRaw`DELETE FROM "Workspace" WHERE "id" = ${id}`;
  if (deleted === 0) throw new AppError("NotFound", "The workspace does not exist.", { workspaceId: id });
  await releaseOwners(unit, [id]);
  await appendEvents(unit, events);
}
