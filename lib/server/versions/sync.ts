import type { FileSides, RepositoryListing, SyncView } from "@/lib/domain/wire/api";
import { AppError } from "@/lib/domain/error";
import { parseWorkspacePath } from "@/lib/domain/path";
import { intermediateBranch, NATIVE_REPOSITORY_ID } from "@/lib/domain/repository";
import type { SyncStatus, WorkspaceFile } from "@/lib/domain/workspace";
import { compare, compareFile, conflictSides } from "@/lib/versioning/compare";
import type { LockRecord, RepositoryState, VersionRecord, WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../engine";
import { listRepositories } from "../repositories/list";
import { lookingPorts } from "../operations/ports";
import { resolveRepository } from "../repositories/resolve";
import type { Viewer } from "../viewer";
import type { Shown } from "../workspaces/edits/credentials";
import { changesOf, decoded, filesOfTree, textOf } from "../workspaces/tree-files";
import { standingConflict } from "../operations/standing-conflict";

type SyncEngine = Pick<Engine, "env" | "store" | "log" | "masterKey" | "runner">;

async function requireListing(
  engine: SyncEngine,
  workspace: WorkspaceRecord,
  repositoryId: string | undefined,
): Promise<RepositoryListing> {
  const listings = await listRepositories(engine, workspace);
  // Own repositories first, then the platform's: what the workspace chose for itself is what its people mean.
  const usual =
    listings.find(({ scope }) => scope === "workspace") ??
    listings.find(({ scope }) => scope === "platform") ??
    listings[0];
  const listing = repositoryId === undefined ? usual : listings.find(({ id }) => id === repositoryId);
  if (listing) return listing;
  const known = listings.map(({ id }) => id);
  throw new AppError(
    "NotFound",
    `There is no repository ${JSON.stringify(repositoryId)} here. Known: ${known.join(", ")}.`,
    { repositoryId, known },
  );
}

async function currentFiles(engine: SyncEngine, workspace: WorkspaceRecord): Promise<WorkspaceFile[]> {
  return (await engine.store.workspaces.files([workspace.id])).get(workspace.id) ?? [];
}

async function newestNative(
  engine: SyncEngine,
  workspace: WorkspaceRecord,
): Promise<VersionRecord | undefined> {
  const versions = await engine.store.workspaces.versions(workspace.id, { page: 0, limit: 200 });
  return versions.find(({ repositoryId }) => repositoryId === NATIVE_REPOSITORY_ID);
}

function storedStatus(
  repositoryId: string,
  state: RepositoryState | undefined,
  lock: LockRecord | undefined,
  changed: boolean,
): SyncStatus {
  // The first pull of all may meet one, before anything was ever synchronised.
  if (lock?.kind === "merge_conflict" && lock.repositoryId === repositoryId) return "conflict";
  if (!state) return "unknown";
  const behind = state.status !== "synced" || (state.behind ?? 0) > 0;
  if (behind) return changed ? "diverged" : "behind";
  return changed ? "dirty" : "synced";
}

function branchesOf(workspace: WorkspaceRecord, { branch }: RepositoryListing) {
  if (branch === undefined) return { targetBranch: "", intermediateBranch: "" };
  return { targetBranch: branch, intermediateBranch: intermediateBranch(workspace.slug, branch) };
}

/** Compare a workspace with a repository as far as it is known here, without asking the remote. */
async function storedView(
  engine: SyncEngine,
  workspace: WorkspaceRecord,
  repository: RepositoryListing,
): Promise<SyncView> {
  const { workspaces } = engine.store;
  const native = repository.scope === "native" ? await newestNative(engine, workspace) : undefined;
  const lock = (await engine.store.locks.current([workspace.id])).get(workspace.id);
  const state = (await workspaces.states(repository.id, [workspace.id])).get(workspace.id);
  const tree = native?.tree ?? state?.workspaceTree;
  const base = tree ? ((await filesOfTree(workspaces, tree)) ?? []) : [];
  const changes = changesOf(base, await currentFiles(engine, workspace));
  const changed = tree !== workspace.tree;
  const version = native?.name ?? state?.version;
  const status =
    repository.scope === "native"
      ? changed
        ? "dirty"
        : "synced"
      : storedStatus(repository.id, state, lock, changed);
  return {
    repository,
    status,
    ...branchesOf(workspace, repository),
    changes,
    updates: null,
    conflicts: status === "conflict" ? await standingConflict(engine, workspace.id, repository.id) : [],
    behind: state?.behind ?? null,
    ...(state ? { checkedAt: state.checkedAt, commit: state.commit } : {}),
    ...(version ? { lastVersion: version } : {}),
  };
}

/** `GET …/sync`: how a workspace stands against a repository; with `check` the remote is asked. */
export async function syncView(
  engine: SyncEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  { repositoryId, check }: { repositoryId?: string; check: boolean },
): Promise<SyncView> {
  const listing = await requireListing(engine, workspace, repositoryId);
  if (!check || listing.scope === "native") return storedView(engine, workspace, listing);
  const repository = await resolveRepository(
    engine,
    workspace.id,
    listing.id,
    listing.mode === "write-only" ? "push" : "pull",
    viewer,
  );
  const ports = lookingPorts(engine, await engine.runner.readOnlyPorts(viewer, repository));
  const found = await compare(ports, { workspaceId: workspace.id, repository });
  const checkedAt = new Date().toISOString();
  if (found.state) await noteCheck(engine, found.state, found, checkedAt);
  return {
    repository: listing,
    status: found.status,
    ...branchesOf(workspace, listing),
    changes: found.changes,
    updates: found.updates,
    conflicts: found.conflicts.map(({ path, kind }) => ({ path, kind })),
    behind: found.behind,
    ...(found.situation ? { situation: found.situation } : {}),
    checkedAt,
    ...(found.state?.version ? { lastVersion: found.state.version } : {}),
    ...(found.commit ? { commit: found.commit } : {}),
    ...(found.origin ? { origin: found.origin } : {}),
  };
}

async function noteCheck(
  engine: SyncEngine,
  state: RepositoryState,
  found: { status: SyncStatus; held: boolean; behind: number | null },
  checkedAt: string,
): Promise<void> {
  // A conflict that a pull would meet is no conflict yet; until somebody pulls, both sides just went on.
  const expected = found.status === "conflict" && !found.held ? "diverged" : found.status;
  const status = expected === "dirty" || expected === "unknown" ? "synced" : expected;
  await engine.store.workspaces.noteCheck({ ...state, behind: found.behind, status, checkedAt });
}

/**
 * The sides of one changed file: of an edit here since the last synchronisation, or of one made there. Of a conflict:
 * the file here and there, and what both started from.
 */
export async function syncFile(
  engine: SyncEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  {
    repositoryId,
    path,
    side,
    shown,
  }: { repositoryId?: string; path: string; side: "changes" | "updates" | "conflict"; shown: Shown },
): Promise<FileSides> {
  parseWorkspacePath(path);
  const decode = (bytes: Uint8Array | null) => bytes && decoded(shown(path, bytes));
  const listing = await requireListing(engine, workspace, repositoryId);
  if (side !== "changes" && listing.scope !== "native") {
    const repository = await resolveRepository(engine, workspace.id, listing.id, "pull", viewer);
    const ports = lookingPorts(engine, await engine.runner.readOnlyPorts(viewer, repository));
    if (side === "conflict") {
      const { base, ours, theirs } = await conflictSides(ports, {
        workspaceId: workspace.id,
        repository,
        path,
      });
      return { path, base: decode(base), before: decode(ours), after: decode(theirs) };
    }
    const sides = await compareFile(ports, { workspaceId: workspace.id, repository, path, side });
    return { path, before: decode(sides.before), after: decode(sides.after) };
  }
  const { workspaces } = engine.store;
  const native = listing.scope === "native" ? await newestNative(engine, workspace) : undefined;
  const state = (await workspaces.states(listing.id, [workspace.id])).get(workspace.id);
  const tree = native?.tree ?? state?.workspaceTree;
  const base = tree ? ((await filesOfTree(workspaces, tree)) ?? []) : [];
  const current = await currentFiles(engine, workspace);
  const oidIn = (files: readonly { path: string; oid: WorkspaceFile["oid"] }[]) =>
    files.find((file) => file.path === path)?.oid;
  return {
    path,
    before: await textOf(workspaces, oidIn(base), (bytes) => shown(path, bytes)),
    after: await textOf(workspaces, oidIn(current), (bytes) => shown(path, bytes)),
  };
}
