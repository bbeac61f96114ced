import { MANIFEST_PATH } from "@/lib/domain/path";
import type { Oid } from "@/lib/domain/workspace";
import { changesBetween, entriesIfKnown } from "../../contents";
import type { RepositorySession, RepositoryState } from "../../ports";
import type { MergeInput } from "./merge-input";

/** Commits read to see whether one of them names the state that was in conflict. */
const COMMITS_READ = 500;

/** The conflict that a pull met earlier, as the next one finds it. */
export interface EarlierConflict {
  /** The commit that held this side. */
  ours: Oid;
  /**
   * What stands for the target branch now. Where it took `ours` in without having it as an ancestor, as after a squash
   * or a rebase, this is a commit that says so; null: nobody took it in.
   */
  theirs: Oid | null;
  /** Git itself does not show how the two sides were brought together, so this side is kept as a snapshot. */
  isSnapshotDue: boolean;
}

interface Sides {
  session: RepositorySession;
  input: MergeInput;
  state: RepositoryState;
  ours: Oid;
}

/** The commit that held this side; made anew where the remote has lost it together with the branch. */
async function oursOf(
  session: RepositorySession,
  input: MergeInput,
  state: RepositoryState,
): Promise<{ ours: Oid; isNamed: boolean } | null> {
  if (state.conflictTree === null) return null;
  if (state.conflictTip !== null && (await session.findCommit(state.conflictTip as Oid)))
    return { ours: state.conflictTip as Oid, isNamed: true };
  const known = (await session.findCommit(state.commit)) !== null;
  const base = known ? await entriesIfKnown(session, state.workspaceTree) : [];
  const then = await entriesIfKnown(session, state.conflictTree);
  if (base === null || then === null) return null;
  const ours = await session.putCommit({
    onto: known ? state.commit : null,
    parents: known ? [state.commit] : [],
    directory: state.directory,
    subtree: await session.editTree(known ? state.remoteSubtree : null, changesBetween(base, then)),
    author: input.author,
    date: input.date,
    message: `${input.snapshot.record.slug}: as it was at the conflict with ${input.repository.branch}\n\n${input.trailer}`,
  });
  return { ours, isNamed: false };
}

/** Looks up what became of the conflict that a pull of this workspace met earlier; null: there was none. */
export async function earlierConflict(
  session: RepositorySession,
  input: MergeInput,
  state: RepositoryState | null,
): Promise<EarlierConflict | null> {
  if (!state) return null;
  const found = await oursOf(session, input, state);
  if (!found) return null;
  const { ours } = found;
  if (await session.isAncestor(ours, input.target))
    return { ours, theirs: input.target, isSnapshotDue: false };
  const sides: Sides = { session, input, state, ours };
  if (!(found.isNamed && (await isNamedIn(sides))) && !(await isTakenIn(sides)))
    return { ours, theirs: null, isSnapshotDue: false };
  const theirs = await session.putCommit({
    onto: input.target,
    directory: input.directory,
    subtree: await session.subtree(input.target, input.directory),
    parents: [ours, input.target],
    author: input.author,
    date: input.date,
    message: `${input.snapshot.record.slug}: the conflict was settled on ${input.repository.branch}\n\n${input.trailer}`,
  });
  return { ours, theirs, isSnapshotDue: true };
}

/** Whether a commit of the target since then names ours, as git's squash, rebase and cherry-pick do. */
async function isNamedIn({ session, input, state, ours }: Sides): Promise<boolean> {
  const since = state.conflictTarget;
  if (since === null || !(await session.isAncestor(since, input.target))) return false;
  const operation = /^Operation-Id: \S+$/m.exec((await session.commit(ours)).message)?.[0];
  const seen = new Set<Oid>([since]);
  const open = [input.target];
  for (let oid = open.pop(); oid !== undefined && seen.size <= COMMITS_READ; oid = open.pop()) {
    if (seen.has(oid)) continue;
    seen.add(oid);
    const commit = await session.findCommit(oid);
    if (!commit) continue;
    if (commit.message.includes(ours)) return true;
    if (operation !== undefined && commit.message.includes(operation)) return true;
    open.push(...commit.parents);
  }
  return false;
}

/**
 * Whether the target's content shows that somebody merged ours into it: all that can be merged is there, and it came
 * since the conflict; or the branch is gone, and the very lines that clashed were written anew.
 */
async function isTakenIn({ session, input, state, ours }: Sides): Promise<boolean> {
  const { target, directory } = input;
  const since = state.conflictTarget;
  if (since === null || !(await session.findCommit(since))) return false;
  const merge = await mergeOf(session, directory, ours, target);
  // What git merges by itself needs nobody's hand.
  if (merge.kind === "merged") return false;
  const clashing = new Set(merge.conflicts.map(({ path }) => path));
  const [mine, then, now] = await Promise.all(
    [ours, since, target].map(async (commit) => filesAt(session, commit, directory)),
  );
  if (!mine || !then || !now) return false;

  const settled = await commitWith(session, input, ours, now, clashing);
  const rest = await mergeOf(session, directory, settled, target);
  if (rest.kind === "conflict" || !(await isSame(session, rest.subtree, target, directory))) return false;

  const base = new Map((await entriesIfKnown(session, state.remoteSubtree))?.map((e) => [e.path, e.oid]));
  const arrived = [...new Set([...mine.keys(), ...base.keys()])].some(
    (path) =>
      path !== MANIFEST_PATH &&
      !clashing.has(path) &&
      mine.get(path)?.oid !== base.get(path) &&
      mine.get(path)?.oid !== then.get(path)?.oid &&
      now.get(path)?.oid !== then.get(path)?.oid,
  );
  if (arrived) return true;
  const isGone = input.usesBranch && (input.intermediate === null || input.intermediate === target);
  if (!isGone) return false;
  const asOurs = await commitWith(session, input, since, mine, clashing);
  const written = await mergeOf(session, directory, asOurs, target);
  if (written.kind === "merged") return false;
  const anew = new Set(written.conflicts.map(({ path }) => path));
  return [...clashing].every((path) => anew.has(path));
}

function mergeOf(session: RepositorySession, directory: string, ours: Oid, theirs: Oid) {
  return session.mergeDirectory({ ours, theirs, directory, generated: [MANIFEST_PATH] });
}

type Files = Map<string, { mode: string; oid: Oid }>;

async function filesAt(session: RepositorySession, commit: Oid, directory: string): Promise<Files> {
  const entries = await session.entries(await session.subtree(commit, directory));
  return new Map(entries.map(({ path, mode, oid }) => [path, { mode, oid }]));
}

/** A commit on top of `onto` in which these paths are as in `files`; it is never sent. */
async function commitWith(
  session: RepositorySession,
  { directory, author, date }: MergeInput,
  onto: Oid,
  files: Files,
  paths: ReadonlySet<string>,
): Promise<Oid> {
  const held = await session.subtree(onto, directory);
  const there = await filesAt(session, onto, directory);
  const changes = [...paths].flatMap((path) => {
    const file = files.get(path) ?? null;
    return file || there.has(path) ? [[path, file] as const] : [];
  });
  const subtree = await session.editTree(held, new Map(changes));
  return session.putCommit({ onto, directory, subtree, parents: [onto], author, date, message: "compare\n" });
}

async function isSame(
  session: RepositorySession,
  subtree: Oid | null,
  commit: Oid,
  directory: string,
): Promise<boolean> {
  const bare = new Map([[MANIFEST_PATH, null]]);
  const held = await session.subtree(commit, directory);
  return (await session.editTree(subtree, bare)) === (await session.editTree(held, bare));
}
