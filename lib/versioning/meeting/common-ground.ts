import { EMPTY_TREE } from "@/lib/archive/objects";
import type { Repository } from "@/lib/domain/repository";
import { MANIFEST_PATH } from "@/lib/domain/path";
import type { Oid } from "@/lib/domain/workspace";
import { locate, otherWorkspace } from "../folders/locate";
import type { Ports, RepositorySession, RepositoryState, WorkspaceRecord } from "../ports";

/** Versions looked at when nothing else tells what is common. */
const VERSIONS_READ = 20;

export interface Meeting {
  repository: Repository;
  record: WorkspaceRecord;
  /** What is recorded of the last meeting under this id. */
  state: RepositoryState | null;
  directory: string;
  tip: Oid | null;
}

/** Whether the branch's history holds a commit that it may never have seen. */
export async function isIn(session: RepositorySession, commit: Oid, tip: Oid): Promise<boolean> {
  if (commit === tip) return true;
  return (await session.findCommit(commit)) !== null && (await session.isAncestor(commit, tip));
}

/**
 * The state to go on from: a repository is known by what it holds, not by the id under which it is declared. What is
 * recorded under another id, or of a version published from here, counts where the branch's history holds it; nothing
 * does where there is no branch.
 */
export async function knownState(
  ports: Pick<Ports, "workspaces">,
  session: RepositorySession,
  meeting: Meeting,
): Promise<RepositoryState | null> {
  const { state, tip, directory } = meeting;
  if (tip === null) return null;
  const held = await session.subtree(tip, state?.directory ?? directory);
  if (state && held === state.remoteSubtree) return state;
  if (held === null) return state;
  return (await latestOf(ports, session, { ...meeting, tip })) ?? state;
}

/** The latest meeting of all that the history of the branch holds. */
async function latestOf(
  ports: Pick<Ports, "workspaces">,
  session: RepositorySession,
  { repository, record, state, directory, tip }: Meeting & { tip: Oid },
): Promise<RepositoryState | null> {
  let latest = state && (await isIn(session, state.commit, tip)) ? state : null;
  for (const other of await ports.workspaces.statesOf([record.id])) {
    if (other.repositoryId === repository.id || other.directory !== directory) continue;
    if (!(await isIn(session, other.commit, tip))) continue;
    if (
      latest &&
      (other.commit === latest.commit || !(await session.isAncestor(latest.commit, other.commit)))
    )
      continue;
    // The commit of a first conflict holds what was saved, not what both sides had.
    if ((await session.subtree(other.commit, directory)) !== other.remoteSubtree) continue;
    latest = { ...other, repositoryId: repository.id };
  }
  return latest ?? (await ofVersion(ports, session, { repository, record, directory, tip }));
}

/** A meeting made up from the latest version published from here that the branch holds. */
async function ofVersion(
  ports: Pick<Ports, "workspaces">,
  session: RepositorySession,
  { repository, record, directory, tip }: Omit<Meeting, "state"> & { tip: Oid },
): Promise<RepositoryState | null> {
  const versions = await ports.workspaces.versions(record.id, { page: 0, limit: VERSIONS_READ });
  for (const { commit, tree, name } of versions) {
    if (commit === undefined || !(await isIn(session, commit as Oid, tip))) continue;
    const remoteSubtree = await session.subtree(commit as Oid, directory);
    if (remoteSubtree === null) continue;
    return stateAt({ repository, record, directory }, commit as Oid, tree, remoteSubtree, name);
  }
  return null;
}

function stateAt(
  { repository, record, directory }: Pick<Meeting, "repository" | "record" | "directory">,
  commit: Oid,
  workspaceTree: Oid,
  remoteSubtree: Oid | null,
  version: string | null,
): RepositoryState {
  return {
    workspaceId: record.id,
    repositoryId: repository.id,
    directory,
    slug: record.slug,
    workspaceTree,
    remoteSubtree,
    commit,
    intermediate: null,
    version,
    manifestKey: null,
    manifest: null,
    conflictTip: null,
    conflictTarget: null,
    conflictTree: null,
    behind: null,
    status: "synced",
    checkedAt: new Date(0).toISOString(),
  };
}

/**
 * A state that takes all that the remote holds now for known, so that a push writes over it. Links and submodules, which
 * are never here, are left out of what is compared and so stay. Throws DirectoryAlreadyInUse for another workspace's folder.
 */
export async function overwritingState(
  ports: Pick<Ports, "workspaces" | "actor">,
  session: RepositorySession,
  { repository, record, state, directory, tip }: Meeting & { tip: Oid },
  intermediate: Oid | null,
): Promise<RepositoryState> {
  const wanted = { repository, record, state };
  const located = await locate(ports, session, wanted, tip);
  if (located.kind === "other") throw await otherWorkspace(ports, wanted, located);
  const [place, held] = located.kind === "own" ? [located.directory, located.subtree] : [directory, null];
  const strange = (await session.entries(held)).filter(({ mode }) => !mode.startsWith("100"));
  const left = new Map([MANIFEST_PATH, ...strange.map(({ path }) => path)].map((path) => [path, null]));
  const comparable = held && (await session.editTree(held, left));
  const found = { repository, record, directory: place };
  const slug = state?.slug ?? record.slug;
  return { ...stateAt(found, tip, comparable ?? EMPTY_TREE, held, null), slug, intermediate };
}
