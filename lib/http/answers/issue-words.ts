import { own } from "@/lib/domain/own";
import type { z } from "zod";

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

const KINDS: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
  undefined: "left out",
};
const FORMATS: Record<string, string> = {
  datetime: "a time such as 2026-11-22T14:30:00Z",
  date: "a date such as 2026-11-22",
  email: "an e-mail address",
  url: "a URL",
};
const UNITS: Record<string, string> = { string: " characters", array: " entries", set: " entries" };

function kindOf(input: unknown): string {
  if (input === null) return "null";
  if (Array.isArray(input)) return "a list";
  return KINDS[typeof input] ?? typeof input;
}

function wrongType(expected: string, input: unknown): string {
  if (input === undefined) return "This is required.";
  return `Must be ${own(KINDS, expected) ?? expected}, not ${kindOf(input)}.`;
}

function bound(what: string, limit: number | bigint, origin: string): string {
  const unit = own(UNITS, origin);
  return unit === undefined
    ? `Must be ${what} ${String(limit)}.`
    : `Must have ${what} ${String(limit)}${unit}.`;
}

/** Of what each branch of a union complains about, the complaint of the branch that was meant: that came furthest. */
function closest(branches: readonly (readonly Issue[])[]): Issue | undefined {
  const firsts = branches.flatMap((issues) => issues[0] ?? []);
  return firsts.reduce<Issue | undefined>(
    (best, issue) => (issue.path.length > (best?.path.length ?? 0) ? issue : best),
    undefined,
  );
}

function unionWords(issue: { errors?: readonly (readonly Issue[])[]; input?: unknown }): string {
  const branches = issue.errors ?? [];
  const deepest = closest(branches);
  if (deepest) return `At ${deepest.path.join(".")}: ${deepest.message}`;
  const expected = branches.flatMap((issues) => {
    const [first] = issues;
    return first?.code === "invalid_type" ? [KINDS[first.expected] ?? first.expected] : [];
  });
  const kinds = [...new Set(expected)];
  const isOther = kinds.length > 0 && !kinds.includes(kindOf(issue.input));
  return isOther
    ? `Must be ${kinds.join(" or ")}, not ${kindOf(issue.input)}.`
    : "Does not have any of the known forms.";
}

/** What is wrong with a value, in words for whoever sent it; undefined where the schema has words of its own. */
export function issueWords(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, issue.input);
    case "too_small":
      if (issue.origin === "string" && issue.minimum === 1) return "Must not be empty.";
      return bound("at least", issue.minimum, issue.origin);
    case "too_big":
      return bound("at most", issue.maximum, issue.origin);
    case "invalid_value":
      return `Must be one of ${issue.values.map(String).join(", ")}.`;
    case "invalid_format":
      return FORMATS[issue.format] === undefined ? undefined : `Must be ${FORMATS[issue.format] ?? ""}.`;
    case "invalid_key":
      return issue.issues[0]?.message ?? "This name is not allowed.";
    case "invalid_union":
      return unionWords(issue);
    default:
      return undefined;
  }
}
