import type { WriteLock } from "@/lib/domain/write-lock";
import type { NewEvent } from "@/lib/domain/event";
import type { Lease } from "./workspaces";

export type LockPurpose = "push" | "pull" | "import" | "bulk" | "rollback";

/** A lock as the store keeps it; `kind` decides, `reason` is what people read. */
export interface LockRecord extends WriteLock {
  workspaceId: string;
  kind: "operation" | "merge_conflict" | "manual";
  operationId: string | undefined;
  repositoryId: string | undefined;
  fence: number;
  /** ISO text; undefined: never. */
  expiresAt: string | undefined;
}

export interface Locks {
  /**
   * Takes each lock that is free, expired, or a merge conflict when `overConflict` says so; the others are
   * answered with the lock that stands. The conflict is remembered in `hadConflict` of the lease's answer.
   */
  acquire(input: {
    workspaceIds: readonly string[];
    purpose: LockPurpose;
    operationId: string;
    userId: string;
    overConflict?: boolean;
  }): Promise<{
    leases: Map<string, Lease & { previousConflict: LockRecord | null }>;
    refused: Map<string, LockRecord>;
  }>;
  /** Prolongs each; answers those that were lost. */
  renew(leases: readonly Lease[]): Promise<Lease[]>;
  release(leases: readonly Lease[]): Promise<void>;
  /** Puts back a merge conflict that an operation had taken over and could not settle. */
  restoreConflict(lease: Lease, conflict: { repositoryId: string }): Promise<void>;
  current(workspaceIds: readonly string[]): Promise<Map<string, LockRecord>>;
  /** Every lock that names this operation, expired or not, so that recovery frees them all. */
  heldBy(operationId: string): Promise<LockRecord[]>;
  /** A person's lock. Throws WorkspaceLocked. */
  set(
    workspaceId: string,
    input: { reason: string; userId: string; events: readonly NewEvent[] },
  ): Promise<WriteLock>;
  /** Frees whatever lock stands and raises the fence, so a running holder cannot write any more. */
  clear(workspaceId: string, events: readonly NewEvent[]): Promise<LockRecord | null>;
}
