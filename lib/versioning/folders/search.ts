import { repositoryRoot } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import type { RepositorySession } from "../ports";
import { namedIn } from "./claim";

export interface Folder {
  directory: string;
  subtree: Oid;
}

/**
 * The one folder of a shared repository whose manifest names one of these workspaces; null where there is none, or more
 * than one. Looks into all of them: only for a workspace that is not where it was.
 */
export async function searchFolder(
  session: RepositorySession,
  commit: Oid,
  workspaceIds: ReadonlySet<string>,
): Promise<Folder | null> {
  const root = repositoryRoot(session.repository);
  const directories = [...(await session.directories(commit, root))].filter(
    ([name]) => !name.startsWith("."),
  );
  await session.load(directories.map(([, subtree]) => subtree));
  const found: Folder[] = [];
  for (const [name, subtree] of directories) {
    const named = await namedIn(session, subtree);
    if (named !== undefined && workspaceIds.has(named))
      found.push({ directory: root ? `${root}/${name}` : name, subtree });
  }
  const [only, ...more] = found;
  return only && more.length === 0 ? only : null;
}
