import { AppError } from "@/lib/domain/error";
import { MANIFEST_PATH } from "@/lib/domain/path";
import type { Repository } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import { changesBetween } from "../contents";
import type { Snapshot } from "../contents";
import type { RepositorySession, RepositoryState } from "../ports";

interface Question {
  repository: Repository;
  snapshot: Snapshot;
  state: RepositoryState | null;
  tip: Oid | null;
  directory: string;
  /** Where the workspace's content lies at the tip; null: nowhere yet. */
  previous: string | null;
  intermediate: Oid | null;
  /** Commits of ours on the intermediate branch that no synchronisation knows of. */
  own: ReadonlySet<Oid>;
}

export interface RemoteSide {
  /** The remote changed since the last synchronisation; only a write-only repository gets this far. */
  moved: boolean;
  /** A first push finds exactly this content there: as good as a synchronisation. */
  adopted: RepositoryState | null;
}

function ahead(branch: string, behind: number | null): AppError {
  const commits = behind === null ? "commits" : behind === 1 ? "1 commit" : `${String(behind)} commits`;
  return new AppError(
    "RemoteAhead",
    `The branch ${branch} has ${commits} you have not pulled. Pull first, then push.`,
    { behind },
  );
}

/** Whether the intermediate branch holds something that was neither written nor pulled here. */
async function intermediateMoved(
  session: RepositorySession,
  { state, tip, intermediate, own }: Question,
): Promise<boolean> {
  if (intermediate === null || intermediate === tip || own.has(intermediate)) return false;
  if (state && (intermediate === state.intermediate || intermediate === state.commit)) return false;
  return tip === null || !(await session.isAncestor(intermediate, tip));
}

async function adopt(
  session: RepositorySession,
  question: Question,
  held: Oid,
): Promise<RepositoryState | null> {
  const { snapshot, repository, directory, tip } = question;
  if (tip === null) return null;
  const entries = (await session.entries(held)).filter(({ path }) => path !== MANIFEST_PATH);
  if (changesBetween(entries, snapshot.files).size > 0) return null;
  return {
    workspaceId: snapshot.record.id,
    repositoryId: repository.id,
    directory,
    slug: snapshot.record.slug,
    workspaceTree: snapshot.record.tree,
    remoteSubtree: held,
    commit: tip,
    intermediate: question.intermediate,
    version: null,
    manifestKey: null,
    manifest: null,
    conflictTip: null,
    conflictTarget: null,
    conflictTree: null,
    behind: 0,
    status: "synced",
    checkedAt: "",
  };
}

/** Throws RemoteAhead unless the workspace's part of the repository is as it was at the last synchronisation. */
export async function refuseWhenAhead(session: RepositorySession, question: Question): Promise<RemoteSide> {
  const { repository, state, tip, previous } = question;
  const mayMerge = repository.mode === "write-only";
  const held = tip === null || previous === null ? null : await session.subtree(tip, previous);
  if (!state && held !== null && tip !== null) {
    const adopted = await adopt(session, question, held);
    if (adopted) return { moved: false, adopted };
  }
  // Where another workspace took its place, nothing of it is there that could be ahead.
  if (previous !== null && held !== (state?.remoteSubtree ?? null)) {
    if (mayMerge) return { moved: true, adopted: null };
    const behind =
      tip === null
        ? null
        : await session.countCommits({
            since: state?.commit ?? null,
            until: tip,
            directory: previous ?? question.directory,
          });
    throw ahead(repository.branch, behind);
  }
  if (!mayMerge && (await intermediateMoved(session, question))) {
    const behind = question.intermediate
      ? await session.countCommits({
          since: state?.intermediate ?? state?.commit ?? null,
          until: question.intermediate,
          directory: previous ?? question.directory,
        })
      : null;
    throw ahead(`prismeai/${question.snapshot.record.slug}/${repository.branch}`, behind);
  }
  return { moved: false, adopted: null };
}
