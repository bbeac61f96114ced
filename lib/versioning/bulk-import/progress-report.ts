import type { BulkImportSummary } from "@/lib/domain/bulk";
import { OPERATIONS } from "@/lib/domain/operation/kinds";
import type { NewEvent } from "@/lib/domain/event";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import type { Ports } from "../ports";
import { eventOf } from "../progress";

/** Rows of skipped workspaces that are stored together. */
const EVENTS_AT_ONCE = 500;

/** Tells how far an import has got, workspace by workspace. */
export class ProgressReport {
  #current = 0;
  #events: NewEvent[] = [];

  constructor(
    private readonly ports: Ports,
    private readonly repositoryId: string,
    private readonly total: number,
  ) {}

  async add(rows: readonly BulkImportSummary["workspaces"][number][]): Promise<void> {
    for (const { slug, name, ...rest } of rows) {
      this.#current++;
      this.#events.push(
        eventOf(this.ports, PLATFORM_WORKSPACE_ID, OPERATIONS.bulkImport.events.progress, {
          repositoryId: this.repositoryId,
          workspaceSlug: slug,
          workspaceName: name,
          ...rest,
          current: this.#current,
          total: this.total,
          percentage: Math.round((this.#current / this.total) * 100),
        }),
      );
    }
    // What is skipped takes no time worth a transaction of its own.
    const isSkipped = rows.every(({ status }) => status === "skipped");
    if (!isSkipped || this.#events.length >= EVENTS_AT_ONCE) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#events.length > 0) await this.ports.journal.emit(this.#events);
    this.#events = [];
  }
}
