import { own } from "@/lib/domain/own";
import type { BulkImportSummary, BulkPushSummary } from "@/lib/domain/bulk";
import type { Event, NewEvent } from "@/lib/domain/event";
import { ErrorRecord, type OperationKind } from "@/lib/domain/operation";
import { OPERATIONS } from "@/lib/domain/operation/kinds";
import { automaticVersionName } from "@/lib/domain/version";
import { z } from "zod";
import type { OperationEnd } from "../runner";

/** The parts of an operation that its completed event needs. */
export interface EndedOperation {
  id: string;
  kind: OperationKind;
  workspaceId: string;
  repositoryId?: string | undefined;
  input: Record<string, unknown>;
  createdAt: Date;
  source: NewEvent["source"];
}

const Row = z.object({
  slug: z.string(),
  workspaceId: z.string(),
  name: z.string().default(""),
  status: z.string(),
  reason: z.string().optional(),
});
const Started = z.object({ workspaces: z.array(Row).catch([]) });
const Progress = z.object({
  workspaceId: z.string(),
  workspaceSlug: z.string().default(""),
  workspaceName: z.string().default(""),
  status: z.string(),
  duration: z.number().catch(0),
  errors: z.array(ErrorRecord).catch([]),
  importedFilesCount: z.number().optional().catch(undefined),
  deletedFilesCount: z.number().optional().catch(undefined),
});

interface Reached {
  planned: string | undefined;
  row: z.infer<typeof Row> & Partial<z.infer<typeof Progress>>;
}

/** What the stored events say was planned for, and done to, each workspace. */
function reachedSoFar(events: readonly Event[]): Reached[] {
  const found = new Map<string, Reached>();
  for (const { type, payload } of events) {
    if (type.endsWith(".started")) {
      for (const row of Started.safeParse(payload).data?.workspaces ?? [])
        found.set(row.workspaceId || row.slug, { planned: row.status, row });
    } else if (type.endsWith(".progress")) {
      const progress = Progress.safeParse(payload).data;
      if (!progress) continue;
      const known =
        found.get(progress.workspaceId) ??
        [...found.values()].find(({ row }) => row.slug === progress.workspaceSlug);
      const row = { slug: progress.workspaceSlug, name: progress.workspaceName, ...known?.row, ...progress };
      found.set(progress.workspaceId, { planned: known?.planned, row });
      if (known && known.row.workspaceId !== progress.workspaceId) found.delete(known.row.slug);
    }
  }
  return [...found.values()];
}

function common(
  operation: EndedOperation,
  end: Pick<OperationEnd, "errors">,
  reached: readonly Reached[],
  now: Date,
) {
  const { groups } = operation.input;
  return {
    repositoryId: operation.repositoryId ?? "",
    groups: Array.isArray(groups) ? groups.map(String) : [],
    duration: Math.max(0, now.getTime() - operation.createdAt.getTime()),
    errors: [...reached.flatMap(({ row }) => row.errors ?? []), ...end.errors],
  };
}

function rowOf({ row }: Reached, unreached: string | null) {
  const reason = row.reason ?? unreached ?? undefined;
  return {
    slug: row.slug,
    workspaceId: row.workspaceId,
    name: row.name,
    ...(reason === undefined ? {} : { reason }),
    errors: row.errors ?? [],
    duration: row.duration ?? 0,
  };
}

const PUSH_STATUSES = [
  "candidate",
  "alreadyPushed",
  "mergeConflict",
  "inProgress",
  "pushed",
  "error",
] as const;

/** How an operation was cut short. */
type Cut = Pick<OperationEnd, "errors"> & {
  /** Workspaces that were sent, and of which nobody saw whether they arrived. */
  inDoubt: ReadonlySet<string>;
};

const IN_DOUBT =
  "It was sent, but the remote did not confirm it in time. The next push, pull or check finds out whether it arrived.";

