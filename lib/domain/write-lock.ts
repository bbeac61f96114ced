import { z } from "zod";
import { ago } from "./words/ago";

/** Why a workspace cannot be edited at the moment; `manual` locks carry a free text instead. */
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
  /** The holder's name, for people who cannot list users. */
  lockedByName: z.string().optional(),
  reason: z.string(),
});
export type WriteLock = z.infer<typeof WriteLock>;

export const SetWriteLock = z.strictObject({ reason: z.string().trim().max(500).optional() });

const REASONS = new Map<string, string>([
  ["push_in_progress", "a push is in progress"],
  ["pull_in_progress", "a pull is in progress"],
  ["import_in_progress", "an import is in progress"],
  ["bulk_in_progress", "a bulk operation is in progress"],
  ["merge_conflict", "the last merge had a conflict"],
  ["manual", "locked by hand"],
]);

/** A lock's reason in words; a reason that a person typed stays as typed. */
export function lockReason(reason: string): string {
  return REASONS.get(reason) ?? `“${reason}”`;
}

/** "Locked 5 minutes ago by Ada: a push is in progress." */
export function lockSentence(
  { lockedAt, reason }: Pick<WriteLock, "lockedAt" | "reason">,
  holder: string | undefined,
  now: number,
): string {
  return `Locked ${ago(lockedAt, now)}${holder ? ` by ${holder}` : ""}: ${lockReason(reason)}.`;
}
