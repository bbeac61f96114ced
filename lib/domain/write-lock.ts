import { z } from "zod";

/** Why a workspace may not be edited just now; `manual` locks carry a free text instead. */
export const LOCK_REASONS = [
  "push_in_progress",
  "pull_in_progress",
  "import_in_progress",
  "bulk_in_progress",
  "merge_conflict",
  "manual",
] as const;
export type LockReason = (typeof LOCK_REASONS)[number];

export const WriteLock = z.object({
  lockedAt: z.string(),
  lockedBy: z.string(),
  reason: z.string(),
});
export type WriteLock = z.infer<typeof WriteLock>;

export const SetWriteLock = z.strictObject({ reason: z.string().trim().max(500).optional() });
