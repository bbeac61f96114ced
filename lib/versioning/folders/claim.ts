import { readHead } from "@/lib/archive/manifest";
import { AppError } from "@/lib/domain/error";
import type { KnownManifest, ManifestHead } from "@/lib/domain/manifest";
import { MANIFEST_PATH } from "@/lib/domain/path";
import type { Oid } from "@/lib/domain/workspace";
import type { Ports, RepositorySession, RepositoryState, TreeEntry, WorkspaceRecord } from "../ports";

/** Whose a folder is, by the manifest in it: this workspace's, nobody's in particular, or another workspace's. */
export type Claim = { kind: "own" } | { kind: "unsigned" } | { kind: "other"; workspaceId: string };

/** The id under which a repository knows a workspace, which is another one where another instance made the folder. */
export function knownAs(manifest: KnownManifest | null | undefined): string | undefined {
  return manifest && manifest !== "none" ? manifest.workspaceId : undefined;
}

/**
 * Another workspace's is a folder whose manifest names one of this instance, or one that is not known here while the
 * repository is known to call this workspace something else.
 */
export async function claimOf(
  ports: Pick<Ports, "workspaces">,
  record: Pick<WorkspaceRecord, "id">,
  state: Pick<RepositoryState, "manifest"> | null,
  workspaceId: string | undefined,
): Promise<Claim> {
  if (workspaceId === undefined) return { kind: "unsigned" };
  const known = knownAs(state?.manifest);
  if (workspaceId === record.id || workspaceId === known) return { kind: "own" };
  if (known !== undefined || (await ports.workspaces.get(workspaceId))) return { kind: "other", workspaceId };
  return { kind: "unsigned" };
}

/** What the manifest among these files says; null where there is none that can be read. */
async function headIn(
  session: RepositorySession,
  entries: readonly TreeEntry[],
): Promise<ManifestHead | null> {
  const entry = entries.find(({ path, mode }) => path === MANIFEST_PATH && mode.startsWith("100"));
  const bytes = entry && (await session.blobs([entry.oid])).get(entry.oid);
  if (!bytes) return null;
  try {
    return readHead(bytes);
  } catch (error) {
    // A damaged manifest names nobody.
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** The workspace that a folder's manifest names. */
export async function namedIn(session: RepositorySession, subtree: Oid): Promise<string | undefined> {
  try {
    return (await headIn(session, await session.entries(subtree)))?.workspaceId;
  } catch (error) {
    // A folder that is too large to be a workspace names none.
    if (error instanceof AppError && error.code === "TooLarge") return undefined;
    throw error;
  }
}

/**
 * The id that a push writes into the manifest: the workspace's own, but where another instance made the folder its name for
 * it stays, so that both go on knowing the folder.
 */
export async function signatureOf(
  ports: Pick<Ports, "workspaces">,
  record: Pick<WorkspaceRecord, "id">,
  state: Pick<RepositoryState, "manifest"> | null,
): Promise<string> {
  const known = knownAs(state?.manifest);
  if (known === undefined || known === record.id) return record.id;
  return (await ports.workspaces.get(known)) ? record.id : known;
}
