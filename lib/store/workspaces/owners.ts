import { nanoid } from "nanoid";
import type { NewWorkspace } from "@/lib/versioning/ports";
import type { Unit } from "../database/database";

/**
 * Makes the owners of new workspaces, in the transaction that creates them: none is there without its owner, and nobody
 * owns one whose creation failed.
 */
export async function insertOwners(
  { db, now }: Pick<Unit, "db" | "now">,
  workspaces: readonly Pick<NewWorkspace, "id" | "ownerId">[],
): Promise<void> {
  const owned = workspaces.flatMap(({ id, ownerId }) => (ownerId === undefined ? [] : [{ id, ownerId }]));
  if (owned.length === 0) return;
  // A workspace that is new has none; what stands there was left by one that is gone.
  await releaseOwners(
    { db },
    owned.map(({ id }) => id),
  );
  await db.roleBinding.createMany({
    data: owned.map(({ id, ownerId }) => ({
      id: nanoid(),
      subjectKind: "user",
      subject: ownerId,
      scopeKind: "workspace",
      scope: id,
      role: "owner",
      createdAt: now,
      createdBy: ownerId,
    })),
  });
}

/** Takes away what anyone may do in workspaces that go. */
export async function releaseOwners({ db }: Pick<Unit, "db">, ids: readonly string[]): Promise<void> {
  await db.roleBinding.deleteMany({ where: { scopeKind: "workspace", scope: { in: [...ids] } } });
}
