import { AppError } from "@/lib/domain/error";
import { readForm } from "@/lib/domain/form/schema";
import { validateForm, type FormIssue } from "@/lib/domain/form/validate";
import { boundedMatcher } from "./pattern";

/** What a configuration breaks of its schema form. */
export function validateConfig(schema: unknown, value: unknown): FormIssue[] {
  return validateForm(readForm(schema), value, boundedMatcher());
}

/** Throws InvalidRequest for the issues of the fields that a change touches; without `changed` for all. */
export function refuseIssues(where: string, issues: readonly FormIssue[], changed?: readonly string[]): void {
  const own = issues.filter(({ path }) => {
    const [name = ""] = path.split(".");
    return changed === undefined || path === "" || changed.includes(name);
  });
  if (own.length === 0) return;
  const named = own.map(({ path, message }) => ({ path: path ? `${where}.${path}` : where, message }));
  const sentences = named.slice(0, 5).map(({ path, message }) => `${path}: ${message}`);
  throw new AppError("InvalidRequest", sentences.join(" "), { issues: named });
}
