import { AppError } from "@/lib/domain/error";
import type { NewEvent } from "@/lib/domain/event";
import type { Operation } from "@/lib/domain/operation";
import type { PushAttempt, UnconfirmedAttempt } from "@/lib/versioning/ports";

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

/** The error of whoever works on an operation that another process has taken over. */
export function operationLost(operationId: string): AppError {
  return new AppError(
    "LockLost",
    "Another server process took over this operation, because this one stopped responding.",
    { operationId },
  );
}

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
  owner: string;
  /** Why it was taken over: its process is known to be dead, gave no sign, or is this one, which had to leave it. */
  takenBecause: "dead" | "silent" | "left";
  createdAt: Date;
}

/** Which running operations may be taken over, decided while their rows are held. */
export interface TakeOverRule {
  /** The lease of an operation: without a sign for this long, by the clock of the database, it has ended. */
  leaseMs: number;
  /** Whether this process is known to be dead, so that its leases need not end. */
  isDead?: (owner: string) => boolean;
  /** Whether `owner` itself works on the operation, whatever its lease says and whoever has it now. */
  isRunning?: (id: string) => boolean;
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
  /** Prolongs the leases of these operations; answers those that another process has taken over. */
  heartbeat(owner: string, ids: readonly string[]): Promise<string[]>;
  /** Asks a running operation to stop; answers whether it still ran. */
  requestCancel(id: string, userId: string): Promise<boolean>;
  /** Those among `ids` that someone asked to stop. */
  cancelRequested(ids: readonly string[]): Promise<string[]>;
  /**
   * Ends the operation and stores its last events in one transaction. Does nothing, and answers false, when it had ended
   * or `owner` has lost it to another process.
   */
  finish(
    id: string,
    owner: string,
    ending: {
      outcome: Operation["outcome"];
      result?: Record<string, unknown>;
      errors: Operation["errors"];
      events: readonly NewEvent[];
      at: Date;
    },
  ): Promise<boolean>;
  /** Takes over, for `owner`, running operations whose lease has ended or whose process is dead. */
  takeOver(owner: string, rule: TakeOverRule): Promise<UnfinishedOperation[]>;
  /** Throws LockLost when `owner` has lost the operation to another process, or it has ended. */
  appendJournal(
    id: string,
    owner: string,
    phase: string,
    facts: Record<string, unknown>,
    at: Date,
  ): Promise<number>;
  settleJournal(id: string, sequence: number, outcome: string): Promise<void>;
  journal(id: string): Promise<JournalRecord[]>;
  /** Typed view of the journal's attempts; those that nobody settled have no outcome. */
  attempts(id: string): Promise<{ sequence: number; outcome: string | null; attempt: PushAttempt }[]>;
  /** Attempts of any operation on these workspaces, or on all, that may have arrived although nobody recorded them, oldest first. */
  unconfirmedAttempts(repositoryId: string, workspaceIds?: readonly string[]): Promise<UnconfirmedAttempt[]>;
}
