import { MANIFEST_PATH } from "@/lib/domain/path";
import type { Oid } from "@/lib/domain/workspace";
import { changesBetween, entriesIfKnown, instead } from "../../contents";
import type { PathConflict, RepositorySession, RepositoryState } from "../../ports";
import { lineageOf, type Lineage } from "../../push/lineage";
import { earlierConflict } from "./earlier-conflict";
import type { MergeInput } from "./merge-input";

export type TargetMerge =
  | {
      kind: "merged";
      subtree: Oid | null;
      /** What the intermediate branch should point at; equal to its tip when nothing is to be sent. */
      tip: Oid | null;
      /** The commit that holds the platform's state, where the two were merged. */
      ours?: { tip: Oid; subtree: Oid | null; sendable: boolean };
      /** A person settled a conflict in a way that leaves this side out of git's history. */
      isSnapshotDue?: boolean;
    }
  | {
      kind: "conflict";
      conflicts: PathConflict[];
      /** The commit that holds the platform's state. */
      saved: Oid;
      /** False when the branch moved in a way that the saved state cannot be added to. */
      sendable: boolean;
      savedSubtree: Oid | null;
    };

interface KnownInput extends MergeInput {
  /** The commit that held this side of an earlier conflict. */
  ours: Oid | null;
  /** The intermediate branch is a person's resolution of it. */
  resolved: boolean;
}

interface Side {
  /** The commit that stands for the platform, null while nothing was ever synchronised or saved. */
  tip: Oid;
  saved: boolean;
  /** A superseded tip of the branch that still has to become a parent. */
  extra: Oid | null;
  conflict?: PathConflict[];
}

async function sameContent(session: RepositorySession, a: Oid | null, b: Oid | null): Promise<boolean> {
  if (a === b) return true;
  const bare = new Map([[MANIFEST_PATH, null]]);
  const [left, right] = [await session.editTree(a, bare), await session.editTree(b, bare)];
  return left === right;
}

/** The platform's state as a tree of the repository: what was there, with the edits made here. */
async function platformSubtree(
  session: RepositorySession,
  { snapshot, state }: MergeInput,
): Promise<Oid | null> {
  const base = state ? await session.entries(state.workspaceTree) : [];
  const there = state?.remoteSubtree ?? null;
  return session.editTree(there, await instead(session, there, changesBetween(base, snapshot.files)));
}

async function movedByOthers(
  session: RepositorySession,
  { state, intermediate, ours }: KnownInput,
): Promise<boolean> {
  if (intermediate === null || !state) return intermediate !== null;
  if (ours !== null && (await session.isAncestor(intermediate, ours))) return false;
  if (intermediate === state.intermediate || intermediate === state.commit) return false;
  return !(await session.isAncestor(intermediate, state.commit));
}

async function knownTip(session: RepositorySession, input: KnownInput, moved: boolean): Promise<Oid | null> {
  if (input.ours !== null) return input.ours;
  if (!moved) return input.intermediate;
  const seen = input.state?.intermediate ?? null;
  // After somebody rewrote the branch, what we saw there may be gone from the repository.
  return seen !== null && (await session.findCommit(seen)) ? seen : null;
}

async function buildsOn(
  session: RepositorySession,
  input: KnownInput,
  moved: boolean,
): Promise<Lineage | null> {
  const known = await knownTip(session, input, moved);
  if (input.state) return lineageOf(session, input.state, known);
  return input.ours === null ? null : { base: input.ours, extra: null };
}

/** Commits the platform's state on the intermediate branch where it is not there yet. */
async function saveState(session: RepositorySession, input: KnownInput): Promise<Side> {
  const { state, directory, snapshot, repository } = input;
  const moved = await movedByOthers(session, input);
  const subtree = await platformSubtree(session, input);
  const frame = { directory: state?.directory ?? directory, subtree, author: input.author, date: input.date };
  const message = `${snapshot.record.slug}: save before pulling ${repository.branch}\n\n${input.trailer}`;
  const lineage = await buildsOn(session, input, moved);
  let side: Side;
  if (lineage) {
    lineage.extra ??= input.superseded;
    const held = await session.subtree(lineage.base, frame.directory);
    if (await sameContent(session, held, subtree))
      side = { tip: lineage.base, saved: false, extra: lineage.extra };
    else {
      const parents = [lineage.base, lineage.extra].filter((parent) => parent !== null);
      const tip = await session.putCommit({ onto: lineage.base, parents, message, ...frame });
      side = { tip, saved: true, extra: null };
    }
  } else {
    const tip = await session.putCommit({ onto: null, parents: [], message, ...frame });
    side = { tip, saved: true, extra: null };
  }
  return moved && input.intermediate ? joinOthers(session, input, side, input.intermediate) : side;
}

/** Merges what somebody else put on the intermediate branch; it is never overwritten. */
async function joinOthers(
  session: RepositorySession,
  input: MergeInput,
  side: Side,
  others: Oid,
): Promise<Side> {
  if (await session.isAncestor(side.tip, others)) return { tip: others, saved: false, extra: side.extra };
  if (await session.isAncestor(others, side.tip)) return side;
  const directory = input.state?.directory ?? input.directory;
  const merge = await session.mergeDirectory({
    ours: side.tip,
    theirs: others,
    directory,
    generated: [MANIFEST_PATH],
  });
  if (merge.kind === "conflict") return { ...side, conflict: merge.conflicts };
  const tip = await session.putCommit({
    onto: others,
    directory,
    subtree: merge.subtree,
    parents: [side.tip, others],
    author: input.author,
    date: input.date,
    message: `${input.snapshot.record.slug}: join the intermediate branch\n\n${input.trailer}`,
  });
  return { tip, saved: true, extra: null };
}

