import { z } from "zod";
import type { CommitIdentity } from "@/lib/git/git-repository";
import type { Variables } from "./variables";

const NAME = "SWITCHYARD_COMMITTER_NAME";
const EMAIL = "SWITCHYARD_COMMITTER_EMAIL";
const AUTHOR = "SWITCHYARD_COMMIT_AUTHOR";

/** Who stands in commits as their committer, for servers that check it; undefined: who acts. */
export function readCommitIdentity(variables: Variables): CommitIdentity | undefined {
  const name = variables.text(NAME);
  const email = variables.text(EMAIL);
  const author = variables.text(AUTHOR) ?? "user";
  if (author !== "user" && author !== "committer") variables.problem(AUTHOR, "must be user or committer.");
  if (name !== undefined && (/[\p{Cc}<>]/u.test(name) || name.length > 200))
    variables.problem(NAME, "must be one line of at most 200 characters without < and >.");
  if (email === undefined) {
    if (name !== undefined) variables.problem(NAME, `needs ${EMAIL} as well.`);
    if (author === "committer") variables.problem(AUTHOR, `needs ${EMAIL}, the address that authors get.`);
    return undefined;
  }
  if (!z.email().safeParse(email).success && !/^[^\s@<>]+@[^\s@<>]+$/.test(email))
    variables.problem(EMAIL, "must be an e-mail address.");
  return { committer: { name: name ?? "Switchyard", email }, coversAuthor: author === "committer" };
}
