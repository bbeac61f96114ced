import { AppError } from "@/lib/domain/error";
import { lockSentence } from "@/lib/domain/write-lock";
import type { Lease, Ports } from "./ports";

/** The lock of a workspace that one of many imports changes. Throws WorkspaceLocked, NotFound. */
export async function lockForImport(ports: Ports, workspaceId: string): Promise<Lease> {
  const { leases, refused } = await ports.locks.acquire({
    workspaceIds: [workspaceId],
    purpose: "import",
    operationId: ports.journal.operationId,
    userId: ports.actor.userId,
  });
  const lease = leases.get(workspaceId);
  if (lease) return lease;
  const lock = refused.get(workspaceId);
  if (!lock) throw new AppError("NotFound", "The workspace no longer exists.", { workspaceId });
  const { lockedAt, lockedBy, reason } = lock;
  const lockedByName = (await ports.namesOf([lockedBy])).get(lockedBy);
  const sentence = lockSentence(lock, lockedByName, ports.clock().getTime());
  throw new AppError("WorkspaceLocked", `${sentence} Clear the lock or wait, then import again.`, {
    writeLock: { lockedAt, lockedBy, ...(lockedByName ? { lockedByName } : {}), reason },
  });
}