async function sideOf(session: RepositorySession, input: KnownInput): Promise<Side> {
  const { intermediate, state, directory, target, snapshot, ours } = input;
  if (input.resolved && intermediate) return { tip: intermediate, saved: false, extra: null };
  if (!state && ours === null) {
    // A first pull of exactly what is here already needs no history of its own.
    const entries = await session.entries(await session.subtree(target, directory));
    const same = changesBetween(
      entries.filter(({ path }) => path !== MANIFEST_PATH),
      snapshot.files,
    );
    if (same.size === 0) return { tip: target, saved: false, extra: input.superseded };
    const side = await saveState(session, input);
    return { ...side, extra: side.extra ?? input.superseded };
  }
  return saveState(session, input);
}

/** After a rewritten history the last meeting point may be gone; then the two sides merge from nothing. */
async function isKnown(session: RepositorySession, state: RepositoryState | null): Promise<boolean> {
  if (state === null || (await session.findCommit(state.commit)) === null) return false;
  return (await entriesIfKnown(session, state.workspaceTree)) !== null;
}

/**
 * Saves the platform's state on the intermediate branch and merges the target branch into it, in memory.
 * A conflict is a value: nothing was imported, and `saved` is the commit that a person can resolve from.
 */
export async function mergeTarget(session: RepositorySession, request: MergeInput): Promise<TargetMerge> {
  const isSameHistory = await isKnown(session, request.state);
  const conflict = await earlierConflict(session, request, request.state);
  const input: KnownInput = {
    ...request,
    state: isSameHistory ? request.state : null,
    target: conflict?.theirs ?? request.target,
    ours: conflict?.ours ?? null,
    resolved: await isResolvedOnBranch(session, request),
  };
  const merged = await mergeSides(session, input);
  const isSnapshotDue = input.resolved
    ? !(await holds(session, merged, conflict?.ours))
    : conflict?.isSnapshotDue === true;
  return merged.kind === "merged" && isSnapshotDue ? { ...merged, isSnapshotDue } : merged;
}

/** A branch that only went back to where it was before holds nobody's resolution. */
async function isResolvedOnBranch(
  session: RepositorySession,
  { conflictStands, usesBranch, intermediate, state }: MergeInput,
): Promise<boolean> {
  const tip = state?.conflictTip as Oid | null | undefined;
  if (!conflictStands || !usesBranch || intermediate === null || tip === intermediate) return false;
  return !tip || !(await session.findCommit(tip)) || !(await session.isAncestor(intermediate, tip));
}

async function holds(
  session: RepositorySession,
  merged: TargetMerge,
  ours: Oid | undefined,
): Promise<boolean> {
  if (merged.kind !== "merged" || merged.tip === null || ours === undefined) return true;
  return session.isAncestor(ours, merged.tip);
}

async function mergeSides(session: RepositorySession, input: KnownInput): Promise<TargetMerge> {
  const { target, directory, intermediate, snapshot, repository } = input;
  const side = await sideOf(session, input);
  // A folder that was moved since is merged as if it still lay where the two had it in common.
  const common = input.state?.directory ?? directory;
  const savedSubtree = await session.subtree(side.tip, common);
  if (side.conflict)
    return { kind: "conflict", conflicts: side.conflict, saved: side.tip, sendable: false, savedSubtree };
  const frame = { directory, author: input.author, date: input.date };
  const message = `Merge branch '${repository.branch}' into prismeai/${snapshot.record.slug}/${repository.branch}\n\n${input.trailer}`;

  if (side.tip === target || (await session.isAncestor(target, side.tip)))
    return {
      kind: "merged",
      subtree: savedSubtree,
      tip: side.saved || input.resolved ? side.tip : intermediate,
      ours: { tip: side.tip, subtree: savedSubtree, sendable: false },
    };
  const held = await session.subtree(target, directory);
  if (!side.saved && (await session.isAncestor(side.tip, target))) {
    // Nothing of ours is missing from the target: the branch just follows it, unless it brings nothing.
    if (held === savedSubtree) return { kind: "merged", subtree: held, tip: intermediate };
    const tip = side.extra
      ? await session.putCommit({
          onto: target,
          subtree: held,
          parents: [target, side.extra],
          message,
          ...frame,
        })
      : target;
    return { kind: "merged", subtree: held, tip };
  }
  const merge = await session.mergeDirectory({
    ours: side.tip,
    theirs:
      common === directory
        ? target
        : await session.putCommit({
            ...frame,
            onto: target,
            directory: common,
            subtree: held,
            parents: [target],
            message,
          }),
    directory: common,
    generated: [MANIFEST_PATH],
  });
  // Without a history in common what stands on the branch could only be forced away.
  const sendable = input.state !== null || input.superseded === null;
  if (merge.kind === "conflict") {
    return { kind: "conflict", conflicts: merge.conflicts, saved: side.tip, sendable, savedSubtree };
  }
  const parents = [side.tip, target, side.extra].filter((parent) => parent !== null);
  const tip = await session.putCommit({ onto: target, subtree: merge.subtree, parents, message, ...frame });
  const ours = { tip: side.tip, subtree: savedSubtree, sendable };
  return { kind: "merged", subtree: merge.subtree, tip, ours };
}
