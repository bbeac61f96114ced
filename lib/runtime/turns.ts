// The server is bundled in parts that share nothing but this process.
const KEY = Symbol.for("switchyard.editTurns");
const shared = globalThis as unknown as { [KEY]?: Map<string, Promise<unknown>> };
const turns = (shared[KEY] ??= new Map<string, Promise<unknown>>());

/**
 * Runs what is about one thing, such as the edits of a workspace, one after the other, so that clients who write many of
 * its files at once do not keep overtaking each other. What another process does is found by the revision all the same.
 */
export async function inTurn<T>(about: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(about) ?? Promise.resolve();
  const done = before.then(work);
  // Whoever comes next waits for this end, whatever it is; the failure itself goes to the one who asked.
  const settled = done.catch(() => undefined);
  turns.set(about, settled);
  try {
    return await done;
  } finally {
    if (turns.get(about) === settled) turns.delete(about);
  }
}
