import type { z } from "zod";
import type { Engine } from "@/lib/server/engine";

type Issue = z.core.$ZodIssue;

const MAX_ROUNDS = 8;
const EMPTY: Record<string, unknown> = {
  string: "",
  number: 0,
  boolean: false,
  array: [],
  record: {},
  object: {},
};

/** What stands in for a field that an answer has to have. */
function emptyFor(issue: Issue): unknown {
  if (issue.code === "invalid_value") return issue.values[0];
  return issue.code === "invalid_type" ? EMPTY[issue.expected] : undefined;
}

/** Takes what does not fit out of `value`, or fills in what has to be there. False where there is no such place. */
function mend(value: unknown, issue: Issue): boolean {
  let holder = value;
  for (const key of issue.path.slice(0, -1)) {
    if (typeof holder !== "object" || holder === null) return false;
    holder = (holder as Record<PropertyKey, unknown>)[key];
  }
  const last = issue.path.at(-1);
  if (last === undefined || typeof holder !== "object" || holder === null) return false;
  const fields = holder as Record<PropertyKey, unknown>;
  if (fields[last] === undefined || Array.isArray(holder)) fields[last] = structuredClone(emptyFor(issue));
  else fields[last] = undefined;
  return true;
}

/**
 * What can be read of stored data that does not fit its schema, or null. One damaged row, of an earlier version or of a
 * restored database, must not take a whole list away.
 */
function readable<S extends z.ZodType>(schema: S, stored: unknown): z.output<S> | null {
  const value: unknown = JSON.parse(JSON.stringify(stored));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    if (!parsed.error.issues.every((issue) => mend(value, issue))) return null;
  }
  return null;
}

/** An answer as its schema lets it through; of stored data, told to `engine`, as much of it as fits. Throws otherwise. */
export function fitted(schema: z.ZodType, value: unknown, engine: Pick<Engine, "log"> | null): unknown {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const rest = engine && readable(schema, value);
  if (rest === null)
    throw new Error("An answer does not have the form it was declared with.", { cause: checked.error });
  engine?.log.error({ err: checked.error }, "Stored data that cannot be read was left out of an answer");
  return rest;
}
