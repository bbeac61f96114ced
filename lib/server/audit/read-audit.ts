import { z } from "zod";
import { AuditEntryView, type AuditPage } from "@/lib/domain/access";
import { AppError } from "@/lib/domain/error";
import type { AuditQuery, AuditRecord } from "@/lib/store/contract";
import type { Engine } from "../engine";

type AuditEngine = Pick<Engine, "store">;

export type AuditFilters = Omit<AuditQuery, "after"> & { cursor?: string };

function cursorOf({ createdAt, id }: AuditRecord): string {
  return Buffer.from(JSON.stringify([createdAt, id]), "utf8").toString("base64url");
}

function position(cursor: string): NonNullable<AuditQuery["after"]> {
  try {
    const [createdAt, id] = z
      .tuple([z.iso.datetime(), z.string().max(100)])
      .parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
    return { createdAt: new Date(createdAt), id };
  } catch (cause) {
    throw new AppError(
      "InvalidRequest",
      "The cursor does not belong to this list. Start without one.",
      undefined,
      {
        cause,
      },
    );
  }
}

/** A page of audit entries, newest first. Throws InvalidRequest for a cursor of something else. */
export async function readAudit(engine: AuditEngine, { cursor, ...query }: AuditFilters): Promise<AuditPage> {
  const after = cursor === undefined ? {} : { after: position(cursor) };
  // One more than asked for tells whether there is a next page.
  const found = await engine.store.audit.list({ ...query, ...after, limit: query.limit + 1 });
  const entries = found.slice(0, query.limit);
  const last = entries.at(-1);
  return { entries, ...(found.length > query.limit && last ? { next: cursorOf(last) } : {}) };
}

const COLUMNS = [
  "createdAt",
  "userId",
  "email",
  "action",
  "outcome",
  "workspaceId",
  "target",
  "address",
  "correlationId",
  "details",
  "id",
] as const;

// A spreadsheet would take a text that begins like this for a formula.
const FORMULA = /^[=+\-@\t\r]/;

function csvCell(value: unknown): string {
  const text = value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

const LINES = {
  csv: (entry: AuditRecord) => `${COLUMNS.map((column) => csvCell(entry[column])).join(",")}\r\n`,
  jsonl: (entry: AuditRecord) => `${JSON.stringify(AuditEntryView.parse(entry))}\n`,
};

export type ExportFormat = keyof typeof LINES;

/** The whole trail that matches, as lines of CSV or JSON, page after page so that none of it is held. */
export async function* exportAudit(
  engine: AuditEngine,
  { cursor: _cursor, ...query }: AuditFilters,
  format: ExportFormat,
): AsyncGenerator<string> {
  if (format === "csv") yield `${COLUMNS.join(",")}\r\n`;
  let after: AuditQuery["after"];
  for (;;) {
    const entries = await engine.store.audit.list({ ...query, limit: 500, ...(after ? { after } : {}) });
    if (entries.length > 0) yield entries.map(LINES[format]).join("");
    const last = entries.at(-1);
    if (!last || entries.length < 500) return;
    after = { createdAt: new Date(last.createdAt), id: last.id };
  }
}
