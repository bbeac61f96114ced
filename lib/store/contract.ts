import type { DomainStatus } from "@/lib/domain/wire/custom-domain";
import type { FleetCounts } from "@/lib/domain/wire/api";
import type { Event, NewEvent } from "@/lib/domain/event";
import type { EventCondition } from "@/lib/domain/event-condition";
import type { PublishedApp } from "@/lib/domain/workspace";
import type { LockRecord, Locks, RepositoryState, WorkspaceRecord, Workspaces } from "@/lib/versioning/ports";
import type { Accounts, Attempts, AuditLog, IdempotencyLog } from "./access-contract";
import type { OperationLog } from "./operation-contract";

export * from "./access-contract";
export * from "./operation-contract";

/** Filters of `GET /v2/workspaces`; those given must all match. */
export interface WorkspaceQuery {
  dirty?: boolean;
  /** A workspace with any of these labels, exactly. */
  labels?: readonly string[];
  name?: string;
  slug?: string;
  ids?: readonly string[];
  /** Part of the name, slug, id or a label, in any case. */
  search?: string;
  createdBy?: string;
  /** Lock of that kind; `any`: any lock that stands. */
  locked?: "merge_conflict" | "any";
  behind?: boolean;
  /** Neither edited nor behind, and in no conflict. */
  synced?: boolean;
  /** Ids the caller may read; absent: all. */
  readable?: readonly string[];
  /** Field and direction: `name`, `slug`, `createdAt`, `updatedAt`, a leading `-` for descending. */
  sort?: string;
  page: number;
  limit: number;
}

export interface WorkspaceQueries extends Workspaces {
  list(query: WorkspaceQuery): Promise<WorkspaceRecord[]>;
  counts(readable?: readonly string[]): Promise<FleetCounts>;
  labels(readable?: readonly string[]): Promise<string[]>;
  /** Ids of the workspaces with any of these labels, without the platform workspace. */
  idsLabelled(labels: readonly string[]): Promise<string[]>;
  /** Updates what a look at the remote found, if the state is still that of `commit`. */
  noteCheck(state: RepositoryState): Promise<void>;
  /**
   * Forgets what a workspace and a repository had in common, and a conflict between the two with its lock, of which the
   * events tell. Throws WorkspaceLocked under any other lock.
   */
  forgetRepository(
    workspaceId: string,
    repositoryId: string,
    events: readonly NewEvent[],
  ): Promise<{ forgotten: boolean; cleared: LockRecord | null }>;
  deleteVersion(id: string, events: readonly NewEvent[]): Promise<void>;
  apps(): Promise<PublishedApp[]>;
  /** Removes objects that nothing refers to and that are older than the grace period; answers how many. */
  sweepObjects(olderThan: Date): Promise<number>;
}

export interface EventQuery {
  workspaceId?: string;
  operationId?: string;
  correlationId?: string;
  /** Exact types, or with `*` for any run of characters; any may match. */
  types?: readonly string[];
  text?: string;
  afterDate?: Date;
  beforeDate?: Date;
  /** Only events older than this cursor. */
  beforeId?: string;
  /** Only events newer than this cursor. */
  afterId?: string;
  /** Only events of these workspaces; absent: of all. */
  workspaceIds?: readonly string[];
  /** Without events of an app inside an app, which belong to that app. */
  shownOnly?: boolean;
  /** All of these hold. */
  where?: readonly EventCondition[];
  sort?: "asc" | "desc";
  page: number;
  limit: number;
}

export interface EventPage {
  events: Event[];
  /** How many match, as far as was counted. */
  size?: number;
  /** Cursor of the event where the look ended before its time: what lies beyond was not looked at. */
  searchedTo?: string;
}

