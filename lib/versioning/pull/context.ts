import type { Repository } from "@/lib/domain/repository";
import type { Snapshot } from "../contents";
import type { Lease, Ports, RepositorySession } from "../ports";
import type { Steps } from "../progress";

export interface PullInput {
  lease: Lease & { previousConflict?: { repositoryId: string | undefined } | null };
  repository: Repository;
  /** `latest`, a version's name, or a full commit id. */
  versionId: string;
  discardLocalChanges: boolean;
  /** Replace the content by that of this other workspace, whose folder the repository holds. */
  otherWorkspaceId?: string | undefined;
  /** Set when a named version is brought back rather than pulled. */
  rollback?: { reason: string | undefined };
}

/** What a pull works with once the repository has been reached. */
export interface PullContext {
  ports: Ports;
  session: RepositorySession;
  input: PullInput;
  snapshot: Snapshot;
  steps: Steps;
  /** The remote allows no intermediate branch. */
  isBranchRefused?: boolean;
}

/** Thrown within a pull when the remote's branch moved while it worked. */
export class BranchMoved extends Error {}

/** Thrown within a pull when the remote allows no intermediate branch: the merge then happens here, without one. */
export class BranchRefused extends Error {}
