import type { Oid } from "@/lib/domain/workspace";
import type { NewEvent } from "@/lib/domain/event";
import type { RefUpdate } from "./repositories";
import type { WorkspaceWrite } from "./workspaces";

/** What a push will have done to one workspace once the remote acknowledged it. */
export interface PreparedPush {
  workspaceId: string;
  intermediateRef: string;
  intermediate: Oid;
  target: Oid;
  /** Applied as it stands when the remote has it; its lease is replaced by the one of whoever records it. */
  write: Omit<WorkspaceWrite, "contents" | "guard">;
}

/** One attempt to move refs; written before anything is sent. */
export interface PushAttempt {
  repositoryId: string;
  updates: RefUpdate[];
  workspaces: PreparedPush[];
}

/** An attempt of any operation that nobody saw the end of, or of which only a part was seen. */
export interface UnconfirmedAttempt {
  operationId: string;
  sequence: number;
  attempt: PushAttempt;
}

/**
 * `partial`: refs moved, the target branch did not. `abandoned`: the remote did not have it when it was last asked, and
 * may still take it.
 */
type AttemptOutcome = "recorded" | "rejected" | "partial" | "abandoned";

/** The operation's memory across a crash. Each call is durable when it returns. */
export interface Journal {
  readonly operationId: string;
  /** The time that the operation's commits carry: fixed when it was accepted. */
  readonly acceptedAt: Date;
  phase(name: string, facts?: Record<string, unknown>): Promise<void>;
  /** Writes the attempt; answers its number. */
  attempt(attempt: PushAttempt): Promise<number>;
  settle(attempt: number, outcome: AttemptOutcome): Promise<void>;
  /** Attempts on these workspaces, or on any, that were not recorded and may have arrived since, oldest first. */
  unconfirmed(repositoryId: string, workspaceIds?: readonly string[]): Promise<UnconfirmedAttempt[]>;
  /** Notes that such an attempt was recorded after all. */
  confirm(attempt: Pick<UnconfirmedAttempt, "operationId" | "sequence">): Promise<void>;
  /** Stores events of the operation at once. */
  emit(events: readonly NewEvent[]): Promise<void>;
}