export interface EventLog {
  append(events: readonly NewEvent[]): Promise<Event[]>;
  /** A page of the events that match, however far that is to look. */
  list(query: EventQuery): Promise<Event[]>;
  /** The same, looking no further than a request may take; with `countTo` also how many match, up to so many. */
  search(query: EventQuery & { countTo?: number }): Promise<EventPage>;
  /** How many events match; no more than `most` are counted. */
  count(query: Omit<EventQuery, "page" | "limit" | "sort">, most: number): Promise<number>;
  /** Events after a cursor, oldest first. Cursor "0": from the beginning. */
  after(
    cursor: string,
    filter: { workspaceId?: string; operationId?: string; types?: readonly string[] },
    limit: number,
  ): Promise<Event[]>;
  lastCursor(): Promise<string>;
  /**
   * Deletes events of workspaces with fewer than `fewerThan` of them and none since `idleSince`, and events from before
   * `deletedBefore` of workspaces that are gone; answers how many.
   */
  prune(rules: { idleSince: Date; fewerThan: number; deletedBefore: Date }): Promise<number>;
  /** Makes one more run of events quick to search, if there is one and it may; answers whether there may be another. */
  indexNext(mayStart?: () => Promise<boolean>): Promise<boolean>;
  /** Calls back soon after any event was stored, by this process or another; answers how to stop. */
  onAppend(callback: () => void): () => void;
}

export interface SecretRecord {
  name: string;
  version: number;
  keyId: string;
  nonce: Uint8Array;
  ciphertext: Uint8Array;
  description: string | null;
  origin: string | null;
}

export interface Secrets {
  list(workspaceId: string): Promise<SecretRecord[]>;
  /** Those of many workspaces, by workspace. */
  listMany(workspaceIds: readonly string[]): Promise<Map<string, SecretRecord[]>>;
  put(
    workspaceId: string,
    secrets: readonly SecretRecord[],
    userId: string,
    events: readonly NewEvent[],
  ): Promise<void>;
  delete(workspaceId: string, names: readonly string[], events: readonly NewEvent[]): Promise<void>;
  /** Stores and deletes in one transaction. */
  change(
    workspaceId: string,
    change: { put: readonly SecretRecord[]; delete: readonly string[]; userId: string },
    events: readonly NewEvent[],
  ): Promise<void>;
  /**
   * Writes every secret that is sealed with one key anew with another, and with the last of them the setting that names
   * the key, all or nothing; answers how many. Whoever rotates at the same time finds nothing left to do.
   */
  reseal(
    fromKeyId: string,
    reseal: (workspaceId: string, record: SecretRecord) => SecretRecord,
    setting: { name: string; value: unknown },
  ): Promise<number>;
}

/** A domain that a workspace claims, and what the last look at its DNS record found. */
export interface DomainRecord {
  domain: string;
  workspaceId: string;
  status: DomainStatus;
  problem: string | null;
  checkedAt: string | null;
}

/** Domains are claimed and given up with the settings of a workspace; one belongs to one workspace. */
export interface Domains {
  of(workspaceId: string): Promise<DomainRecord[]>;
  /** Those not looked at since these moments, the longest unseen first. */
  due(since: { active: Date; others: Date }, limit: number): Promise<DomainRecord[]>;
  /** Remembers what was found, unless the workspace gave the domain up meanwhile. */
  note(record: DomainRecord, events: readonly NewEvent[]): Promise<void>;
}

export interface Jobs {
  /** Takes the job's lease when it is free or ours; answers whether we hold it now. */
  acquire(name: string, owner: string, leaseMs: number): Promise<boolean>;
  release(name: string, owner: string): Promise<void>;
  setting(name: string): Promise<unknown>;
  /** Writes a setting only if it is not there; answers what stands. */
  settleSetting(name: string, value: unknown): Promise<unknown>;
}

export interface Figures {
  /** Locks that stand, by their kind. */
  locks: Record<string, number>;
  /** Operations that run, by their kind. */
  operations: Record<string, number>;
  workspaces: number;
  dirtyWorkspaces: number;
  /** When the newest event was stored. */
  lastEventAt: string | null;
}

/** The database, behind the product's words. */
export interface Store {
  readonly provider: "sqlite" | "postgresql";
  workspaces: WorkspaceQueries;
  locks: Locks;
  events: EventLog;
  operations: OperationLog;
  accounts: Accounts;
  secrets: Secrets;
  domains: Domains;
  jobs: Jobs;
  attempts: Attempts;
  audit: AuditLog;
  idempotency: IdempotencyLog;
  /** What is counted now, for the metrics. */
  figures(): Promise<Figures>;
  /** Throws Unavailable when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
