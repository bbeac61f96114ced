import { repositoryRoot } from "@/lib/domain/repository";
import type { Repository } from "@/lib/domain/repository";
import { isIn } from "../meeting/common-ground";
import type { RepositorySession, RepositoryState } from "../ports";
import type { Categorized } from "./categorize";

/**
 * What was pushed before and has not changed since is pushed only if the repository still holds it. The rest are candidates:
 * the branch is gone, as after a move to an empty host, or the folder is, or all of the branch's history is another.
 */
export async function stillThere(
  session: RepositorySession,
  repository: Repository,
  planned: readonly Categorized[],
  states: ReadonlyMap<string, RepositoryState>,
): Promise<Categorized[]> {
  const tip = session.ref(`refs/heads/${repository.branch}`);
  // Brings the folders of all of them at once.
  if (tip !== null) await session.directories(tip, repositoryRoot(repository));
  let isOtherHistory: boolean | null = null;
  const looked: Categorized[] = [];
  for (const one of planned) {
    const state = one.status === "alreadyPushed" ? states.get(one.record.id) : undefined;
    if (!state) {
      looked.push(one);
      continue;
    }
    const held = tip === null ? null : await session.subtree(tip, state.directory);
    if (tip !== null && held !== null && held !== state.remoteSubtree)
      isOtherHistory ??= !(await isIn(session, state.commit, tip));
    const isThere = held !== null && (held === state.remoteSubtree || isOtherHistory !== true);
    looked.push(isThere ? one : { record: one.record, status: "candidate" });
  }
  return looked;
}
