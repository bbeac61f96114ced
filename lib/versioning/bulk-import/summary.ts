import { mapInSlices } from "@/lib/runtime/pace";
import type { BulkImportStatus, BulkImportSummary } from "@/lib/domain/bulk";
import { errorBody } from "@/lib/domain/error";
import type { ImportError } from "@/lib/domain/version";
import type { ErrorRecord } from "@/lib/domain/operation";
import type { ImportedOne } from "./import-one";
import type { BulkImportPlan, PlannedImport } from "./plan";

type Row = BulkImportSummary["workspaces"][number];

/** Import errors that an administrator has to settle; the others are warnings. */
const SERIOUS = new Set(["SlugAlreadyInUse", "AppSlugAlreadyInUse", "PermissionDenied"]);

function recordOf({ err, msg, ...details }: ImportError, workspaceId: string, slug: string): ErrorRecord {
  return { error: err, message: msg, details: { ...details, workspaceId, workspaceSlug: slug } };
}

/** Collects what happened to each workspace of an import, in the order of import. */
export class ImportLedger {
  private readonly rows = new Map<string, Row>();
  private readonly errors: ErrorRecord[] = [];
  private readonly created: string[] = [];
  private readonly updated: string[] = [];
  private readonly deleted: string[] = [];
  private readonly warnings: BulkImportSummary["warnings"] = [];
  private cycles: string[][] = [];

  constructor(
    private readonly startedAt: number,
    private readonly facts: { repositoryId: string; groups: string[]; dryRun: boolean },
  ) {}

  async plan(plan: BulkImportPlan): Promise<void> {
    this.cycles = plan.cycles;
    this.warnings.push(...plan.warnings);
    await mapInSlices(plan.items, (item) => this.set(item, item.status, {}));
  }

  private set(
    item: PlannedImport,
    status: BulkImportStatus,
    more: Partial<Row>,
    slugHere = item.record?.slug,
  ): Row {
    const { slug } = item.source;
    const row: Row = {
      slug,
      workspaceId: item.record?.id ?? item.source.manifest?.workspaceId ?? "",
      name: item.record?.name ?? item.source.manifest?.app?.name ?? item.source.slug,
      status,
      ...(item.reason ? { reason: item.reason } : {}),
      ...(item.matchedBy ? { matchedBy: item.matchedBy } : {}),
      ...(slugHere === undefined || slugHere === slug ? {} : { importedAs: slugHere }),
      ...(item.contentDiffers ? { contentDiffers: true } : {}),
      errors: [],
      duration: 0,
      ...more,
    };
    this.rows.set(slug, row);
    return row;
  }

  skipped(item: PlannedImport): Row {
    return this.set(item, "skipped", {});
  }

  imported(item: PlannedImport, outcome: ImportedOne, duration: number): Row {
    const { slug } = item.source;
    const serious = outcome.errors
      .filter(({ err }) => SERIOUS.has(err))
      .map((error) => recordOf(error, outcome.workspaceId, slug));
    this.errors.push(...serious);
    for (const { err, msg } of outcome.errors)
      if (!SERIOUS.has(err)) this.warnings.push({ slug, message: msg });
    for (const { message } of outcome.warnings) this.warnings.push({ slug, message });
    (item.record ? this.updated : this.created).push(outcome.workspaceId);
    const facts = {
      workspaceId: outcome.workspaceId,
      name: outcome.name,
      importedFilesCount: outcome.imported.length,
      deletedFilesCount: outcome.deleted.length,
      ...(outcome.excluded.length > 0 ? { excluded: outcome.excluded } : {}),
      errors: serious,
      duration,
    };
    return this.set(item, "imported", facts, outcome.slug);
  }

  /** What turned out once the workspace was imported. */
  complain(item: PlannedImport, workspaceId: string, error: ImportError): void {
    const { slug } = item.source;
    const record = recordOf(error, workspaceId, slug);
    this.errors.push(record);
    this.rows.get(slug)?.errors.push(record);
  }

  failed(item: PlannedImport, error: unknown, duration: number): Row {
    const body = errorBody(error);
    this.errors.push({ ...body, details: { ...body.details, workspaceSlug: item.source.slug } });
    return this.set(item, "error", { errors: [body], duration });
  }

  pruned(workspaceId: string): void {
    this.deleted.push(workspaceId);
  }

  warn(slug: string, message: string): void {
    this.warnings.push({ slug, message });
  }

  list(): Row[] {
    return [...this.rows.values()];
  }

  finish(now: number, error?: unknown): BulkImportSummary {
    const workspaces = this.list();
    const count = (field: "importedFilesCount" | "deletedFilesCount") =>
      workspaces.reduce((sum, row) => sum + (row[field] ?? 0), 0);
    return {
      repositoryId: this.facts.repositoryId,
      groups: this.facts.groups,
      ...(this.facts.dryRun ? { dryRun: true } : {}),
      duration: now - this.startedAt,
      errors: error === undefined ? this.errors : [...this.errors, errorBody(error)],
      mergeConflictWorkspaceIds: [],
      createdWorkspaceIds: this.created,
      updatedWorkspaceIds: this.updated,
      skippedWorkspaceIds: workspaces
        .filter(({ status }) => status === "skipped")
        .map((row) => row.workspaceId),
      ...(this.deleted.length > 0 ? { deletedWorkspaceIds: this.deleted } : {}),
      importedFilesCount: count("importedFilesCount"),
      deletedFilesCount: count("deletedFilesCount"),
      cycles: this.cycles,
      warnings: this.warnings,
      workspaces,
    };
  }
}
