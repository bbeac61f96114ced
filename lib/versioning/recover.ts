import type { Repository } from "@/lib/domain/repository";
import type { Ports, PreparedPush, PushAttempt, RefUpdate } from "./ports";
import { isReached, movedRefs, recordable } from "./push/moved";

/**
 * Settles a push that nobody saw the end of: the remote knows whether it happened. If so its result is recorded
 * as it would have been; otherwise it is abandoned, until somebody meets it in the remote after all. Answers what
 * the remote has; null: nothing.
 */
export async function recoverAttempt(
  ports: Ports,
  repository: Repository,
  sequence: number,
  attempt: PushAttempt,
): Promise<PreparedPush[] | null> {
  const { updates } = attempt;
  let moved: Set<string>;
  const targetRef = `refs/heads/${repository.branch}`;
  const session = await ports.repositories.open(repository, {
    objects: ports.workspaces,
    signal: ports.signal,
    refs: [targetRef, ...updates.map(({ ref }) => ref)],
  });
  try {
    moved = await movedRefs(session, updates);
    if (!isReached(session, updates, moved)) {
      await ports.journal.settle(sequence, moved.size > 0 ? "partial" : "abandoned");
      return null;
    }
  } finally {
    await session.close();
  }
  const { leases } = await ports.locks.acquire({
    workspaceIds: attempt.workspaces.map(({ workspaceId }) => workspaceId),
    purpose: "push",
    operationId: ports.journal.operationId,
    userId: ports.actor.userId,
  });
  // A workspace that someone else took since is recorded by what that one finds on the remote.
  const arrived = attempt.workspaces.map((prepared) => recordable(prepared, updates, moved));
  await ports.workspaces.write(
    arrived.flatMap(({ workspaceId, write }) => {
      const lease = leases.get(workspaceId);
      return lease ? [{ ...write, guard: { lease } }] : [];
    }),
  );
  await ports.journal.settle(sequence, "recorded");
  return arrived;
}

/** Whether a tag stands where an operation that nobody saw the end of wanted it. */
export async function isTagged(
  ports: Ports,
  repository: Repository,
  { ref, next }: Pick<RefUpdate, "ref" | "next">,
): Promise<boolean> {
  const session = await ports.repositories.open(repository, {
    objects: ports.workspaces,
    signal: ports.signal,
    refs: [ref],
  });
  try {
    return session.ref(ref) === next;
  } finally {
    await session.close();
  }
}
