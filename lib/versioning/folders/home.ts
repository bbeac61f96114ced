import { repositoryRoot, workspaceDirectory } from "@/lib/domain/repository";
import type { Repository } from "@/lib/domain/repository";
import type { RepositoryState } from "../ports";

export function folderName(directory: string): string {
  return directory.slice(directory.lastIndexOf("/") + 1);
}

/**
 * Where a workspace of this slug belongs in a repository. A folder that had another name than the slug when the two
 * last met keeps it: whoever made it named it so.
 */
export function homeOf(
  repository: Pick<Repository, "type" | "scope" | "dirpath">,
  slug: string,
  state: Pick<RepositoryState, "directory" | "slug"> | null,
): string {
  const named = workspaceDirectory(repository, slug);
  if (state === null || repository.scope === "workspace") return named;
  const folder = folderName(state.directory);
  if (folder === (state.slug ?? folder)) return named;
  const root = repositoryRoot(repository);
  return root ? `${root}/${folder}` : folder;
}
