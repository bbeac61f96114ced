import { intermediateBranch } from "@/lib/domain/repository";
import type { Repository } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import { homeOf } from "../folders/home";
import type { Ports, RepositorySession, RepositoryState, WorkspaceRecord } from "../ports";
import { knownState, overwritingState } from "./common-ground";
import { situationOf, type SituationQuestion } from "./situation";

export { knownState, type Meeting } from "./common-ground";
export { explaining, situationOf } from "./situation";

/** What a person chose for a push that would be refused. `putBack` writes a folder again that is gone or is no workspace. */
export interface Overwrite {
  putBack?: boolean | undefined;
  startOver?: boolean | undefined;
}

interface Subject {
  repository: Repository;
  record: WorkspaceRecord;
  state: RepositoryState | null;
  tip: Oid | null;
  /** Commits of ours on the intermediate branch that its target never took. */
  own: ReadonlySet<Oid>;
}

export function questionOf(
  session: RepositorySession,
  { repository, record, state, tip, own }: Subject,
): SituationQuestion {
  const directory = homeOf(repository, record.slug, state);
  const intermediate = session.ref(`refs/heads/${intermediateBranch(record.slug, repository.branch)}`);
  const isOwn = intermediate !== null && own.has(intermediate);
  return { repository, record, state, tip, directory, intermediate: isOwn ? null : intermediate };
}

/** What a push goes on from, by what is recorded, what the remote holds, and what was asked for. */
export async function meet(
  ports: Pick<Ports, "workspaces" | "actor">,
  session: RepositorySession,
  subject: Subject & { isNewBranch: boolean },
  { putBack, startOver }: Overwrite,
): Promise<Pick<Subject, "state" | "own">> {
  const question = questionOf(session, subject);
  const { tip } = question;
  const overwrites = startOver === true || (putBack === true && (await isGone(ports, session, question)));
  const { state } = subject;
  if (!overwrites) {
    const known = subject.isNewBranch ? null : await knownState(ports, session, question);
    // Where the branch is made anew, what we left beside the old one is ours all the same.
    const left = known === null ? [state?.intermediate, state?.commit] : [];
    return {
      state: known,
      own: new Set([...subject.own, ...left.filter((oid) => oid !== null && oid !== undefined)]),
    };
  }
  const ref = `refs/heads/${intermediateBranch(subject.record.slug, subject.repository.branch)}`;
  const intermediate = session.ref(ref);
  return {
    state: tip === null ? null : await overwritingState(ports, session, { ...question, tip }, intermediate),
    own: intermediate === null ? subject.own : new Set([...subject.own, intermediate]),
  };
}

async function isGone(
  ports: Pick<Ports, "workspaces">,
  session: RepositorySession,
  question: SituationQuestion,
): Promise<boolean> {
  const situation = await situationOf(ports, session, question);
  return situation?.ways.includes("putBack") === true;
}
