import type { NewEvent } from "@/lib/domain/event";
import type { ProgressStep } from "@/lib/domain/operation";
import type { Repository } from "@/lib/domain/repository";
import type { Ports } from "./ports";

/** An event of the running operation about one workspace. */
export function eventOf(
  ports: Ports,
  workspaceId: string,
  type: string,
  payload: Record<string, unknown>,
): NewEvent {
  return { type, workspaceId, payload, operationId: ports.journal.operationId, source: ports.source };
}

/** Makes the `workspaces.versions.progress` events of one workspace; each knows how long the step before took. */
export class Steps {
  private last: number;
  private readonly startedAt: string;

  constructor(
    private readonly ports: Ports,
    private readonly workspaceId: string,
    private readonly operation: "push" | "pull",
    private readonly repository: Pick<Repository, "id" | "branch">,
  ) {
    const now = ports.clock();
    this.last = now.getTime();
    this.startedAt = now.toISOString();
  }

  /** The event for entering `step`, to be stored by whoever has a transaction at hand. */
  event(step: ProgressStep, message: string): NewEvent {
    const now = this.ports.clock().getTime();
    const stepDuration = now - this.last;
    this.last = now;
    return eventOf(this.ports, this.workspaceId, "workspaces.versions.progress", {
      // A stream of payloads tells of many workspaces.
      workspaceId: this.workspaceId,
      operation: this.operation,
      step,
      message,
      startedAt: this.startedAt,
      repositoryId: this.repository.id,
      branch: this.repository.branch,
      stepDuration,
    });
  }

  /** Stores that event at once, so that whoever watches sees the step begin. */
  async enter(step: ProgressStep, message: string): Promise<void> {
    await this.ports.journal.emit([this.event(step, message)]);
  }
}
