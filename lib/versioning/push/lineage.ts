import type { Oid } from "@/lib/domain/workspace";
import type { RepositorySession, RepositoryState } from "../ports";

/**
 * What the workspace's next commit on the intermediate branch builds on.
 * `extra` is the branch's tip where the last synchronisation superseded it (a discard): it becomes a second
 * parent, so nothing is forced and the old state stays in history.
 */
export interface Lineage {
  base: Oid;
  extra: Oid | null;
}

/** Finds what to build on, given the branch's tip as it stands on the remote (null: no branch). */
export async function lineageOf(
  session: RepositorySession,
  state: Pick<RepositoryState, "commit">,
  intermediate: Oid | null,
): Promise<Lineage> {
  if (intermediate === null || intermediate === state.commit) return { base: state.commit, extra: null };
  if (await session.isAncestor(state.commit, intermediate)) return { base: intermediate, extra: null };
  if (await session.isAncestor(intermediate, state.commit)) return { base: state.commit, extra: null };
  return { base: state.commit, extra: intermediate };
}
