import { indexProblems } from "@/lib/archive/contents";
import { readDocument } from "@/lib/archive/texts";
import { own } from "@/lib/domain/own";
import { branchNameProblem } from "@/lib/domain/repository";
import type { ImportWarning } from "@/lib/domain/version";

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? own(value as Record<string, unknown>, name)
    : undefined;
}

function branchWarnings(index: Uint8Array, path: string): ImportWarning[] {
  const repositories = fieldOf(readDocument(index, path), "repositories");
  if (typeof repositories !== "object" || repositories === null) return [];
  return Object.entries(repositories).flatMap(([id, repository]) => {
    const branch = fieldOf(fieldOf(repository, "config"), "branch");
    const problem = typeof branch === "string" ? branchNameProblem(branch) : null;
    return problem ? [{ path, message: `repositories.${id}.config.branch: ${problem}` }] : [];
  });
}

/**
 * Fields of an imported index that are not of their form, such as the slug of a template, and repositories with a branch
 * that cannot be used. The file is taken as it is, and can be mended.
 */
export function indexWarnings(index: Uint8Array, path: string): ImportWarning[] {
  const ignored = indexProblems(index, path).map(({ field, message }) => ({
    path,
    message: `${field} is ignored: ${message}`,
  }));
  return [...ignored, ...branchWarnings(index, path)];
}
