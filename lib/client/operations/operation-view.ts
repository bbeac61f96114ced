import { own } from "@/lib/domain/own";
import { grouped } from "@/lib/client/format";
import type { ErrorRecord, Operation } from "@/lib/domain/operation";
import { operationPhase, OPERATIONS } from "@/lib/domain/operation/kinds";

export type RowState = "waiting" | "running" | "done" | "skipped" | "excluded" | "failed";

/** One workspace of an operation, as far as the events have told. */
export interface OperationRow {
  workspaceId: string;
  /** The folder's name where it comes from a repository. */
  slug: string;
  /** The workspace's slug here, where its folder has another name. */
  importedAs?: string;
  name: string;
  state: RowState;
  /** What its state is called: pushed, imported, already pushed, … */
  word: string;
  step?: string;
  message?: string;
  stepStartedAt?: string;
  duration?: number;
  importedFiles?: number;
  deletedFiles?: number;
  reason?: string;
  errors: ErrorRecord[];
}

export interface StepRecord {
  step: string;
  message: string;
  startedAt: string;
  stepDuration: number;
  branch?: string;
}

/** Everything the page of an operation shows, built from its events alone: a reload yields the same. */
export interface OperationView {
  rows: OperationRow[];
  steps: StepRecord[];
  total: number;
  /** Set by the event that ends the operation. */
  completed?: Record<string, unknown>;
  errors: ErrorRecord[];
}

export const EMPTY_VIEW: OperationView = { rows: [], steps: [], total: 0, errors: [] };

export interface OperationEvent {
  type: string;
  payload: Record<string, unknown>;
}

const WORDS: Record<string, [RowState, string]> = {
  candidate: ["waiting", "Waiting"],
  create: ["waiting", "Waiting"],
  update: ["waiting", "Waiting"],
  alreadyPushed: ["skipped", "Already pushed"],
  mergeConflict: ["excluded", "Merge conflict"],
  inProgress: ["excluded", "Locked"],
  skip: ["skipped", "Skipped"],
  skipped: ["skipped", "Skipped"],
  pushed: ["done", "Pushed"],
  imported: ["done", "Imported"],
  error: ["failed", "Failed"],
};

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value)
    ? value.filter((item): item is Record<string, unknown> => typeof item === "object" && item !== null)
    : [];
}

/** Errors as they stand in a payload, whichever of the two published shapes they have. */
export function errorsOf(value: unknown): ErrorRecord[] {
  return records(value).map((item) => ({
    error: text(item["error"]) ?? text(item["err"]) ?? "Error",
    message:
      text(item["message"]) ??
      text(item["msg"]) ??
      "No reason was given. Search the server's log for the operation's id.",
    ...(typeof item["details"] === "object" && item["details"] !== null
      ? { details: item["details"] as Record<string, unknown> }
      : {}),
  }));
}

