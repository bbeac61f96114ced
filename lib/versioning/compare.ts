import { AppError } from "@/lib/domain/error";
import { MANIFEST_PATH } from "@/lib/domain/path";
import type { Situation } from "@/lib/domain/wire/situation";
import type { FileChange } from "@/lib/domain/wire/api";
import { intermediateBranch } from "@/lib/domain/repository";
import type { Repository } from "@/lib/domain/repository";
import type { Oid, SyncStatus } from "@/lib/domain/workspace";
import { describeChanges, entriesIfKnown, readSnapshot } from "./contents";
import type { Snapshot } from "./contents";
import { ownBranch } from "./folders/branch";
import { locate, otherWorkspace } from "./folders/locate";
import { knownState, questionOf, situationOf } from "./meeting";
import type { PathConflict, Ports, RepositorySession, RepositoryState } from "./ports";
import { mergeTarget } from "./pull/merge/merge-target";
import { refsOfAttempts, settleLate } from "./push/late";

export interface Comparison {
  /** Edits here since the last synchronisation. */
  changes: FileChange[];
  /** Edits there since then. */
  updates: FileChange[];
  conflicts: PathConflict[];
  /** Commits there that touch this workspace; null where that cannot be counted. */
  behind: number | null;
  status: SyncStatus;
  /** A pull met the conflict already and its lock stands; else it is what a pull would meet. */
  held: boolean;
  /** Tip of the target branch; null: the branch does not exist yet. */
  commit: Oid | null;
  state: RepositoryState | null;
  /** What keeps a push or a pull from going on by itself; null: nothing does. */
  situation: Situation | null;
  /** Of a directory on disk that is a git checkout: its commit, author and message in a sentence. */
  origin: string | null;
}

/** Looks at the remote and tells how the workspace stands against it; a push of ours that arrived late is recorded. */
export function compare(
  ports: Ports,
  input: { workspaceId: string; repository: Repository },
): Promise<Comparison> {
  return looking(ports, input, async (session, subject) => {
    const { repository, snapshot } = subject;
    const found = await compareIn(ports, session, subject);
    const asked = {
      repository,
      record: snapshot.record,
      state: subject.recorded,
      tip: found.commit,
      own: new Set<Oid>(),
    };
    const situation = await situationOf(ports, session, questionOf(session, asked));
    // Before a first push there is nothing that anybody has to decide.
    return {
      ...found,
      situation: situation?.ways.join() === "push" ? null : situation,
      origin: session.origin,
    };
  });
}

/** A conflicting file as both sides started from it, as it is here, and as it is there; null where it is not. */
export function conflictSides(
  ports: Ports,
  input: { workspaceId: string; repository: Repository; path: string },
): Promise<Record<"base" | "ours" | "theirs", Uint8Array | null>> {
  return looking(ports, input, async (session, subject) => {
    const { conflicts } = await compareIn(ports, session, subject);
    const conflict = conflicts.find(({ path }) => path === input.path);
    if (!conflict)
      throw new AppError("NotFound", `${input.path} is no longer in conflict. Check for updates, then pull.`);
    const { base, ours, theirs } = conflict;
    const blobs = await session.blobs([...new Set([base, ours, theirs].filter((oid) => oid !== null))]);
    const bytesOf = (oid: Oid | null) => (oid && blobs.get(oid)) ?? null;
    return { base: bytesOf(base), ours: bytesOf(ours), theirs: bytesOf(theirs) };
  });
}

async function looking<T>(
  ports: Ports,
  input: { workspaceId: string; repository: Repository },
  look: (session: RepositorySession, subject: Subject) => Promise<T>,
): Promise<T> {
  const { repository } = input;
  const snapshot = await readSnapshot(ports, input.workspaceId);
  const ids = [input.workspaceId];
  const before = await ports.workspaces.states(repository.id, ids);
  const attempts = await ports.journal.unconfirmed(repository.id, ids);
  const lock = (await ports.locks.current([input.workspaceId])).get(input.workspaceId);
  const held = lock?.kind === "merge_conflict" && lock.repositoryId === repository.id;
  const session = await ports.repositories.open(repository, {
    objects: ports.workspaces,
    signal: ports.signal,
    refs: [
      `refs/heads/${repository.branch}`,
      `refs/heads/${intermediateBranch(snapshot.record.slug, repository.branch)}`,
      ...refsOfAttempts(attempts),
    ],
  });
  try {
    const { states } = await settleLate(ports, session, { attempts, ids, states: before });
    const recorded = states.get(input.workspaceId) ?? null;
    const { record } = snapshot;
    const tip = session.ref(`refs/heads/${repository.branch}`);
    const question = questionOf(session, { repository, record, state: recorded, tip, own: new Set() });
    const state = tip === null ? recorded : await knownState(ports, session, question);
    return await look(session, { held, repository, snapshot, state, recorded });
  } finally {
    await session.close();
  }
}

