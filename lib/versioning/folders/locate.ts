import { AppError } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import type { Ports, RepositorySession, RepositoryState, WorkspaceRecord } from "../ports";
import { claimOf, knownAs, namedIn } from "./claim";
import { homeOf } from "./home";
import { searchFolder, type Folder } from "./search";

export interface Wanted {
  repository: Repository;
  record: WorkspaceRecord;
  state: RepositoryState | null;
}

export type Located =
  /** The workspace's own folder, or one that nobody else claims. */
  | ({ kind: "own" } & Folder)
  /** What stands in its place is another workspace's. */
  | ({ kind: "other"; workspaceId: string } & Folder)
  | { kind: "none"; directory: string };

/**
 * Finds a workspace's folder at a commit: where it was when the two last met, where its slug says, or wherever a
 * manifest names it.
 */
export async function locate(
  ports: Pick<Ports, "workspaces">,
  session: RepositorySession,
  { repository, record, state }: Wanted,
  commit: Oid,
): Promise<Located> {
  const home = homeOf(repository, record.slug, state);
  const former = state?.directory ?? home;
  let other: Located | null = null;
  for (const directory of new Set([former, home])) {
    const subtree = await session.subtree(commit, directory);
    if (subtree === null) continue;
    if (repository.scope === "workspace" || (directory === former && subtree === state?.remoteSubtree))
      return { kind: "own", directory, subtree };
    const claim = await claimOf(ports, record, state, await namedIn(session, subtree));
    if (claim.kind === "other") other ??= { ...claim, directory, subtree };
    // Nobody's folder in a new place may be anything, unless the old place is gone: then it was moved.
    else if (claim.kind === "own" || directory === former || other === null)
      return { kind: "own", directory, subtree };
  }
  // Before the two have met there is nothing to look for.
  if (repository.scope === "workspace" || (state === null && other === null))
    return { kind: "none", directory: home };
  const known = knownAs(state?.manifest);
  const moved = await searchFolder(session, commit, new Set([record.id, ...(known ? [known] : [])]));
  if (moved) return { kind: "own", ...moved };
  return other ?? { kind: "none", directory: home };
}

/** What a person or script may do about a folder that is another workspace's. */
export async function otherWorkspace(
  ports: Pick<Ports, "workspaces" | "actor">,
  { repository, record }: Pick<Wanted, "repository" | "record">,
  { directory, workspaceId }: { directory: string; workspaceId: string },
): Promise<AppError> {
  const owner = await ports.workspaces.get(workspaceId);
  if (owner && !ports.actor.may("read", workspaceId)) {
    return new AppError(
      "PermissionDenied",
      "This directory belongs to another workspace, which you do not have permission to read. Ask its owner to share it with you.",
      { workspaceId },
    );
  }
  const name = owner ? `the workspace ${owner.name} (${owner.slug})` : "another workspace";
  return new AppError(
    "DirectoryAlreadyInUse",
    `The folder ${directory} of ${repository.name} belongs to ${name}, id ${workspaceId}; nothing was changed. Give ${record.slug} another slug, or move that folder in git. To replace this workspace's content with that workspace's, pull again with otherWorkspaceId ${workspaceId}; a snapshot is saved first.`,
    { directory, otherWorkspaceId: workspaceId, ...(owner ? { slug: owner.slug, name: owner.name } : {}) },
  );
}