function rowOf(item: Record<string, unknown>, before?: OperationRow): OperationRow {
  const status = text(item["status"]) ?? "candidate";
  const [state, word] = own(WORDS, status) ?? ["waiting", status];
  const slug = text(item["slug"]) ?? text(item["workspaceSlug"]) ?? before?.slug ?? "";
  const optional = {
    duration: number(item["duration"]) ?? before?.duration,
    importedFiles: number(item["importedFilesCount"]) ?? before?.importedFiles,
    deletedFiles: number(item["deletedFilesCount"]) ?? before?.deletedFiles,
    reason: text(item["reason"]) ?? before?.reason,
    importedAs: text(item["importedAs"]),
  };
  return {
    workspaceId: text(item["workspaceId"]) ?? before?.workspaceId ?? slug,
    slug,
    name: text(item["name"]) ?? text(item["workspaceName"]) ?? before?.name ?? slug,
    state,
    word,
    errors: errorsOf(item["errors"]),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

// Two folders may name one id, and a folder none; their names differ.
function isSame(row: OperationRow, item: Record<string, unknown>): boolean {
  const slug = item["slug"] ?? item["workspaceSlug"];
  return slug === undefined ? row.workspaceId === item["workspaceId"] : row.slug === slug;
}

function placeRow(rows: OperationRow[], item: Record<string, unknown>): OperationRow[] {
  const index = rows.findIndex((row) => isSame(row, item));
  if (index < 0) return [...rows, rowOf(item)];
  return rows.map((row, at) => (at === index ? rowOf(item, row) : row));
}

function withStep(view: OperationView, payload: Record<string, unknown>): OperationView {
  const step = text(payload["step"]) ?? "";
  const record: StepRecord = {
    step,
    message: text(payload["message"]) ?? step,
    startedAt: text(payload["startedAt"]) ?? "",
    stepDuration: number(payload["stepDuration"]) ?? 0,
    ...(text(payload["branch"]) ? { branch: String(payload["branch"]) } : {}),
  };
  const rows = view.rows.map((row): OperationRow =>
    row.workspaceId === payload["workspaceId"] && (row.state === "waiting" || row.state === "running")
      ? {
          ...row,
          state: "running",
          word: "Running",
          step,
          message: record.message,
          stepStartedAt: record.startedAt,
        }
      : row,
  );
  // The steps of one workspace are the story of a single operation; in a bulk one the rows tell it.
  return view.rows.length > 0 ? { ...view, rows } : { ...view, steps: [...view.steps, record] };
}

function withCompleted(view: OperationView, payload: Record<string, unknown>): OperationView {
  const items = records(payload["workspaces"]);
  const rows = items.reduce((all, item) => placeRow(all, item), view.rows);
  return {
    ...view,
    rows,
    total: Math.max(view.total, rows.length),
    completed: payload,
    errors: errorsOf(payload["errors"]),
  };
}

/** Adds one event to the view. Events that say nothing about the page leave it as it is. */
export function addEvent(view: OperationView, { type, payload }: OperationEvent): OperationView {
  const phase = operationPhase(type);
  if (phase === "started") {
    const rows = records(payload["workspaces"]).map((item) => rowOf(item));
    return { ...view, rows, total: rows.length };
  }
  if (phase === "progress") {
    return {
      ...view,
      rows: placeRow(view.rows, payload),
      total: Math.max(view.total, number(payload["total"]) ?? 0),
    };
  }
  if (type === "workspaces.versions.progress") return withStep(view, payload);
  if (isCompletion(type)) return withCompleted(view, payload);
  return view;
}

/** Whether an event of this type ends an operation's stream. */
export function isCompletion(type: string): boolean {
  return operationPhase(type) === "completed";
}

export interface Tally {
  total: number;
  finished: number;
  failed: number;
  /** "7 of 24, 1 failed". */
  text: string;
}

/** How far the rows are; workspaces that were never to be touched do not count. */
export function tally(view: OperationView): Tally {
  const touched = view.rows.filter((row) => row.state !== "skipped" && row.state !== "excluded");
  const failed = touched.filter((row) => row.state === "failed").length;
  const finished = touched.filter((row) => row.state === "done").length + failed;
  const total = touched.length;
  return {
    total,
    finished,
    failed,
    text: `${grouped(finished)} of ${grouped(total)}${failed > 0 ? `, ${grouped(failed)} failed` : ""}`,
  };
}

/** What an operation is about: a workspace's name, or the groups of a bulk one. */
export function operationSubject(operation: Operation): string {
  const groups = operation.input["groups"];
  if (OPERATIONS[operation.kind].isBulk) {
    return Array.isArray(groups) && groups.length > 0 ? groups.join(", ") : "all workspaces";
  }
  return operation.workspaceName ?? operation.workspaceSlug ?? operation.workspaceId;
}

export function isRunning(operation: Pick<Operation, "state">): boolean {
  return operation.state !== "done";
}