interface Subject {
  held: boolean;
  repository: Repository;
  snapshot: Snapshot;
  state: RepositoryState | null;
  /** What is recorded under this repository's id. */
  recorded: RepositoryState | null;
}

async function compareIn(
  ports: Ports,
  session: RepositorySession,
  subject: Subject,
): Promise<Omit<Comparison, "situation" | "origin">> {
  const { held, repository, snapshot, state } = subject;
  const commit = session.ref(`refs/heads/${repository.branch}`);
  const wanted = { repository, record: snapshot.record, state };
  const located = commit === null ? null : await locate(ports, session, wanted, commit);
  if (located?.kind === "other") throw await otherWorkspace(ports, wanted, located);
  const base = state ? ((await entriesIfKnown(session, state.workspaceTree)) ?? []) : [];
  const changes = describeChanges(base, snapshot.files);
  if (commit === null || located?.kind !== "own")
    return { changes, updates: [], conflicts: [], behind: 0, status: "dirty", held, commit, state };

  const { directory, subtree } = located;
  const then = state ? ((await entriesIfKnown(session, state.remoteSubtree)) ?? []) : [];
  const updates =
    subtree === state?.remoteSubtree ? [] : describeChanges(then, await session.entries(subtree));
  const moved = subtree !== (state?.remoteSubtree ?? null);
  const behind = moved
    ? await session.countCommits({ since: state?.commit ?? null, until: commit, directory })
    : 0;
  const conflicts =
    moved && changes.length > 0 ? await conflictsOf(ports, session, subject, directory, commit) : [];
  return {
    changes,
    updates,
    conflicts,
    behind,
    status: statusOf({ changes, moved, conflicts, held }),
    held,
    commit,
    state,
  };
}

async function conflictsOf(
  ports: Ports,
  session: RepositorySession,
  { repository, snapshot, state }: Subject,
  directory: string,
  target: Oid,
): Promise<PathConflict[]> {
  const ref = `refs/heads/${intermediateBranch(snapshot.record.slug, repository.branch)}`;
  const wanted = { repository, record: snapshot.record, state, directory, tip: target };
  const branch = await ownBranch(ports, session, wanted, session.ref(ref));
  const merge = await mergeTarget(session, {
    repository,
    snapshot,
    state,
    directory,
    target,
    intermediate: repository.mode === "read-write" ? branch.tip : null,
    superseded: null,
    usesBranch: repository.mode === "read-write",
    conflictStands: false,
    author: { name: ports.actor.name, email: ports.actor.email },
    date: ports.clock(),
    trailer: "",
  });
  return merge.kind === "conflict" ? merge.conflicts : [];
}

function statusOf(facts: {
  changes: FileChange[];
  moved: boolean;
  conflicts: PathConflict[];
  held: boolean;
}): SyncStatus {
  if (facts.conflicts.length > 0 || facts.held) return "conflict";
  if (facts.moved) return facts.changes.length > 0 ? "diverged" : "behind";
  return facts.changes.length > 0 ? "dirty" : "synced";
}

/** The text of one changed file on both sides: here and at the last synchronisation, or there. */
export async function compareFile(
  ports: Ports,
  input: { workspaceId: string; repository: Repository; path: string; side: "changes" | "updates" },
): Promise<{ before: Uint8Array | null; after: Uint8Array | null }> {
  const { repository, path } = input;
  if (path === MANIFEST_PATH)
    throw new AppError("NotFound", `${path} is generated and has no history of its own.`);
  const snapshot = await readSnapshot(ports, input.workspaceId);
  const state = (await ports.workspaces.states(repository.id, [input.workspaceId])).get(input.workspaceId);
  const session = await ports.repositories.open(repository, {
    objects: ports.workspaces,
    signal: ports.signal,
    refs: [`refs/heads/${repository.branch}`],
  });
  try {
    const find = async (tree: Oid | null | undefined) =>
      tree
        ? ((await entriesIfKnown(session, tree)) ?? []).find((entry) => entry.path === path)?.oid
        : undefined;
    const commit = session.ref(`refs/heads/${repository.branch}`);
    const wanted = { repository, record: snapshot.record, state: state ?? null };
    const located = commit === null ? null : await locate(ports, session, wanted, commit);
    const [before, after] =
      input.side === "changes"
        ? [await find(state?.workspaceTree), snapshot.files.find((file) => file.path === path)?.oid]
        : [await find(state?.remoteSubtree), await find(located?.kind === "own" ? located.subtree : null)];
    const oids = [before, after].filter((oid) => oid !== undefined);
    const blobs = await session.blobs([...new Set(oids)]);
    return { before: (before && blobs.get(before)) ?? null, after: (after && blobs.get(after)) ?? null };
  } finally {
    await session.close();
  }
}
