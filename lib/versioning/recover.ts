import type { Repository } from "@/lib/domain/repository";
import type { Ports, PushAttempt } from "./ports";
import { arrived } from "./push/send";

/**
 * Settles a push that nobody saw the end of: the remote knows whether it happened. If so its result is recorded
 * as it would have been; otherwise it is abandoned, and nothing of it exists anywhere.
 */
export async function recoverAttempt(
  ports: Ports,
  repository: Repository,
  sequence: number,
  attempt: PushAttempt,
): Promise<"recorded" | "abandoned"> {
  const targetRef = `refs/heads/${repository.branch}`;
  const session = await ports.repositories.open(repository, {
    objects: ports.workspaces,
    signal: ports.signal,
    refs: [targetRef, ...attempt.updates.map(({ ref }) => ref)],
  });
  try {
    if (!(await arrived(session, attempt.updates))) {
      await ports.journal.settle(sequence, "abandoned");
      return "abandoned";
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
  const ours = attempt.workspaces.filter(({ workspaceId }) => leases.has(workspaceId));
  await ports.workspaces.write(
    ours.map(({ workspaceId, write }) => ({ ...write, guard: { lease: leases.get(workspaceId) } })),
  );
  await ports.journal.settle(sequence, "recorded");
  return "recorded";
}
