import { z } from "zod";
import { Processing } from "../bulk";
import { Event } from "../event";
import { ErrorRecord, Operation } from "../operation";
import { PlatformRepositorySummary, RepositoryMode, RepositoryType } from "../repository";
import { Situation } from "./situation";
import { ImportResult, ImportError, ImportWarning, Version } from "../version";
import { Oid, SyncStatus, WorkspaceSummary } from "../workspace";

/** A document read from YAML, with anything its author wrote. */
const Document = z.record(z.string(), z.unknown());

/** A repository that a workspace may push to and pull from, its own and the platform's; without credentials. */
export const RepositoryListing = z.object({
  id: z.string(),
  name: z.string(),
  type: RepositoryType,
  mode: RepositoryMode,
  scope: z.enum(["native", "platform", "workspace"]),
  branch: z.string().optional(),
  url: z.string().optional(),
  dirpath: z.string().optional(),
  exclude: z.array(z.string()),
});
export type RepositoryListing = z.infer<typeof RepositoryListing>;

/** `GET /v2/workspaces/{id}`. */
export const WorkspaceDetail = WorkspaceSummary.extend({
  revision: z.number(),
  tree: Oid,
  customDomains: z.array(z.string()),
  config: Document.optional(),
  blocks: Document,
  /** The secrets that `index.yml` declares; never their values. */
  secrets: z.object({ schema: Document.optional() }),
  automations: z.record(z.string(), Document),
  pages: z.record(z.string(), Document),
  imports: z.record(z.string(), Document),
  /** `app/{appSlug}` of every app that is installed here. */
  dependsOn: z.array(z.string()),
  repositories: z.record(z.string(), Document),
  platformRepositories: z.record(z.string(), PlatformRepositorySummary.omit({ id: true })),
  /** What the caller may do here. */
  permissions: z.array(z.string()),
});
export type WorkspaceDetail = z.infer<typeof WorkspaceDetail>;

/** `GET /v2/workspaces/counts`. */
export const FleetCounts = z.object({
  all: z.number(),
  synced: z.number(),
  dirty: z.number(),
  behind: z.number(),
  conflict: z.number(),
  locked: z.number(),
});
export type FleetCounts = z.infer<typeof FleetCounts>;

export const SourceEntry = z.object({ path: z.string(), oid: Oid, size: z.number(), text: z.boolean() });
export const SourceList = z.object({ tree: Oid, revision: z.number(), files: z.array(SourceEntry) });
export type SourceList = z.infer<typeof SourceList>;

/** `PATCH …/sources`: text to write, null to delete. */
export const PatchSources = z.strictObject({ files: z.record(z.string(), z.string().nullable()) });

export const FileChange = z.object({ path: z.string(), kind: z.enum(["added", "modified", "deleted"]) });
export type FileChange = z.infer<typeof FileChange>;

/** `GET …/sync?repository=&check=true`: the state of a workspace compared with one repository. */
export const SyncView = z.object({
  repository: RepositoryListing,
  status: SyncStatus,
  targetBranch: z.string(),
  intermediateBranch: z.string(),
  /** Edits here since the last synchronisation. */
  changes: z.array(FileChange),
  /** Edits there; null if not checked just now. */
  updates: z.array(FileChange).nullable(),
  conflicts: z.array(z.object({ path: z.string(), kind: z.string() })),
  behind: z.number().nullable(),
  /** What prevents a push or a pull, as the check of the remote found it. */
  situation: Situation.optional(),
  checkedAt: z.string().optional(),
  lastVersion: z.string().optional(),
  commit: z.string().optional(),
  /** Of a directory on disk that is a git checkout, if it was checked just now: its commit, author and message. */
  origin: z.string().optional(),
});
export type SyncView = z.infer<typeof SyncView>;

/** The sides of one file for a diff; null where it does not exist or is not text. */
export const FileSides = z.object({
  path: z.string(),
  /** Of a conflict: what both sides started from. */
  base: z.string().nullable().optional(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type FileSides = z.infer<typeof FileSides>;

/** Answer of a pull, an import or a rollback. */
export const PullResult = z.object({
  imported: z.array(z.string()),
  deleted: z.array(z.string()),
  excluded: z.array(z.string()).optional(),
  errors: z.array(ImportError),
  // What operations of earlier releases left behind has none.
  warnings: z.array(ImportWarning).default([]),
  workspace: WorkspaceSummary,
  version: ImportResult.shape.version,
  snapshot: z.object({ name: z.string() }).optional(),
});
export type PullResult = z.infer<typeof PullResult>;

const PushedVersion = Version.extend({
  unchanged: z.boolean().optional(),
  /** What the remote refused although the target branch took the push. */
  errors: z.array(ErrorRecord).optional(),
});
/** Answer of a push or of a native version. */
export const PushAnswer = z.union([Processing, PushedVersion]);
export const PullAnswer = z.union([Processing, PullResult]);

/** `GET …/versions/{name}/changes`: what a rollback to that version would change. */
export const VersionChanges = z.object({ version: Version, changes: z.array(FileChange) });

export const OperationList = z.array(Operation);
export const EventList = z.object({
  result: z.object({
    events: z.array(Event),
    /** Where a search that reached its limit ended: continue with `beforeId` (`afterId` when ascending). */
    searchedTo: z.string().optional(),
  }),
});
/** A changed file under the published names; a checksum is null on the side where the file is not. */
export const StatusChange = FileChange.extend({
  type: z.enum(["automations", "pages", "imports", "index", "security", "other"]),
  slug: z.string(),
  currentChecksum: z.string().nullable(),
  expectedChecksum: z.string().nullable(),
});
export type StatusChange = z.infer<typeof StatusChange>;

const Checksums = z.object({
  automations: z.record(z.string(), z.string()),
  pages: z.record(z.string(), z.string()),
  imports: z.record(z.string(), z.string()),
});

/** `GET …/status`: live files against what they were when they last met git. */
export const WorkspaceStatus = Checksums.extend({
  dirty: z.boolean(),
  tree: Oid,
  revision: z.number(),
  checksums: Checksums,
  /** The parts that cannot be read. */
  errors: z.array(ImportError),
  changes: z.array(StatusChange),
});

export const Me = z.object({
  id: z.string(),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  /** The session's id; with an access token, the token's. */
  sessionId: z.string(),
  /** When the session or token ends; `9999-12-31T23:59:59.999Z` for a token that does not. */
  expires: z.string(),
  superAdmin: z.boolean(),
  /** What one may do on the platform as a whole, so that nobody has to ask and be refused. */
  platformPermissions: z.array(z.string()),
});
export type Me = z.infer<typeof Me>;

export const SignIn = z.strictObject({ email: z.string().max(320), password: z.string().max(1000) });

/** Answer of a sign-in. */
export const SignedIn = z.object({ id: z.string(), email: z.string(), expires: z.string() });
export type SignedIn = z.infer<typeof SignedIn>;

/** `GET /v2/platform`: what the Platform page chooses from. */
export const PlatformView = z.object({
  environment: z.object({ name: z.string(), color: z.string() }),
  groups: z.array(
    z.object({ name: z.string(), labels: z.array(z.string()), workspaces: z.number(), dirty: z.number() }),
  ),
  repositories: z.array(PlatformRepositorySummary.extend({ branch: z.string(), location: z.string() })),
});
export type PlatformView = z.infer<typeof PlatformView>;
