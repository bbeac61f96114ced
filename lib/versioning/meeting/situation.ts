import { findPart } from "@/lib/archive/contents";
import { AppError } from "@/lib/domain/error";
import { waysInWords, type Situation, type Way } from "@/lib/domain/wire/situation";
import { intermediateBranch } from "@/lib/domain/repository";
import type { Repository } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import { locate } from "../folders/locate";
import type { Ports, RepositorySession } from "../ports";
import { isIn, type Meeting } from "./common-ground";

export interface SituationQuestion extends Meeting {
  /** Tip of the intermediate branch, unless it is a commit of ours that the target branch never took. */
  intermediate: Oid | null;
}

function mayPush({ mode, type }: Repository): boolean {
  return mode !== "read-only" && type === "git";
}

/** The ways that the repository's mode allows. */
function allowed(repository: Repository, ways: readonly Way[]): Way[] {
  return ways.filter((way) => {
    if (way === "push" || way === "putBack" || way === "startOver") return mayPush(repository);
    if (way === "pull" || way === "discard") return repository.mode !== "write-only";
    return true;
  });
}

/** What keeps a push or a pull from going on by itself; null: nothing of that kind. */
export async function situationOf(
  ports: Pick<Ports, "workspaces">,
  session: RepositorySession,
  question: SituationQuestion,
): Promise<Situation | null> {
  const { repository, state, tip } = question;
  const { branch, name } = repository;
  const ways = (...all: Way[]) => allowed(repository, state ? all : all.filter((way) => way !== "detach"));
  const strange = await strangeBranch(session, question);
  if (tip === null) {
    if (strange) return { ...strange, ways: ways("startOver", "detach") };
    const message = state
      ? `The repository ${name} has no branch ${branch} any more.`
      : `The repository ${name} has no branch ${branch} yet.`;
    return { kind: "branchMissing", message, ways: ways("push", "detach") };
  }
  const located = await locate(ports, session, question, tip);
  // Says for itself whose it is.
  if (located.kind === "other") return null;
  const directory = located.kind === "own" ? located.directory : (state?.directory ?? located.directory);
  const where = directory === "" ? "The repository" : `The folder ${directory}`;
  const held = located.kind === "own" ? located.subtree : null;
  if (held === null) {
    if (strange) return { ...strange, ways: ways("startOver", "detach") };
    const onBranch = `on branch ${branch} of ${name}`;
    if (!state) {
      return { kind: "folderMissing", message: `${where} is not ${onBranch} yet.`, ways: ways("push") };
    }
    const isDeleted = await isIn(session, state.commit, tip);
    return {
      kind: "folderMissing",
      message: isDeleted
        ? `${where} is not ${onBranch} any more: somebody deleted or moved it in git.`
        : `${where} is not ${onBranch}, whose history does not hold the last synchronisation.`,
      ways: ways("putBack", "detach"),
    };
  }
  const paths = (await session.entries(held)).map(({ path }) => path);
  if (findPart(paths, "index") === undefined)
    return {
      kind: "indexMissing",
      message: `${where} on branch ${branch} of ${name} has no index.yml, so it is not a workspace.`,
      ways: ways("putBack", "detach"),
    };
  if (strange) return { ...strange, ways: ways("pull", "discard", "startOver", "detach") };
  if (state && held !== state.remoteSubtree && !(await isIn(session, state.commit, tip)))
    return {
      kind: "otherHistory",
      message: `Branch ${branch} of ${name} does not hold the last synchronisation: its history was replaced, or it is another branch or repository.`,
      ways: ways("pull", "discard", "startOver", "detach"),
    };
  return null;
}

async function strangeBranch(
  session: RepositorySession,
  { repository, record, state, tip, intermediate }: SituationQuestion,
): Promise<Pick<Situation, "kind" | "message"> | null> {
  if (intermediate === null || intermediate === state?.intermediate || intermediate === state?.commit)
    return null;
  if (tip !== null && (await session.isAncestor(intermediate, tip))) return null;
  const branch = intermediateBranch(record.slug, repository.branch);
  return {
    kind: "strangeBranch",
    message: `The branch ${branch} of ${repository.name} contains commits that were neither made nor pulled here.`,
  };
}

/** What a refusal can lead to besides what its situation says. */
const OTHERWISE: Partial<Record<string, Way[]>> = { RemoteAhead: ["pull", "discard", "startOver"] };

/** Errors that leave somebody without a next step unless it is named. */
const EXPLAINED = new Set(["RemoteAhead", "UnreadableContent", "NotFound"]);

/**
 * Runs a push or a pull; a refusal says what the situation is and which ways lead on, in `details.situation` and
 * `details.ways` as well.
 */
export async function explaining<T>(
  ports: Pick<Ports, "workspaces">,
  session: RepositorySession,
  question: SituationQuestion,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || !EXPLAINED.has(error.code) || error.details?.ways) throw error;
    const situation = await situationOf(ports, session, question);
    const ways = situation?.ways ?? allowed(question.repository, OTHERWISE[error.code] ?? []);
    if (ways.length === 0) throw error;
    const said = situation?.message ?? error.message;
    throw new AppError(
      error.code,
      `${said}${waysInWords(ways)}`,
      { ...error.details, ...(situation ? { situation: situation.kind } : {}), ways },
      { cause: error },
    );
  }
}
