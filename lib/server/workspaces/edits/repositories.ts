import { isDeepStrictEqual } from "node:util";
import { AppError } from "@/lib/domain/error";
import { NATIVE_REPOSITORY_ID } from "@/lib/domain/repository";
import { parseDeclared } from "../../repositories/declared";

/** Throws for repositories in `index.yml` that a workspace may not have; what stood there before may stay or go. */
export function checkRepositories(
  before: unknown,
  repositories: unknown,
  platformIds: readonly string[],
): void {
  if (repositories === undefined || repositories === null) return;
  const known = new Map(typeof before === "object" && before !== null ? Object.entries(before) : []);
  if (typeof repositories !== "object" || Array.isArray(repositories))
    throw new AppError("InvalidRequest", "repositories in index.yml must be a map of id to repository.");
  for (const [id, repository] of Object.entries(repositories)) {
    if (known.has(id) && isDeepStrictEqual(known.get(id), repository)) continue;
    if (!/^[A-Za-z0-9_-]{1,60}$/.test(id))
      throw new AppError(
        "InvalidRequest",
        `repositories: ${JSON.stringify(id.slice(0, 80))} is not a valid id. Use letters, digits, hyphens and underscores.`,
      );
    if (id === NATIVE_REPOSITORY_ID || platformIds.includes(id))
      throw new AppError(
        "InvalidRequest",
        `repositories.${id}: a platform repository already uses this id. Choose another one.`,
        { repositoryId: id },
      );
    parseDeclared(id, repository);
  }
}
