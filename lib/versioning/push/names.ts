import { AppError } from "@/lib/domain/error";
import type { RepositorySession } from "../ports";

export function versionTaken(name: string): AppError {
  return new AppError("VersionAlreadyExists", `There is a version ${name} already. Choose another name.`, {
    name,
  });
}

/** Throws VersionAlreadyExists for a tag that a branch of the repository is called like: git could not tell them apart. */
export function refuseBranchName(session: RepositorySession, tag: string): void {
  const { repository } = session;
  // Names that differ in case only are one on file systems that fold it.
  const isTarget = tag.toLowerCase() === repository.branch.toLowerCase();
  if (!isTarget && session.ref(`refs/heads/${tag}`) === null) return;
  throw new AppError(
    "VersionAlreadyExists",
    `The repository has a branch called ${isTarget ? repository.branch : tag}, and with a tag of that name git push and git checkout could not tell the two apart. Choose another name for the version.`,
    { name: tag, branch: isTarget ? repository.branch : tag },
  );
}
