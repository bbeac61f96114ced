import { AppError } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import type { RepositorySession } from "../ports";

export function versionTaken(name: string): AppError {
  return new AppError("VersionAlreadyExists", `There is already a version ${name}. Choose another name.`, {
    name,
  });
}

function branchHasIt(name: string, branch: string): AppError {
  return new AppError(
    "VersionAlreadyExists",
    `The repository has a branch called ${branch}. With a tag of the same name, git could not tell them apart, and a plain git push of the branch would fail. Choose another name for the version.`,
    { name, branch },
  );
}

/** Throws VersionAlreadyExists for a version called like the branch that the repository is declared with. */
export function refuseTargetName({ branch }: Pick<Repository, "branch">, name: string | undefined): void {
  // Names that differ in case only are one on file systems that fold it.
  if (name?.toLowerCase() === branch.toLowerCase()) throw branchHasIt(name, branch);
}

/** What to ask the remote for, to know whether a branch is called like that. */
export function branchesCalled(names: readonly string[]): string[] {
  return names.map((name) => `refs/heads/${name}`);
}

/** Throws VersionAlreadyExists for a version of which the name or the tag is called like a branch of the repository. */
export function refuseBranchNames(session: RepositorySession, names: readonly string[]): void {
  for (const name of names) {
    refuseTargetName(session.repository, name);
    if (session.ref(`refs/heads/${name}`) !== null) throw branchHasIt(name, name);
  }
}
