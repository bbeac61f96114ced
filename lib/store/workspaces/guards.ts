import { AppError, invariant } from "@/lib/domain/error";
import type { WorkspaceWrite } from "@/lib/versioning/ports";
import { Prisma } from "../database/client";
import type { Unit } from "../database/database";
import { holds, isForsaken, lockLost, lockedError, standing, type LockRow } from "../locks/lock-rows";
import { selectApps, type WorkspaceRow } from "./rows";

/** Whether a lock of somebody else forbids the change. What a look at the remote found is told to everyone. */
function isCovered(change: WorkspaceWrite): boolean {
  return Boolean(
    change.contents ??
    change.settings ??
    change.lastPush ??
    change.lastPull ??
    change.syncedTree ??
    change.versions ??
    (change.app !== undefined || undefined),
  );
}

export function guardLock(
  row: LockRow | undefined,
  change: Pick<WorkspaceWrite, "workspaceId" | "guard">,
): void {
  const { workspaceId, guard } = change;
  if (guard.lease) {
    invariant(guard.lease.workspaceId === workspaceId, "a lease guards its own workspace");
    if (!holds(row, guard.lease)) throw lockLost(workspaceId);
    return;
  }
  const stands = standing(row);
  if (stands) throw lockedError(stands);
}

/** Whether the change is allowed because a lease ended: its holder must not go on from what it had read. */
export function goesByExpiry(change: WorkspaceWrite, row: LockRow | undefined): boolean {
  return !change.guard.lease && isCovered(change) && isForsaken(row);
}

/** Refuses a change whose lease was lost, that somebody's lock forbids, or whose revision has passed. */
export function guardChange(row: WorkspaceRow, lock: LockRow | undefined, change: WorkspaceWrite): void {
  invariant(change.guard.lease ?? !change.lock, "only the holder of a lock may settle it");
  if (change.guard.lease || isCovered(change)) guardLock(lock, change);
  const { revision } = change.guard;
  if (revision !== undefined && revision !== row.revision) {
    throw new AppError(
      "PreconditionFailed",
      "Somebody else changed the workspace in the meantime. Read it again and repeat your change.",
      { workspaceId: row.id, revision: row.revision },
    );
  }
}

/** Refuses slugs that another workspace uses, also one of the same batch. */
export async function guardSlugs(
  unit: Unit,
  claims: readonly { workspaceId: string; from?: string; slug: string }[],
): Promise<void> {
  if (claims.length === 0) return;
  const slugs = claims.map((claim) => claim.slug);
  const taken = await unit.db.$queryRaw<{ id: string; slug: string }[]>`
    SELECT "id", "slug" FROM "Workspace" WHERE ${unit.sql.isIn(Prisma.sql`"slug"`, slugs)}`;
  const ownerOf = new Map(taken.map(({ slug, id }) => [slug, id]));
  for (const { workspaceId, from, slug } of claims) {
    const owner = ownerOf.get(slug);
    if (owner !== undefined && owner !== workspaceId) {
      const message =
        from === undefined
          ? `The slug ${slug} is already used by workspaceId ${owner}. Choose another one.`
          : `Could not rename workspace slug from ${from} to ${slug} as it is already used by workspaceId ${owner}`;
      throw new AppError("SlugAlreadyInUse", message, { slug, conflictingWorkspaceId: owner });
    }
    ownerOf.set(slug, workspaceId);
  }
}

/** Refuses app slugs that another workspace published, also one of the same batch. */
export async function guardApps(
  unit: Unit,
  claims: readonly { workspaceId: string; slug: string }[],
): Promise<void> {
  if (claims.length === 0) return;
  const slugs = claims.map((claim) => claim.slug);
  const taken = await selectApps(unit.db, unit.sql.isIn(Prisma.sql`"slug"`, slugs));
  const ownerOf = new Map(taken.map((app) => [app.slug, app.workspaceId]));
  for (const { workspaceId, slug } of claims) {
    const owner = ownerOf.get(slug);
    if (owner !== undefined && owner !== workspaceId) {
      throw new AppError(
        "SlugAlreadyInUse",
        `The app slug ${slug} is already used by workspaceId ${owner}. Choose another one.`,
        { slug, conflictingWorkspaceId: owner },
      );
    }
    ownerOf.set(slug, workspaceId);
  }
}

/** Refuses version names that the workspace already has in that repository, also twice in the same batch. */
export async function guardVersions(unit: Unit, change: readonly WorkspaceWrite[]): Promise<void> {
  const claims = change.flatMap((one) => one.versions ?? []);
  if (claims.length === 0) return;
  const key = (one: { workspaceId: string; repositoryId: string; name: string }) =>
    JSON.stringify([one.workspaceId, one.repositoryId, one.name]);
  const taken = await unit.db.$queryRaw<{ workspaceId: string; repositoryId: string; name: string }[]>`
    SELECT "workspaceId", "repositoryId", "name" FROM "Version"
    WHERE ${unit.sql.isIn(
      Prisma.sql`"workspaceId"`,
      claims.map((claim) => claim.workspaceId),
    )} AND ${unit.sql.isIn(
      Prisma.sql`"name"`,
      claims.map((claim) => claim.name),
    )}`;
  const known = new Set(taken.map(key));
  for (const claim of claims) {
    if (known.has(key(claim))) {
      throw new AppError(
        "VersionAlreadyExists",
        `The version ${claim.name} already exists here. Choose another name.`,
        { name: claim.name, repositoryId: claim.repositoryId, workspaceId: claim.workspaceId },
      );
    }
    known.add(key(claim));
  }
}
