import type { z } from "zod";
import { BulkImportSummary, BulkPushSummary } from "../bulk";
import { own } from "../own";
import type { OperationKind } from ".";

type Phase = "started" | "progress" | "completed";

interface KindFacts {
  words: { noun: string; running: string; done: string };
  /** Whether it works on many workspaces, is recorded under the platform workspace, and ends with a summary of all. */
  isBulk: boolean;
  /** Whether only its starter may be able to follow it, since its workspace may not exist yet. */
  mayPrecedeWorkspace: boolean;
  /** The types of its own events; `completed` ends its stream. */
  events: { completed: string } & Partial<Record<Phase, string>>;
  /** What its completed event holds, where that is a summary. */
  summary?: z.ZodType;
}

const single = {
  isBulk: false,
  mayPrecedeWorkspace: false,
  events: { completed: "operation.completed" },
} as const;

/** Every kind of operation, with what the browser and the server both need to know of it. */
export const OPERATIONS = {
  push: { ...single, words: { noun: "Push", running: "Pushing", done: "Pushed" } },
  pull: { ...single, words: { noun: "Pull", running: "Pulling", done: "Pulled" } },
  import: {
    ...single,
    mayPrecedeWorkspace: true,
    words: { noun: "Import", running: "Importing", done: "Imported" },
  },
  rollback: { ...single, words: { noun: "Rollback", running: "Rolling back", done: "Rolled back" } },
  bulkPush: {
    isBulk: true,
    mayPrecedeWorkspace: false,
    words: { noun: "Bulk push", running: "Pushing", done: "Pushed" },
    events: {
      started: "workspaces.bulkPush.started",
      progress: "workspaces.bulkPush.progress",
      completed: "workspaces.bulkPush.completed",
    },
    summary: BulkPushSummary,
  },
  bulkImport: {
    isBulk: true,
    mayPrecedeWorkspace: false,
    words: { noun: "Bulk import", running: "Importing", done: "Imported" },
    events: {
      started: "workspaces.bulkImport.started",
      progress: "workspaces.bulkImport.progress",
      completed: "workspaces.bulkImport.completed",
    },
    summary: BulkImportSummary,
  },
} as const satisfies Record<OperationKind, KindFacts>;

const BULK_KINDS: ReadonlyMap<string, OperationKind> = new Map(
  (Object.keys(OPERATIONS) as OperationKind[])
    .filter((kind) => OPERATIONS[kind].isBulk)
    .flatMap((kind) =>
      Object.values(OPERATIONS[kind].events).map((type): [string, OperationKind] => [type, kind]),
    ),
);

const PHASES: Record<string, Phase> = Object.fromEntries(
  Object.values(OPERATIONS).flatMap(({ events }) =>
    Object.entries(events).map(([phase, type]): [string, Phase] => [type, phase as Phase]),
  ),
);

/** The types of the events that end an operation. */
export const COMPLETED_TYPES: ReadonlySet<string> = new Set(
  Object.values(OPERATIONS).map(({ events }) => events.completed),
);

/** The kind of bulk operation that stores events of this type; undefined for any other type. */
export function bulkKindOf(type: string): OperationKind | undefined {
  return BULK_KINDS.get(type);
}

/** Whether an event of this type starts an operation, tells of its progress or ends it; undefined for any other type. */
export function operationPhase(type: string): Phase | undefined {
  return own(PHASES, type);
}
