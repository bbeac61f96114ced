import { own, setOwn } from "@/lib/domain/own";
import type { z } from "zod";
import { AppError } from "@/lib/domain/error";
import { issueWords } from "./answers/issue-words";

type Issue = z.core.$ZodIssue;

function sentence(issue: Issue, where: string): string {
  const path = issue.path.join(".");
  const at = path ? `${where} ${path}` : where;
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => JSON.stringify(key.slice(0, 100))).join(", ");
    return `${at} has an unknown field: ${keys}`;
  }
  return `${at}: ${issue.message}`;
}

/** Throws InvalidRequest for a NUL character, which no database takes in a text. */
export function refuseNul(values: Readonly<Record<string, string | string[]>>, where: string): void {
  for (const [name, value] of Object.entries(values))
    if ([name, value].flat().some((text) => text.includes("\0")))
      throw new AppError("InvalidRequest", `${where} contains a NUL character. Remove it.`);
}

/** Parses what a client sent. Throws InvalidRequest that names each field and what is wrong with it. */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const parsed = schema.safeParse(value, { error: issueWords });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  throw new AppError(
    "InvalidRequest",
    issues
      .slice(0, 5)
      .map((issue) => sentence(issue, where))
      .join("; "),
    {
      issues: issues.slice(0, 20).map((issue) => ({
        path: issue.path.join("."),
        message: sentence(issue, where),
        ...(issue.code === "unrecognized_keys" ? { keys: issue.keys } : {}),
      })),
    },
  );
}

/** The query as one text a key; a repeated key is joined by commas, so a number given twice is refused. */
export function queryOf(request: Request): Record<string, string> {
  const query: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [key, value] of new URL(request.url).searchParams) {
    const bare = key.endsWith("[]") ? key.slice(0, -2) : key;
    setOwn(query, bare, Object.hasOwn(query, bare) ? `${own(query, bare) ?? ""},${value}` : value);
  }
  return { ...query };
}
