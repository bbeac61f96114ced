import { readManifest } from "@/lib/archive/manifest";
import { AppError } from "@/lib/domain/error";
import { MANIFEST_PATH } from "@/lib/domain/path";
import type { Manifest } from "@/lib/domain/manifest";
import type { Oid } from "@/lib/domain/workspace";
import { locate, otherWorkspace } from "../folders/locate";
import { searchFolder, type Folder } from "../folders/search";
import type { Ports, RepositorySession, RepositoryState, TreeEntry } from "../ports";
import type { PullContext } from "./context";

/** A workspace's directory at one commit. */
export interface Source {
  commit: Oid;
  directory: string;
  subtree: Oid;
  entries: TreeEntry[];
  manifest: Manifest | null;
  /** The name in the manifest, else the commit. */
  versionName: string;
  /** It is another workspace's, and was asked for by name. */
  taken: boolean;
}

async function manifestOf(
  session: RepositorySession,
  entries: readonly TreeEntry[],
): Promise<Manifest | null> {
  const entry = entries.find(({ path, mode }) => path === MANIFEST_PATH && mode.startsWith("100"));
  if (!entry) return null;
  const bytes = (await session.blobs([entry.oid])).get(entry.oid);
  if (!bytes) return null;
  try {
    return readManifest(bytes);
  } catch (error) {
    // The import reports a damaged manifest; here it only means that nobody named the version.
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** A manifest that names another workspace of this instance gives its content away only to who may read that one. */
export async function refuseForeign(
  ports: Ports,
  workspaceId: string,
  manifest: Manifest | null,
): Promise<void> {
  const owner = manifest?.workspaceId;
  if (!owner || owner === workspaceId || ports.actor.may("read", owner)) return;
  if (!(await ports.workspaces.get(owner))) return;
  throw new AppError(
    "PermissionDenied",
    "This directory belongs to another workspace, which you do not have permission to read. Ask its owner to share it with you.",
    { workspaceId: owner },
  );
}

/** The folder to be read: the workspace's own, or that of another one which was asked for by name. */
async function folderOf(
  { ports, session, input, snapshot }: PullContext,
  commit: Oid,
  state: RepositoryState | null,
): Promise<Folder & { taken: boolean }> {
  const { repository, otherWorkspaceId } = input;
  const wanted = { repository, record: snapshot.record, state };
  const located = await locate(ports, session, wanted, commit);
  if (otherWorkspaceId !== undefined && otherWorkspaceId !== snapshot.record.id) {
    if (located.kind === "other" && located.workspaceId === otherWorkspaceId)
      return { ...located, taken: true };
    const named = await searchFolder(session, commit, new Set([otherWorkspaceId]));
    if (named) return { ...named, taken: true };
    throw new AppError(
      "NotFound",
      `No folder of ${repository.name} belongs to the workspace ${otherWorkspaceId}. Check the id, or omit it.`,
      { otherWorkspaceId },
    );
  }
  if (located.kind === "own") return { ...located, taken: false };
  if (located.kind === "other") throw await otherWorkspace(ports, wanted, located);
  const { directory } = located;
  throw new AppError(
    "UnreadableContent",
    `There is no ${directory ? `${directory}/index.yml` : "index.yml"} in this version, so there is nothing to pull. Check the repository's branch and dirpath, or push first.`,
    { path: "index.yml", directory },
  );
}

/** Reads the workspace's directory at a commit. Throws DirectoryAlreadyInUse where another workspace's stands there. */
export async function readSource(
  context: PullContext,
  commit: Oid,
  state: RepositoryState | null,
): Promise<Source> {
  const { ports, session, snapshot } = context;
  const { directory, subtree, taken } = await folderOf(context, commit, state);
  const entries = await session.entries(subtree);
  const manifest = await manifestOf(session, entries);
  await refuseForeign(ports, snapshot.record.id, manifest);
  const versionName = manifest?.version?.name ?? commit;
  return { commit, directory, subtree, entries, manifest, versionName, taken };
}

export function rightsOf({ actor }: Ports, workspaceId: string) {
  return {
    security: actor.may("manage_security", workspaceId),
    repositories: actor.may("manage_repositories", workspaceId),
    ...(actor.lacks
      ? {
          lacks: (part: "security" | "repositories", before: unknown, after: unknown) =>
            actor.lacks?.(part, workspaceId, before, after) ?? null,
        }
      : {}),
  };
}

/** The id of a repository that the workspace declares itself: without its declaration there is no next pull. */
export function viaOf({ scope, id }: PullContext["input"]["repository"]): string | undefined {
  return scope === "workspace" ? id : undefined;
}
