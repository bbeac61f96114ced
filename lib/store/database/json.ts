import type { Prisma } from "./client";

/** A value as JSON text that both databases take; null where there is nothing to write. */
export function jsonText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = JSON.stringify(value);
  // PostgreSQL refuses NUL and halves of surrogate pairs, which a remote may put into any message.
  if (!/\\u(?:0000|d[89a-f])/.test(text)) return text;
  return text.replace(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, (escape) =>
    escape.length > 2 && /^\\u(0000|d)/.test(escape) ? "\\ufffd" : escape,
  );
}

/** A value for a JSON column: what cannot be written as JSON is left out, as in a response. */
export function json(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(jsonText(value) ?? "{}") as Prisma.InputJsonValue;
}

/** What was said, without the characters that no text of PostgreSQL can have. */
export function storable<T extends object>(texts: T): T {
  return JSON.parse(jsonText(texts) ?? "{}") as T;
}
