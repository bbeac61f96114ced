import type { Repository } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import type { Snapshot } from "../contents";
import type { Overwrite } from "../meeting";
import type { Lease, ObjectSource, Ports, RepositorySession, UnconfirmedAttempt } from "../ports";
import type { PushVersion } from "../push/prepare";
import type { Turn } from "../push/turns";
import type { PushLedger } from "./summary";

/** What the chunks of one bulk push share; `tip` moves forward with each acknowledged chunk. */
export interface ChunkContext {
  ports: Ports;
  session: RepositorySession;
  /** The platform's objects, read once for all that a push does with them. */
  objects: ObjectSource;
  repository: Repository;
  version: PushVersion;
  force: boolean;
  ledger: PushLedger;
  total: number;
  /** Workspaces that reached an end. */
  done: number;
  tip: Oid | null;
  /** The last commit that the remote took; null: nothing was pushed yet. */
  pushed: Oid | null;
  /** Earlier pushes that nobody saw the end of. */
  attempts: readonly UnconfirmedAttempt[];
  /** Commits of ours that an intermediate branch has and its target has not. */
  own: Set<Oid>;
  overwrite: Overwrite;
  /** There was no target branch when the operation began. */
  isNewBranch: boolean;
  turn: Turn;
}

/** A workspace on its way, with its lock. */
export interface Item {
  snapshot: Snapshot;
  lease: Lease;
  began: number;
}
