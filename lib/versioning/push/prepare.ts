import type { ManifestFacts } from "@/lib/archive/manifest";
import { AppError, invariant } from "@/lib/domain/error";
import { MANIFEST_PATH } from "@/lib/domain/path";
import { intermediateBranch } from "@/lib/domain/repository";
import type { Repository } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import { changesBetween, entriesIfKnown, instead } from "../contents";
import type { Snapshot } from "../contents";
import { explaining, meet, questionOf, type Overwrite } from "../meeting";
import type {
  MergeOutcome,
  PathConflict,
  ObjectSource,
  Ports,
  RepositorySession,
  RepositoryState,
  TreeChanges,
} from "../ports";
import { clashingTwins } from "../pull/checks/twins";
import { ownBranch } from "../folders/branch";
import { signatureOf } from "../folders/claim";
import { placeOf, type Place } from "../folders/place";
import { lineageOf } from "./lineage";
import { checksummedBlobs, manifestText } from "./manifest";
import { refuseWhenAhead } from "./up-to-date";

export interface PushVersion {
  name: string;
  description: string | undefined;
}

export interface PrepareInput {
  repository: Repository;
  /** The platform's objects. */
  objects: ObjectSource;
  snapshot: Snapshot;
  state: RepositoryState | null;
  /** What the manifest says; null in a repository of one workspace, which has none. */
  manifest: { facts: ManifestFacts; key: string } | null;
  version: PushVersion;
  /** Commit even when nothing changed, so that the manifest carries the new version's name. */
  force: boolean;
  /** Tip on which the commit goes: the target branch, or the commit of the workspace before in a bulk push. */
  tip: Oid | null;
  /** Commits of ours that an intermediate branch has and its target has not. */
  own: ReadonlySet<Oid>;
  /** What may be written over although it was never pulled. */
  overwrite: Overwrite;
  /** The target branch is made by this operation; what was in common with an earlier one of that name is gone. */
  isNewBranch: boolean;
}

export interface PreparedCommit {
  directory: string;
  intermediateRef: string;
  /** Tip of the intermediate branch on the remote before the push. */
  expectedIntermediate: Oid | null;
  intermediate: Oid | null;
  /** The new tip of the target branch. */
  target: Oid;
  /** False when the remote holds this content already and no commit was made. */
  committed: boolean;
  subtree: Oid | null;
  changes: TreeChanges;
  before: ReadonlyMap<string, Oid>;
}

function commitMessage(ports: Ports, slug: string, version: PushVersion): string {
  const body = version.description?.trim();
  return `${slug}: version ${version.name}\n\n${body ? `${body}\n\n` : ""}Operation-Id: ${ports.journal.operationId}\n`;
}

/** What every commit of this operation carries; fixed when it was accepted, so that a repeat makes the same commit. */
function commitFrame(ports: Ports, slug: string, version: PushVersion) {
  return {
    author: { name: ports.actor.name, email: ports.actor.email },
    date: ports.journal.acceptedAt,
    message: commitMessage(ports, slug, version),
  };
}

async function withManifest(
  ports: Ports,
  session: RepositorySession,
  input: PrepareInput,
  changes: TreeChanges,
): Promise<TreeChanges> {
  if (!input.manifest) return changes;
  const objects = await input.objects.readObjects([...new Set(checksummedBlobs(input.snapshot))]);
  const text = manifestText(
    input.snapshot,
    await signatureOf(ports, input.snapshot.record, input.state),
    input.manifest.facts,
    { name: input.version.name, exportedAt: ports.journal.acceptedAt },
    objects,
  );
  const oid = session.putBlob(Buffer.from(text, "utf8"));
  return new Map([...changes, [MANIFEST_PATH, { mode: "100644", oid }]]);
}

/**
 * Makes the commits that bring a workspace's content to the tip, in memory.
 * Throws RemoteAhead when the remote holds what was not pulled and may not be written over, with the ways that lead on;
 * MergeConflict when a write-only repository holds edits that clash.
 */
export function preparePush(
  ports: Ports,
  session: RepositorySession,
  input: PrepareInput,
): Promise<PreparedCommit> {
  const subject = { ...input, record: input.snapshot.record };
  return explaining(ports, session, questionOf(session, subject), async () =>
    prepareFrom(ports, session, {
      ...input,
      ...(await meet(ports, session, subject, input.overwrite)),
    }),
  );
}