function pushSummary(
  operation: EndedOperation,
  end: Cut,
  reached: readonly Reached[],
  now: Date,
): BulkPushSummary {
  const why = end.errors[0]?.message ?? "The operation was interrupted.";
  const workspaces = reached.map((one) => {
    const status = PUSH_STATUSES.find((known) => known === one.row.status) ?? "candidate";
    const open = end.inDoubt.has(one.row.workspaceId) ? IN_DOUBT : `Not pushed: ${why}`;
    return { ...rowOf(one, status === "candidate" ? open : null), status };
  });
  const ids = (status: string) =>
    workspaces.filter((row) => row.status === status).map(({ workspaceId }) => workspaceId);
  const { name } = operation.input;
  return {
    ...common(operation, end, reached, now),
    version: typeof name === "string" ? name : automaticVersionName(operation.createdAt),
    pushedWorkspaceIds: ids("pushed"),
    mergeConflictWorkspaceIds: ids("mergeConflict"),
    alreadyPushedWorkspaceIds: ids("alreadyPushed"),
    workspaces,
  };
}

const IMPORT_STATUSES = ["create", "update", "skip", "imported", "skipped", "error"] as const;

function importSummary(
  operation: EndedOperation,
  end: Pick<OperationEnd, "errors">,
  reached: readonly Reached[],
  now: Date,
): BulkImportSummary {
  const why = end.errors[0]?.message ?? "The operation was interrupted.";
  const workspaces = reached.map((one) => {
    const status = IMPORT_STATUSES.find((known) => known === one.row.status) ?? "update";
    const open = status === "create" || status === "update";
    const { importedFilesCount, deletedFilesCount } = one.row;
    return {
      ...rowOf(one, open ? `Not imported: ${why}` : null),
      status,
      ...(importedFilesCount === undefined ? {} : { importedFilesCount }),
      ...(deletedFilesCount === undefined ? {} : { deletedFilesCount }),
    };
  });
  const imported = (planned: (status: string | undefined) => boolean) =>
    reached
      .filter((one) => one.row.status === "imported" && planned(one.planned))
      .map(({ row }) => row.workspaceId);
  const sum = (field: "importedFilesCount" | "deletedFilesCount") =>
    workspaces.reduce((total, row) => total + (row[field] ?? 0), 0);
  return {
    ...common(operation, end, reached, now),
    mergeConflictWorkspaceIds: [],
    createdWorkspaceIds: imported((planned) => planned === "create"),
    updatedWorkspaceIds: imported((planned) => planned !== "create"),
    skippedWorkspaceIds: workspaces
      .filter(({ status }) => status === "skipped" || status === "skip")
      .map(({ workspaceId }) => workspaceId),
    importedFilesCount: sum("importedFilesCount"),
    deletedFilesCount: sum("deletedFilesCount"),
    cycles: [],
    warnings: [],
    workspaces,
  };
}

type Summarize = (
  operation: EndedOperation,
  end: Cut,
  reached: readonly Reached[],
  now: Date,
) => BulkPushSummary | BulkImportSummary;

const SUMMARIES: Record<OperationKind, Summarize | undefined> = {
  push: undefined,
  pull: undefined,
  import: undefined,
  rollback: undefined,
  bulkPush: pushSummary,
  bulkImport: importSummary,
};

/** How many workspaces of a bulk operation were done before it was cut short. */
export function doneCount(summary: Record<string, unknown>): number {
  return ["pushedWorkspaceIds", "createdWorkspaceIds", "updatedWorkspaceIds"].reduce((total, field) => {
    const ids = own(summary, field);
    return total + (Array.isArray(ids) ? ids.length : 0);
  }, 0);
}

/**
 * The summary of a bulk operation that was cut short, from the events stored so far: what was done is named, and what
 * was not. Undefined for other kinds.
 */
export function summaryFromEvents(
  operation: EndedOperation,
  end: Cut,
  events: readonly Event[],
  now: Date,
): Record<string, unknown> | undefined {
  const summarize = SUMMARIES[operation.kind];
  return summarize && { ...summarize(operation, end, reachedSoFar(events), now) };
}

/** The event that closes an operation's stream. */
export function completedEvent(operation: EndedOperation, end: OperationEnd): NewEvent {
  const { isBulk, events } = OPERATIONS[operation.kind];
  return {
    type: events.completed,
    workspaceId: operation.workspaceId,
    operationId: operation.id,
    payload: isBulk
      ? end.result
      : {
          operationId: operation.id,
          kind: operation.kind,
          status: end.outcome,
          result: end.result,
          errors: end.errors,
          // Scripts look for it in the last event of any stream.
          mergeConflictWorkspaceIds: end.errors.some(({ error }) => error === "MergeConflict")
            ? [operation.workspaceId]
            : [],
        },
    source: operation.source,
  };
}
