import { headOf, keyOfManifest } from "@/lib/archive/manifest";
import { AppError } from "@/lib/domain/error";
import { MANIFEST_PATH } from "@/lib/domain/path";
import { intermediateBranch } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import type { RepositoryState, TreeEntry } from "../ports";
import { applyImport, snapshotBefore } from "./apply-import";
import type { PullOutcome } from "./apply-import";
import { ownBranch, type OwnBranch } from "../folders/branch";
import { knownState, type Meeting } from "../meeting";
import { BranchMoved, BranchRefused, type PullContext } from "./context";
import { mergeTarget } from "./merge/merge-target";
import type { TargetMerge } from "./merge/merge-target";
import type { MergeInput } from "./merge/merge-input";
import { clashingTwins } from "./checks/twins";
import { blobReader, planImport, treeAsImported } from "./plan-import";
import type { PlanInput } from "./plan-import";
import { readSource, rightsOf, viaOf } from "./source";
import type { Source } from "./source";

interface Found {
  state: RepositoryState | null;
  source: Source;
  intermediateRef: string;
  /** Tip of the intermediate branch as the remote has it. */
  intermediate: Oid | null;
  branch: OwnBranch;
}

async function look(context: PullContext, meeting: Meeting): Promise<Found> {
  const { ports, session, input, snapshot } = context;
  const { repository } = input;
  const target = session.ref(`refs/heads/${repository.branch}`);
  if (target === null) {
    throw new AppError(
      "NotFound",
      `The repository ${repository.name} has no branch ${repository.branch} yet. Push to create it, or check its name.`,
      { branch: repository.branch },
    );
  }
  const state = await knownState(ports, session, meeting);
  const intermediateRef = `refs/heads/${intermediateBranch(snapshot.record.slug, repository.branch)}`;
  const intermediate = session.ref(intermediateRef);
  const source = await readSource(context, target, state);
  const wanted = { repository, record: snapshot.record, state, directory: source.directory, tip: target };
  const branch = await ownBranch(ports, session, wanted, intermediate);
  // With another workspace's folder this one never met.
  return { state: source.taken ? null : state, source, intermediateRef, intermediate, branch };
}

/** From a repository that is not written to, the merge happens here and no branch takes part. */
function usesBranch({ input, isBranchRefused }: PullContext): boolean {
  return !isBranchRefused && input.repository.mode === "read-write" && input.repository.type === "git";
}

/** What is here gives way to what is there, instead of being merged with it. */
function replaces({ input }: PullContext, { source }: Found): boolean {
  return input.discardLocalChanges || source.taken;
}

async function merge(context: PullContext, found: Found): Promise<TargetMerge> {
  const { ports, session, input, snapshot } = context;
  const { state, source, branch } = found;
  if (replaces(context, found)) return { kind: "merged", subtree: source.subtree, tip: branch.tip };
  const conflictStands = input.lease.previousConflict?.repositoryId === input.repository.id;
  const mergeInput: MergeInput = {
    repository: input.repository,
    snapshot,
    state,
    directory: source.directory,
    target: source.commit,
    intermediate: usesBranch(context) ? branch.tip : null,
    superseded: usesBranch(context) ? branch.superseded : null,
    usesBranch: usesBranch(context),
    conflictStands,
    author: { name: ports.actor.name, email: ports.actor.email },
    date: ports.journal.acceptedAt,
    trailer: `Operation-Id: ${ports.journal.operationId}\n`,
  };
  return mergeTarget(session, mergeInput);
}

async function moveBranch({ ports, session }: PullContext, found: Found, next: Oid): Promise<void> {
  if (next === found.intermediate) return;
  await ports.journal.phase("saving", { ref: found.intermediateRef, expected: found.intermediate, next });
  const outcome = await session.push([{ ref: found.intermediateRef, expected: found.intermediate, next }]);
  if (outcome.kind === "accepted") return;
  if (outcome.stale) throw new BranchMoved();
  if (found.intermediate === null) throw new BranchRefused();
  throw new AppError(
    "RemoteRejected",
    `The remote refused the intermediate branch: ${[...outcome.reasons.values()].join("; ")}. Ask its administrator to allow branches below prismeai/.`,
    { reasons: Object.fromEntries(outcome.reasons) },
  );
}

