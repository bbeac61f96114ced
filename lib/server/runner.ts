import type { ErrorRecord, OperationKind, OperationOutcome } from "@/lib/domain/operation";
import type { Repository } from "@/lib/domain/repository";
import type { Lease, LockPurpose, LockRecord, Ports } from "@/lib/versioning/ports";
import type { Viewer } from "./viewer";

/** What a start function answers: the operation runs on its own from here. */
export interface Started {
  operationId: string;
}

/** How the work of an operation ended when it ended by itself. */
export interface OperationEnd {
  outcome: OperationOutcome;
  result: Record<string, unknown>;
  errors: ErrorRecord[];
}

export type HeldLease = Lease & { previousConflict: LockRecord | null };

interface CommonRequest {
  kind: OperationKind;
  /** The workspace that the operation is about; `platform` for those about several. */
  workspaceId: string;
  repository?: Repository;
  /** When no `repository` is spoken to: the native one. */
  repositoryId?: string;
  /** Shown with the operation, and used again for a retry; holds no secret. */
  input: Record<string, unknown>;
}

/** Work under the lock of the operation's workspace. */
interface LockedRequest extends CommonRequest {
  purpose: LockPurpose;
  /** Takes a lock over that a merge conflict left. */
  overConflict?: boolean;
  work(ports: Ports, lease: HeldLease): Promise<OperationEnd>;
}

/** Work whose workspaces are not there yet, or are each locked in their turn. */
interface UnlockedRequest extends CommonRequest {
  purpose: "none";
  work(ports: Ports): Promise<OperationEnd>;
}

/** An operation that passed its checks: what to lock, and the work to do. */
export type OperationRequest = LockedRequest | UnlockedRequest;

/** Starts operations and knows those that this process runs. */
export interface Runner {
  /** Takes the lock, writes the operation down and lets it run. Throws WorkspaceLocked, Unavailable. */
  start(viewer: Viewer, request: OperationRequest): Promise<Started>;
  /** The ports of a look that changes nothing: no operation, no lock. */
  readOnlyPorts(viewer: Viewer, repository: Repository): Promise<Ports>;
  /** Ids of the operations that run in this process. */
  running(): string[];
  /** Whether this process works on the operation, from before its row is written until its end is stored. */
  isRunning(id: string): boolean;
  /** Stops accepting, gives running operations `graceMs` to finish, then ends them as interrupted. */
  close(graceMs: number): Promise<void>;
}
