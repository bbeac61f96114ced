import { Queues } from "@/lib/runtime/queues";

const turns = new Queues("editTurns");

/**
 * Runs what is about one thing, such as the edits of a workspace, one after the other, so that clients who write many of
 * its files at once do not keep overtaking each other. What another process does is found by the revision all the same.
 */
export function inTurn<T>(about: string, work: () => Promise<T>): Promise<T> {
  return turns.run(about, work);
}
