import type { NewEvent } from "@/lib/domain/event";
import type { KnownManifest } from "@/lib/domain/manifest";
import type { Oid, PublishedApp, SyncRecord, WorkspaceFile } from "@/lib/domain/workspace";
import type { GitObject, ObjectSource } from "./objects";

/** A workspace as the store keeps it. Dates are ISO text in UTC. */
export interface WorkspaceRecord {
  id: string;
  name: string;
  slug: string;
  description: string | Record<string, string> | undefined;
  labels: string[];
  photo: string | undefined;
  customDomains: string[];
  /** Git tree of all files, without `.import.yml`. */
  tree: Oid;
  /** The tree last pushed to or pulled from a git repository; null: never. `dirty` compares the two. */
  syncedTree: Oid | null;
  dirty: boolean;
  /** Counts every change of the content. */
  revision: number;
  lastPush: SyncRecord | undefined;
  lastPull: SyncRecord | undefined;
  app: Omit<PublishedApp, "workspaceId"> | undefined;
  createdAt: string;
  createdBy: string;
  updatedAt: string;
  updatedBy: string;
}

/** How a workspace and one repository stood when they last met: each side is compared with its own past. */
export interface RepositoryState {
  workspaceId: string;
  repositoryId: string;
  /** Where the workspace lived in the repository. */
  directory: string;
  /** The workspace's slug then; its folder may have another name. Null: not known, it was the folder's name. */
  slug: string | null;
  workspaceTree: Oid;
  remoteSubtree: Oid | null;
  /** Tip of the target branch when a pull last met it. */
  commit: Oid;
  /** Tip of the intermediate branch as we last saw or wrote it; null: there was none. */
  intermediate: Oid | null;
  version: string | null;
  /** Digest of what `.import.yml` said of groups, app and dependencies; null where there is no manifest. */
  manifestKey: string | null;
  /** What `.import.yml` says in `remoteSubtree`; null where it was not read. */
  manifest: KnownManifest | null;
  /** Tip of the intermediate branch when a pull met a conflict; once the branch moved on, somebody resolved it. */
  conflictTip: string | null;
  /** Tip of the target branch when a pull last met it. */
  conflictTarget: Oid | null;
  /** The workspace's tree then; null where the branch does not hold it. */
  conflictTree: Oid | null;
  /** What the last look at the remote found; null: unknown, or history rewritten. */
  behind: number | null;
  status: "synced" | "behind" | "diverged" | "conflict";
  checkedAt: string;
}

/** What is known of a folder of a shared repository: whose it is, and what its manifest says. */
export type KnownFolder = Pick<
  RepositoryState,
  "workspaceId" | "directory" | "slug" | "remoteSubtree" | "manifest"
>;

export interface VersionRecord {
  id: string;
  workspaceId: string;
  name: string;
  repositoryId: string;
  kind: "version" | "snapshot";
  description: string | undefined;
  tree: Oid;
  /** Commit on the target branch; undefined in the native repository. */
  commit: string | undefined;
  createdAt: string;
  createdBy: string;
  operationId: string | undefined;
}

export type NewVersionRecord = Omit<VersionRecord, "id">;

/** The right to change a locked workspace: `fence` grows with every holder, so an old holder is refused. */
export interface Lease {
  workspaceId: string;
  fence: number;
  operationId: string;
}

/** The whole new content; objects already stored need not be repeated. */
export interface NewContents {
  tree: Oid;
  files: readonly WorkspaceFile[];
  objects: ReadonlyMap<Oid, GitObject>;
}

/** A change of one workspace. Absent fields stay as they are. */
export interface WorkspaceWrite {
  workspaceId: string;
  /** Refused with LockLost when the fence moved; with PreconditionFailed when the revision did. */
  guard: { lease?: Lease; revision?: number };
  userId: string;
  contents?: NewContents;
  settings?: {
    name?: string;
    slug?: string;
    description?: string | Record<string, string> | null;
    labels?: string[];
    photo?: string | null;
    customDomains?: string[];
  };
  lastPush?: SyncRecord;
  lastPull?: SyncRecord;
  /** Content now known to be in git. */
  syncedTree?: Oid | undefined;
  state?: RepositoryState;
  versions?: readonly NewVersionRecord[];
  app?: Omit<PublishedApp, "workspaceId"> | null;
  events: readonly NewEvent[];
  /** What becomes of the lease in the same transaction; default: it is kept. */
  lock?: "release" | "merge_conflict";
}

export interface NewWorkspace {
  id: string;
  name: string;
  slug: string;
  description?: string | Record<string, string> | undefined;
  labels: string[];
  photo?: string | undefined;
  userId: string;
  /** Who owns it from the moment it is there; without one only those with rights on the platform reach it. */
  ownerId?: string;
  contents: NewContents;
  /** What an import knows of it besides. */
  record?: Pick<WorkspaceWrite, "lastPull" | "syncedTree" | "state"> & {
    app?: NonNullable<WorkspaceWrite["app"]>;
  };
  events: readonly NewEvent[];
}

export interface Workspaces extends ObjectSource {
  get(id: string): Promise<WorkspaceRecord | null>;
  getBySlug(slug: string): Promise<WorkspaceRecord | null>;
  /** All that match every given condition, by slug; without the platform workspace unless named by id. */
  find(query: {
    ids?: readonly string[];
    slugs?: readonly string[];
    anyLabel?: readonly string[];
  }): Promise<WorkspaceRecord[]>;
  files(ids: readonly string[]): Promise<Map<string, WorkspaceFile[]>>;
  /** Their states with every repository they ever met. */
  statesOf(ids: readonly string[]): Promise<RepositoryState[]>;
  /** A workspace's versions, newest first. */
  versions(workspaceId: string, page: { limit: number; page: number }): Promise<VersionRecord[]>;
  states(repositoryId: string, ids: readonly string[]): Promise<Map<string, RepositoryState>>;
  /** What is known of all folders of a repository. */
  knownFolders(repositoryId: string): Promise<KnownFolder[]>;
  version(workspaceId: string, repositoryId: string, name: string): Promise<VersionRecord | null>;
  /** Which of these workspaces already have a version of that name in that repository. */
  workspacesWithVersion(repositoryId: string, name: string, ids: readonly string[]): Promise<Set<string>>;
  /** The versions of that name in that repository, of these workspaces. */
  versionsNamed(repositoryId: string, name: string, ids: readonly string[]): Promise<VersionRecord[]>;
  app(slug: string): Promise<PublishedApp | null>;
  /** Throws SlugAlreadyInUse, and PreconditionFailed for an id in use. */
  create(workspace: NewWorkspace): Promise<void>;
  /** The same for all of these in one transaction, or none. */
  createAll(workspaces: readonly NewWorkspace[]): Promise<void>;
  /** Applies all of these in one transaction, or none. */
  write(changes: readonly WorkspaceWrite[]): Promise<void>;
  delete(id: string, options: { lease?: Lease; userId: string; events: readonly NewEvent[] }): Promise<void>;
  /** Stores objects without a file that names them yet, so a crash cannot separate the two. */
  putObjects(objects: ReadonlyMap<Oid, GitObject>): Promise<void>;
}