async function stopAtConflict(
  context: PullContext,
  found: Found,
  conflict: Extract<TargetMerge, { kind: "conflict" }>,
): Promise<never> {
  const { ports, input, snapshot } = context;
  const sends = usesBranch(context) && conflict.sendable;
  if (sends) await moveBranch(context, found, conflict.saved);
  const intermediate = sends ? conflict.saved : (found.state?.intermediate ?? null);
  const base: RepositoryState | null =
    found.state ??
    (sends
      ? {
          workspaceId: snapshot.record.id,
          repositoryId: input.repository.id,
          directory: found.source.directory,
          slug: snapshot.record.slug,
          workspaceTree: snapshot.record.tree,
          remoteSubtree: conflict.savedSubtree,
          commit: conflict.saved,
          intermediate,
          version: null,
          manifestKey: null,
          manifest: null,
          conflictTip: null,
          conflictTarget: null,
          conflictTree: null,
          behind: null,
          status: "conflict",
          checkedAt: "",
        }
      : null);
  const conflictTip = sends ? conflict.saved : usesBranch(context) ? found.intermediate : null;
  await ports.workspaces.write([
    {
      workspaceId: snapshot.record.id,
      guard: { lease: input.lease },
      userId: ports.actor.userId,
      ...(base
        ? {
            state: {
              ...base,
              intermediate,
              conflictTip,
              conflictTarget: found.source.commit,
              conflictTree: sends || !usesBranch(context) ? snapshot.record.tree : null,
              status: "conflict",
              checkedAt: ports.clock().toISOString(),
            },
          }
        : {}),
      events: [],
    },
  ]);
  await ports.locks.restoreConflict(input.lease, { repositoryId: input.repository.id });
  const files = conflict.conflicts.map(({ path, kind }) => ({ path, kind }));
  const targetBranch = input.repository.branch;
  const branch = intermediateBranch(snapshot.record.slug, targetBranch);
  throw new AppError(
    "MergeConflict",
    usesBranch(context)
      ? `Edits here and on ${targetBranch} conflict in ${files.map(({ path }) => path).join(", ")}. Merge ${targetBranch} into ${branch} with a git client and pull again, or clear the lock and pull with local changes discarded.`
      : `Edits here and on ${targetBranch} conflict in ${files.map(({ path }) => path).join(", ")}. Clear the lock, then resolve them here or pull with local changes discarded.`,
    { targetBranch, intermediateBranch: branch, files },
  );
}

/** The merged files with the target's own manifest, which says what version this is. */
function withManifestOf(entries: readonly TreeEntry[], source: Source): TreeEntry[] {
  return [
    ...entries.filter(({ path }) => path !== MANIFEST_PATH),
    ...source.entries.filter(({ path }) => path === MANIFEST_PATH),
  ];
}

/** Saves, merges, and imports the tip of the target branch. Throws BranchMoved when it should be tried again. */
export async function pullLatest(context: PullContext, meeting: Meeting): Promise<PullOutcome> {
  const { ports, session, input, snapshot, steps } = context;
  const { record, files } = snapshot;
  const found = await look(context, meeting);
  const { source } = found;
  await steps.enter("pull:merge", `Merging ${input.repository.branch}`);
  const merged = await merge(context, found);
  if (merged.kind === "conflict") return stopAtConflict(context, found, merged);

  const entries = merged.subtree === source.subtree ? source.entries : await session.entries(merged.subtree);
  const here = new Set(files.map(({ path }) => path));
  const twins = clashingTwins(entries, source.entries, (path) => here.has(path));
  if (twins.length > 0) {
    const ours = merged.ours ?? { tip: source.commit, subtree: merged.subtree, sendable: false };
    return stopAtConflict(context, found, {
      kind: "conflict",
      conflicts: twins,
      saved: ours.tip,
      savedSubtree: ours.subtree,
      sendable: ours.sendable,
    });
  }
  const planInput: PlanInput = {
    limits: ports.limits,
    present: { record, files },
    source: withManifestOf(entries, source),
    described: source.entries,
    via: viaOf(input.repository),
    exclude: input.repository.exclude,
    rights: rightsOf(ports, record.id),
    readBlobs: blobReader(ports, (oids) => session.blobs(oids)),
  };
  // Planned before the branch moves: a merge that cannot be read is refused with nothing written anywhere.
  const plan = await planImport(planInput);
  if (usesBranch(context) && merged.tip) {
    await steps.enter("pull", `Updating the intermediate branch in ${input.repository.name}`);
    await moveBranch(context, found, merged.tip);
  }
  await steps.enter("pull:import", "Importing files");
  const synced =
    merged.subtree === source.subtree
      ? { tree: plan.contents.tree, objects: plan.contents.objects }
      : await treeAsImported({
          ...planInput,
          source: source.entries.filter(({ oid }) => !plan.leftOut.has(oid)),
        });
  const replaced = replaces(context, found) || merged.isSnapshotDue === true;
  return applyImport(ports, {
    lease: input.lease,
    repository: input.repository,
    snapshot,
    plan,
    versionName: source.versionName,
    synced: {
      ...synced,
      state: {
        workspaceId: record.id,
        repositoryId: input.repository.id,
        directory: source.directory,
        slug: record.slug,
        workspaceTree: synced.tree,
        remoteSubtree: source.subtree,
        commit: source.commit,
        intermediate: usesBranch(context) ? merged.tip : null,
        version: source.versionName,
        manifestKey: source.manifest ? keyOfManifest(source.manifest) : null,
        manifest: source.manifest && headOf(source.manifest),
        conflictTip: null,
        conflictTarget: null,
        conflictTree: null,
        behind: 0,
        status: "synced",
        checkedAt: ports.clock().toISOString(),
      },
    },
    saved:
      replaced && plan.contents.tree !== record.tree
        ? snapshotBefore(
            ports,
            snapshot,
            input.discardLocalChanges ? "local changes were discarded" : "a conflict was resolved in git",
          )
        : undefined,
    recordPull: true,
    events: [],
    steps,
  });
}
