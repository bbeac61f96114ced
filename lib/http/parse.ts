import { own, setOwn } from "@/lib/domain/own";
import { z } from "zod";
import { AppError } from "@/lib/domain/error";
import { comparableTime } from "@/lib/domain/event-condition";
import { issueWords } from "./answers/issue-words";

type Issue = z.core.$ZodIssue;

function sentence(issue: Issue, where: string): string {
  const path = issue.path.join(".");
  const at = path ? `${where} ${path}` : where;
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => JSON.stringify(key.slice(0, 100))).join(", ");
    return `${at} has a field that is not known: ${keys}`;
  }
  return `${at}: ${issue.message}`;
}

/** Throws InvalidRequest for a NUL character, which no database takes in a text. */
export function refuseNul(values: Readonly<Record<string, string | string[]>>, where: string): void {
  for (const [name, value] of Object.entries(values))
    if ([name, value].flat().some((text) => text.includes("\0")))
      throw new AppError("InvalidRequest", `${where} has a NUL character. Leave it out.`);
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

/** `true`, `1` or nothing at all (`?sse`) mean yes. */
export const Flag = z
  .string()
  .refine((text) => ["true", "false", "1", "0", ""].includes(text), { message: "Use true or false." })
  .transform((text) => text === "true" || text === "1" || text === "");

export const List = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== ""),
);

/** A whole number within bounds, written in digits. */
export function whole(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, "Use a whole number.")
    .transform(Number)
    .pipe(z.number().min(min).max(max));
}

export const Page = z.object({
  page: whole(0, 1_000_000).default(0),
  limit: whole(1, 1000).default(20),
});

/** How long an answer may wait for an operation, in seconds, and whether it is a stream instead. */
export const WatchQuery = z.object({ sse: Flag.default(false), timeout: whole(0, 600).default(15) });
export type WatchQuery = z.infer<typeof WatchQuery>;

/** A date or a time, as a filter takes it. */
export const Instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: "Use a date such as 2026-11-22, or a time such as 2026-11-22T14:30:00Z.",
  })
  .transform((text) => comparableTime(new Date(text)));
