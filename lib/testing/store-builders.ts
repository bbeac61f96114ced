import { buildTree, hashObject } from "@/lib/archive/objects";
import type { NewEvent } from "@/lib/domain/event";
import type { Oid, WorkspaceFile } from "@/lib/domain/workspace";
import type {
  GitObject,
  NewContents,
  NewVersionRecord,
  NewWorkspace,
  RepositoryState,
} from "@/lib/versioning/ports";

/** Contents of a workspace from its texts. */
export function contentsOf(texts: Record<string, string>): NewContents {
  const objects = new Map<Oid, GitObject>();
  const files = Object.entries(texts).map(([path, text]): WorkspaceFile => {
    const bytes = Buffer.from(text);
    const oid = hashObject("blob", bytes);
    objects.set(oid, { type: "blob", bytes });
    return { path, mode: "100644", oid, size: bytes.length };
  });
  const { tree, objects: trees } = buildTree(files);
  for (const [oid, object] of trees) objects.set(oid, object);
  return { tree, files, objects };
}

/** A workspace to create; states only what differs. */
export function aNewWorkspace(id: string, differs: Partial<NewWorkspace> = {}): NewWorkspace {
  return {
    id,
    name: `Workspace ${id}`,
    slug: `slug-${id.toLowerCase()}`,
    labels: [],
    userId: "ada",
    contents: contentsOf({ "index.yml": `id: ${id}\n`, "pages/home.yml": "slug: home\n" }),
    events: [],
    ...differs,
  };
}

export function anEvent(type: string, differs: Partial<NewEvent> = {}): NewEvent {
  return { type, workspaceId: "shop", payload: {}, source: { userId: "ada" }, ...differs };
}

const COMMIT = "c".repeat(40) as Oid;

export function aState(
  workspaceId: string,
  tree: Oid,
  differs: Partial<RepositoryState> = {},
): RepositoryState {
  return {
    workspaceId,
    repositoryId: "origin",
    directory: `workspaces/${workspaceId}`,
    slug: workspaceId,
    workspaceTree: tree,
    remoteSubtree: tree,
    commit: COMMIT,
    intermediate: COMMIT,
    version: "1.0",
    manifestKey: null,
    manifest: null,
    conflictTip: null,
    conflictTarget: null,
    conflictTree: null,
    behind: 0,
    status: "synced",
    checkedAt: "2026-01-01T00:00:00.000Z",
    ...differs,
  };
}

export function aVersion(
  workspaceId: string,
  tree: Oid,
  differs: Partial<NewVersionRecord> = {},
): NewVersionRecord {
  return {
    workspaceId,
    name: "1.0",
    repositoryId: "origin",
    kind: "version",
    description: undefined,
    tree,
    commit: COMMIT,
    createdAt: "2026-01-01T00:00:00.000Z",
    createdBy: "ada",
    operationId: undefined,
    ...differs,
  };
}
