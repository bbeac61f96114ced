import type { BulkPushStatus, BulkPushSummary } from "@/lib/domain/bulk";
import { errorBody } from "@/lib/domain/error";
import type { ErrorRecord } from "@/lib/domain/operation";
import type { WorkspaceRecord } from "../ports";

type Row = BulkPushSummary["workspaces"][number];

/** Collects what happened to each workspace; one row a workspace, in the order they were found. */
export class PushLedger {
  private readonly rows = new Map<string, Row>();
  private readonly errors: ErrorRecord[] = [];

  constructor(
    private readonly startedAt: number,
    private facts: { repositoryId: string; groups: string[]; version: string; dryRun: boolean },
  ) {}

  set(
    record: WorkspaceRecord,
    status: BulkPushStatus,
    more: { reason?: string | undefined; error?: unknown; duration?: number } = {},
  ): Row {
    const errors = more.error === undefined ? [] : [errorBody(more.error)];
    const row: Row = {
      slug: record.slug,
      workspaceId: record.id,
      name: record.name,
      status,
      ...(more.reason ? { reason: more.reason } : {}),
      errors,
      duration: more.duration ?? 0,
    };
    this.rows.set(record.id, row);
    for (const error of errors) {
      const details = { ...error.details, workspaceId: record.id, workspaceSlug: record.slug };
      this.errors.push({ ...error, details });
    }
    return row;
  }

  /** Where nothing was new, an earlier version may be the one that holds the present state. */
  versionIs(name: string): void {
    this.facts = { ...this.facts, version: name };
  }

  /** Whether the remote has every workspace that may be pushed now, and there is one. */
  isUpToDate(): boolean {
    return this.errors.length === 0 && this.list().some(({ status }) => status === "alreadyPushed");
  }

  list(): Row[] {
    return [...this.rows.values()];
  }

  finish(now: number, error?: unknown): BulkPushSummary {
    const ids = (status: BulkPushStatus) =>
      this.list()
        .filter((row) => row.status === status)
        .map((row) => row.workspaceId);
    return {
      repositoryId: this.facts.repositoryId,
      groups: this.facts.groups,
      version: this.facts.version,
      ...(this.facts.dryRun ? { dryRun: true } : {}),
      duration: now - this.startedAt,
      errors: error === undefined ? this.errors : [...this.errors, errorBody(error)],
      pushedWorkspaceIds: ids("pushed"),
      mergeConflictWorkspaceIds: ids("mergeConflict"),
      alreadyPushedWorkspaceIds: ids("alreadyPushed"),
      workspaces: this.list(),
    };
  }
}
