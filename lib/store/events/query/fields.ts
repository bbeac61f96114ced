import { own } from "@/lib/domain/own";
import { invariant } from "@/lib/domain/error";
import { Prisma, type Sql } from "../../database/client";

/** Where a field of an event is kept. */
export type Field =
  | { kind: "text"; column: Sql }
  | { kind: "date"; column: Sql }
  | { kind: "cursor"; column: Sql }
  | { kind: "json"; column: Sql; path: readonly string[] };

const COLUMNS: Record<string, Field> = {
  id: { kind: "cursor", column: Prisma.sql`"cursor"` },
  type: { kind: "text", column: Prisma.sql`"type"` },
  createdAt: { kind: "date", column: Prisma.sql`"createdAt"` },
  "source.workspaceId": { kind: "text", column: Prisma.sql`"workspaceId"` },
  "source.userId": { kind: "text", column: Prisma.sql`"userId"` },
  "source.correlationId": { kind: "text", column: Prisma.sql`"correlationId"` },
};

const DOCUMENTS: Record<string, Sql> = {
  payload: Prisma.sql`"payload"`,
  source: Prisma.sql`"source"`,
  error: Prisma.sql`"error"`,
};

/** The place of a field that `isEventField` let through. */
export function fieldOf(name: string): Field {
  const column = own(COLUMNS, name);
  if (column) return column;
  const [document = "", ...path] = name.split(".");
  const stored = own(DOCUMENTS, document);
  invariant(stored && path.length > 0, "only fields of an event reach the store");
  return { kind: "json", column: stored, path };
}
