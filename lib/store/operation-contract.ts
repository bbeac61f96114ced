import type { NewEvent } from "@/lib/domain/event";
import type { Operation } from "@/lib/domain/operation";
import type { PushAttempt } from "@/lib/versioning/ports";

export interface NewOperation {
  id: string;
  kind: Operation["kind"];
  workspaceId: string;
  repositoryId?: string;
  initiator: Operation["initiator"];
  userId: string;
  sessionId?: string;
  correlationId: string;
  input: Record<string, unknown>;
  owner: string;
  createdAt: Date;
}

export interface JournalRecord {
  sequence: number;
  phase: string;
  facts: Record<string, unknown>;
  outcome: string | null;
}

/** The phase under which a push attempt is journaled; its facts are the `PushAttempt` itself. */
export const ATTEMPT_PHASE = "attempt";

export interface UnfinishedOperation {
  id: string;
  kind: Operation["kind"];
  state: Operation["state"];
  workspaceId: string;
  repositoryId: string | undefined;
  initiator: Operation["initiator"];
  userId: string;
  sessionId: string | undefined;
  correlationId: string;
  input: Record<string, unknown>;
  owner: string | undefined;
  createdAt: Date;
}

export interface OperationLog {
  start(operation: NewOperation): Promise<void>;
  get(id: string): Promise<Operation | null>;
  list(query: {
    workspaceId?: string;
    kind?: string;
    state?: string;
    page: number;
    limit: number;
    readable?: readonly string[];
  }): Promise<Operation[]>;
  heartbeat(owner: string, ids: readonly string[]): Promise<void>;
  /** Asks a running operation to stop; answers whether it still ran. */
  requestCancel(id: string, userId: string): Promise<boolean>;
  /** Those among `ids` that someone asked to stop. */
  cancelRequested(ids: readonly string[]): Promise<string[]>;
  /** Ends the operation and stores its last events in one transaction; does nothing when it had ended. */
  finish(
    id: string,
    ending: {
      outcome: Operation["outcome"];
      result?: Record<string, unknown>;
      errors: Operation["errors"];
      events: readonly NewEvent[];
      at: Date;
    },
  ): Promise<boolean>;
  /**
   * Takes over running operations whose owner gave no sign since `deadSince`, or is known to be dead, for `owner`.
   * Operations that `owner` has already are answered as well, unless their ids are among `running`.
   */
  takeOver(
    owner: string,
    deadSince: Date,
    options?: { isDead?: (owner: string) => boolean; running?: readonly string[] },
  ): Promise<UnfinishedOperation[]>;
  appendJournal(id: string, phase: string, facts: Record<string, unknown>, at: Date): Promise<number>;
  settleJournal(id: string, sequence: number, outcome: string): Promise<void>;
  journal(id: string): Promise<JournalRecord[]>;
  /** Typed view of the journal's attempts that nobody settled. */
  openAttempts(id: string): Promise<{ sequence: number; attempt: PushAttempt }[]>;
}
