import { readManifest } from "@/lib/archive/manifest";
import { AppError } from "@/lib/domain/error";
import { MANIFEST_PATH } from "@/lib/domain/path";
import type { Manifest } from "@/lib/domain/manifest";
import { workspaceDirectory } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import type { Ports, RepositorySession, RepositoryState, TreeEntry } from "../ports";
import type { PullContext } from "./index";

/** A workspace's directory at one commit. */
export interface Source {
  commit: Oid;
  directory: string;
  subtree: Oid;
  entries: TreeEntry[];
  manifest: Manifest | null;
  /** The name in the manifest, else the commit. */
  versionName: string;
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
    "This directory belongs to another workspace, which you may not read. Ask its owner to share it with you.",
    { workspaceId: owner },
  );
}

/** Reads the workspace's directory at a commit; where a renamed workspace was not pushed yet, its old one. */
export async function readSource(
  { ports, session, input, snapshot }: PullContext,
  commit: Oid,
  state: RepositoryState | null,
): Promise<Source> {
  const named = workspaceDirectory(input.repository, snapshot.record.slug);
  let directory = named;
  let subtree = await session.subtree(commit, named);
  if (subtree === null && state && state.directory !== named) {
    directory = state.directory;
    subtree = await session.subtree(commit, directory);
  }
  if (subtree === null) {
    throw new AppError(
      "UnreadableContent",
      `There is no ${named ? `${named}/index.yml` : "index.yml"} in this version, so there is nothing to pull. Check the repository's branch and dirpath, or push first.`,
      { path: "index.yml", directory: named },
    );
  }
  const entries = await session.entries(subtree);
  const manifest = await manifestOf(session, entries);
  await refuseForeign(ports, snapshot.record.id, manifest);
  return { commit, directory, subtree, entries, manifest, versionName: manifest?.version?.name ?? commit };
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
