import { AppError } from "@/lib/domain/error";
import { lockReason } from "./bulk-push/categorize";
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
  if (!lock) throw new AppError("NotFound", "The workspace does not exist any more.", { workspaceId });
  const { lockedAt, lockedBy, reason } = lock;
  throw new AppError("WorkspaceLocked", `${lockReason(lock)} Clear the lock or wait, then import again.`, {
    writeLock: { lockedAt, lockedBy, reason },
  });
}