async function prepareFrom(
  ports: Ports,
  session: RepositorySession,
  input: PrepareInput,
): Promise<PreparedCommit> {
  const { repository, snapshot, tip } = input;
  const { record } = snapshot;
  const place = await placeOf(ports, session, { ...input, record });
  const { directory } = place;
  const intermediateRef = `refs/heads/${intermediateBranch(record.slug, repository.branch)}`;
  const branch = await ownBranch(
    ports,
    session,
    { ...input, record, directory },
    session.ref(intermediateRef),
  );
  const { tip: intermediate } = branch;
  const remote = await refuseWhenAhead(session, { ...input, ...place, intermediate });
  const state = input.state ?? remote.adopted;

  const base = state ? await entriesIfKnown(session, state.workspaceTree) : [];
  if (base === null) {
    throw new AppError(
      "RemoteAhead",
      `What this workspace and ${repository.branch} had in common is not stored any more. Pull, then push.`,
      { behind: null },
    );
  }
  const changes = changesBetween(base, snapshot.files);
  const before = new Map(base.map((entry) => [entry.path, entry.oid]));
  const found = {
    directory,
    intermediateRef,
    expectedIntermediate: session.ref(intermediateRef),
    changes,
    before,
  };
  const unchanged =
    state !== null &&
    changes.size === 0 &&
    place.previous === directory &&
    (input.manifest === null || input.manifest.key === state.manifestKey);
  if (unchanged && !input.force && tip !== null && !remote.moved)
    return { ...found, intermediate, target: tip, committed: false, subtree: state.remoteSubtree };

  const subtree = await session.editTree(
    state?.remoteSubtree ?? null,
    await instead(session, state?.remoteSubtree ?? null, await withManifest(ports, session, input, changes)),
  );
  const frame = commitFrame(ports, record.slug, input.version);
  const lineage = state
    ? await lineageOf(session, state, intermediate)
    : { base: tip, extra: await unmergedOwn(session, input, intermediate) };
  lineage.extra ??= branch.superseded;

  if (
    !remote.moved &&
    (await isContained(session, lineage.base === intermediate ? intermediate : null, tip))
  ) {
    // The intermediate branch is contained in the target, or superseded: one commit on top of the target serves both.
    const parents = [tip, lineage.extra].filter((parent) => parent !== null);
    const commit = await session.putCommit({
      onto: tip,
      directory,
      subtree,
      parents,
      ...frame,
      others: place.others,
    });
    return { ...found, intermediate: commit, target: commit, committed: true, subtree };
  }
  return { ...found, ...(await commitAndMerge(session, { input, lineage, place, subtree, frame })) };
}

/** A commit of ours that the target never took: the next one has it as a parent, so that nothing is forced. */
async function unmergedOwn(
  session: RepositorySession,
  { own, tip }: PrepareInput,
  intermediate: Oid | null,
): Promise<Oid | null> {
  if (intermediate === null || !own.has(intermediate)) return null;
  return (await isContained(session, intermediate, tip)) ? null : intermediate;
}

/** Whether the target branch holds all of what the next commit has to build on (null: nothing). */
async function isContained(
  session: RepositorySession,
  intermediate: Oid | null,
  tip: Oid | null,
): Promise<boolean> {
  if (intermediate === null || intermediate === tip) return true;
  return tip !== null && session.isAncestor(intermediate, tip);
}

/** Commits on the intermediate branch and merges it into the target, as two lines of history that meet. */
async function commitAndMerge(
  session: RepositorySession,
  {
    input,
    lineage,
    place: { directory, others },
    subtree,
    frame,
  }: {
    input: PrepareInput;
    lineage: { base: Oid | null; extra: Oid | null };
    place: Place;
    subtree: Oid | null;
    frame: ReturnType<typeof commitFrame>;
  },
): Promise<Pick<PreparedCommit, "intermediate" | "target" | "committed" | "subtree">> {
  const { tip } = input;
  invariant(tip !== null, "a merge needs a target branch");
  // In a write-only repository that was never synchronised the workspace's history starts apart.
  const base = input.state ? lineage.base : null;
  const held = base ? await session.subtree(base, directory) : null;
  const ours =
    base !== null && held === subtree && !input.force
      ? base
      : await session.putCommit({
          onto: base,
          directory,
          others,
          subtree,
          parents: [base, lineage.extra].filter((parent) => parent !== null),
          ...frame,
        });
  const theirs = await session.subtree(tip, directory);
  // Where history was rewritten around the same content, there is no common commit to tell that only we changed it.
  const outcome: MergeOutcome =
    input.state !== null && theirs === input.state.remoteSubtree
      ? { kind: "merged", subtree }
      : await session.mergeDirectory({ ours, theirs: tip, directory, generated: [MANIFEST_PATH] });
  const conflicts =
    outcome.kind === "conflict" ? outcome.conflicts : await twinsIn(session, input, outcome.subtree, theirs);
  if (outcome.kind === "conflict" || conflicts.length > 0) throw clash(input, conflicts);
  const target = await session.putCommit({
    onto: tip,
    directory,
    others,
    subtree: outcome.subtree,
    parents: [tip, ours],
    ...frame,
  });
  return { intermediate: ours, target, committed: true, subtree: outcome.subtree };
}

/** Names of both sides that git merges side by side, and that no workspace can hold so. */
async function twinsIn(
  session: RepositorySession,
  { snapshot: { files } }: PrepareInput,
  merged: Oid | null,
  theirs: Oid | null,
): Promise<PathConflict[]> {
  const here = new Set(files.map(({ path }) => path));
  return clashingTwins(await session.entries(merged), await session.entries(theirs), (path) =>
    here.has(path),
  );
}

function clash({ repository, snapshot }: PrepareInput, conflicts: readonly PathConflict[]): AppError {
  return new AppError(
    "MergeConflict",
    `Others pushed changes to ${repository.branch} that conflict with yours in ${conflicts.map(({ path }) => path).join(", ")}. Resolve them there with a git client, then push again.`,
    {
      targetBranch: repository.branch,
      intermediateBranch: intermediateBranch(snapshot.record.slug, repository.branch),
      files: conflicts.map(({ path, kind }) => ({ path, kind })),
    },
  );
}
