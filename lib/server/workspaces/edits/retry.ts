/**
 * So often work is done anew when another process came in between: ten seconds of waiting, in which its queue of writes
 * of the same workspace comes to an end or leaves a gap.
 */
export const MAX_TRIES = 60;

/** A moment to wait before a further try, longer from time to time and never the same for two who race. */
export function beforeRetry(attempt: number): Promise<void> {
  const ms = Math.random() * 10 * 2 ** Math.min(attempt, 5);
  return new Promise((resolve) => setTimeout(resolve, ms));
}
