import { AppError } from "@/lib/domain/error";
import type { Oid } from "@/lib/domain/workspace";
import type { Ports, RepositorySession } from "../ports";
import { claimOf, knownAs, namedIn } from "./claim";
import { homeOf } from "./home";
import { locate, otherWorkspace, type Wanted } from "./locate";
import type { Folder } from "./search";

/** Where a push puts a workspace, and what else of the repository has to change with it. */
export interface Place {
  /** Where its content lies now; null: nowhere yet. */
  previous: string | null;
  directory: string;
  /** Folders to be changed before its own, in this order: the one it leaves, and those that make room for it. */
  others: { directory: string; subtree: Oid | null }[];
}

export type PlaceQuestion = Wanted & { tip: Oid | null };

/**
 * Finds a workspace's place in a repository. Where its folder still holds a workspace that was renamed here and waits for its
 * own push, that one's folder is moved along as it stands, and so on: renames arrive in whatever order they are pushed.
 * Throws DirectoryAlreadyInUse for a folder that stays another's, PermissionDenied.
 */
export async function placeOf(
  ports: Ports,
  session: RepositorySession,
  question: PlaceQuestion,
): Promise<Place> {
  const { repository, record, state, tip } = question;
  const directory = homeOf(repository, record.slug, state);
  if (tip === null || repository.scope === "workspace") return { previous: directory, directory, others: [] };
  const previous = await previousOf(ports, session, question, tip, directory);
  if (previous === directory) return { previous, directory, others: [] };
  const left = previous === null ? [] : [{ directory: previous, subtree: null }];
  return {
    previous,
    directory,
    others: [...left, ...(await makeRoom(ports, session, question, directory, previous))],
  };
}

/** The folder that holds the workspace at the tip. */
async function previousOf(
  ports: Ports,
  session: RepositorySession,
  question: PlaceQuestion,
  tip: Oid,
  home: string,
): Promise<string | null> {
  const { record, state } = question;
  if (state) {
    const held = await session.subtree(tip, state.directory);
    if (held === state.remoteSubtree) return state.directory;
    // Another workspace's push moved it along.
    if (state.remoteSubtree !== null && (await session.subtree(tip, home)) === state.remoteSubtree)
      return home;
  } else {
    const held = await session.subtree(tip, home);
    if (held === null) return home;
    const claim = await claimOf(ports, record, null, await namedIn(session, held));
    return claim.kind === "other" ? null : home;
  }
  const located = await locate(ports, session, question, tip);
  if (located.kind === "own") return located.directory;
  return located.kind === "other" ? null : (state?.directory ?? home);
}

/** The folders that others, who were renamed here as well, leave for this one; none where the place is free. */
async function makeRoom(
  ports: Ports,
  session: RepositorySession,
  question: PlaceQuestion,
  directory: string,
  vacated: string | null,
): Promise<Place["others"]> {
  const { repository, tip } = question;
  const moves: Place["others"] = [];
  const seen = new Set<string>();
  let wanted = directory;
  while (tip !== null && wanted !== vacated) {
    const subtree = await session.subtree(tip, wanted);
    if (subtree === null) break;
    const workspaceId = await namedIn(session, subtree);
    const next = seen.has(wanted)
      ? null
      : await homeOfOther(ports, repository, workspaceId, { directory: wanted, subtree });
    if (next === null || next === wanted) throw await occupied(ports, question, wanted, workspaceId);
    seen.add(wanted);
    // The last to move makes room first.
    moves.unshift({ directory: next, subtree });
    wanted = next;
  }
  return moves;
}

/** Where the workspace that a folder's manifest names belongs by now; null where it is none of this repository here. */
async function homeOfOther(
  ports: Ports,
  repository: PlaceQuestion["repository"],
  named: string | undefined,
  { directory, subtree }: Folder,
): Promise<string | null> {
  if (named === undefined) return null;
  const folders = await ports.workspaces.knownFolders(repository.id);
  const folder = folders.find(
    (one) =>
      (one.workspaceId === named || knownAs(one.manifest) === named) &&
      // It was there when the two last met, or another push moved it along.
      (one.directory === directory || one.remoteSubtree === subtree),
  );
  const record = folder && (await ports.workspaces.get(folder.workspaceId));
  if (!folder || !record) return null;
  if (ports.actor.may("update", record.id)) return homeOf(repository, record.slug, folder);
  throw new AppError(
    "PermissionDenied",
    `The folder ${directory} of ${repository.name} is still that of another workspace, which you do not have permission to change. Ask its owner to push it first.`,
    { directory },
  );
}

async function occupied(
  ports: Ports,
  { repository, record, state }: PlaceQuestion,
  directory: string,
  named: string | undefined,
): Promise<AppError> {
  const claim = await claimOf(ports, record, state, named);
  if (claim.kind === "other") return otherWorkspace(ports, { repository, record }, { directory, ...claim });
  return new AppError(
    "DirectoryAlreadyInUse",
    `The repository ${repository.name} already has a folder ${directory}, but it does not belong to this workspace. Give the workspace another slug, or move or delete that folder in git.`,
    { directory },
  );
}
