import { z } from "zod";

/** What can be done next about a workspace and a repository. Each is one request. */
export const Way = z.enum(["push", "pull", "discard", "putBack", "startOver", "detach"]);
export type Way = z.infer<typeof Way>;

/** Why neither a push nor a pull can go on by itself. */
const SituationKind = z.enum([
  "branchMissing",
  "folderMissing",
  "indexMissing",
  "otherHistory",
  "strangeBranch",
]);

export const Situation = z.object({
  kind: SituationKind,
  /** One sentence that says what was found. */
  message: z.string(),
  ways: z.array(Way),
});
export type Situation = z.infer<typeof Situation>;

/** What each way is called, keeps and gives up, in the words of errors and of the console. */
export const WAYS: Readonly<Record<Way, { label: string; says: string; keeps: string; givesUp: string }>> = {
  push: {
    label: "Push",
    says: "push",
    keeps: "Everything in the repository and everything here.",
    givesUp: "Nothing.",
  },
  pull: {
    label: "Pull",
    says: "pull, which merges both sides",
    keeps: "The edits of both sides.",
    givesUp: "Nothing. Where both sides changed the same lines, you are asked.",
  },
  discard: {
    label: "Take what is there",
    says: "pull with local changes discarded",
    keeps: "The repository as it is, and a snapshot of the workspace that a rollback brings back.",
    givesUp: "What was edited here since the last synchronisation.",
  },
  putBack: {
    label: "Put it back as it is here",
    says: "put the folder back as it is here (push with putBack)",
    keeps: "Everything here, the other folders of the repository, and its whole history.",
    givesUp: "The deletion or move in git: a new commit writes the folder again.",
  },
  startOver: {
    label: "Overwrite what is there",
    says: "start over and overwrite what is there (push with startOver)",
    keeps:
      "Everything here, the other folders, and the repository's history, which still has what is overwritten.",
    givesUp: "Changes in the folder and on the intermediate branch that nobody has pulled.",
  },
  detach: {
    label: "Detach",
    says: "detach the repository and start afresh",
    keeps: "Everything here, all versions, and the repository, which is not touched.",
    givesUp:
      "The record of the last synchronisation and of any conflict. The next push or pull is treated as the first one.",
  },
};

/** The ways as the end of an error message. */
export function waysInWords(ways: readonly Way[]): string {
  const words = ways.map((way) => WAYS[way].says);
  const last = words.pop();
  if (last === undefined) return "";
  return ` You can ${words.length > 0 ? `${words.join(", ")}, or ` : ""}${last}.`;
}
