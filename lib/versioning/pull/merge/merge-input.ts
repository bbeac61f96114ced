import type { Repository } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import type { Snapshot } from "../../contents";
import type { NewCommit, RepositoryState } from "../../ports";

/** What a merge of the target branch starts from. */
export interface MergeInput {
  repository: Repository;
  snapshot: Snapshot;
  state: RepositoryState | null;
  directory: string;
  target: Oid;
  /** Tip of the intermediate branch; null: no branch, or a read-only repository, where it is not used. */
  intermediate: Oid | null;
  /** What another workspace left on the branch of this name: it becomes a parent of whatever goes there. */
  superseded: Oid | null;
  /** False for a repository that is not written to: the merge happens here alone. */
  usesBranch: boolean;
  /** The lock of a conflict stands: a branch that moved on holds a person's resolution, which saving would overwrite. */
  conflictStands: boolean;
  author: NewCommit["author"];
  date: Date;
  trailer: string;
}
