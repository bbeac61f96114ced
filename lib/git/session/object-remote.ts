import type { Oid } from "@/lib/domain/workspace";

/** How much of each wanted tree comes along: every directory below it, or that many levels. */
export type TreeDepth = "all" | number;

/** The last place where a session looks for objects. What it finds is put into the session's store. */
export interface ObjectRemote {
  /** True for a commit that only the remote can have, so that nobody else need be asked. */
  advertises(oid: Oid): boolean;
  /** These commits and that many of their generations; what the remote does not have stays away. */
  fetchCommits(oids: readonly Oid[], depth: number): Promise<void>;
  /**
   * In one request the commits of `until` that are not in the history of `since`, or of an older commit; nothing where
   * that would cost more. True when the former came, all of them.
   */
  fetchHistory(since: Oid, until: Oid): Promise<boolean>;
  fetchTrees(oids: readonly Oid[], depth: TreeDepth): Promise<void>;
  fetchBlobs(oids: readonly Oid[]): Promise<void>;
}
