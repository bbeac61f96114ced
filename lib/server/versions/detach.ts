import { AppError } from "@/lib/domain/error";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { WriteLock } from "@/lib/domain/write-lock";
import { newEvent } from "@/lib/domain/event";
import type { Engine } from "../engine";
import { listRepositories } from "../repositories/list";
import type { Viewer } from "../viewer";
import { lockedError, publicLock } from "../locks/write-lock";

type DetachEngine = Pick<Engine, "env" | "store" | "log">;

/**
 * Forgets what a workspace and a repository had in common, also of one that is not declared any more. Throws NotFound for
 * an id that was never a repository of it, WorkspaceLocked under any lock but that of a conflict between the two.
 */
export async function detachRepository(
  engine: DetachEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  repositoryId: string,
): Promise<{ id: string; detached: boolean; cleared: WriteLock | null }> {
  const { workspaces, locks } = engine.store;
  const standing = (await locks.current([workspace.id])).get(workspace.id);
  if (standing && standing.kind !== "merge_conflict") throw await lockedError(engine, standing);
  const writeLock = standing && publicLock(standing);
  const { forgotten, cleared } = await workspaces.forgetRepository(workspace.id, repositoryId, [
    newEvent(viewer, "workspaces.writeLock.cleared", workspace.id, { writeLock, reason: "detached" }),
  ]);
  if (!forgotten && !cleared) {
    const known = (await listRepositories(engine, workspace)).map(({ id }) => id);
    if (!known.includes(repositoryId))
      throw new AppError(
        "NotFound",
        `There is no repository ${JSON.stringify(repositoryId)} here. Known: ${known.join(", ")}.`,
        { repositoryId, known },
      );
  }
  return { id: repositoryId, detached: forgotten, cleared: cleared && publicLock(cleared) };
}
