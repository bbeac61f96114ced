import { nanoid } from "nanoid";
import type { Group } from "@/lib/domain/bulk";
import type { Event } from "@/lib/domain/event";
import { AppError } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import type { Store } from "@/lib/store";
import { ATTEMPT_PHASE } from "@/lib/store";
import type { Overwrite } from "@/lib/versioning/meeting";
import { bulkImport } from "@/lib/versioning/bulk-import";
import { bulkPush } from "@/lib/versioning/bulk-push";
import { saveNativeVersion } from "@/lib/versioning/native-version";
import type {
  ContentLimits,
  Journal,
  Lease,
  LockPurpose,
  LockRecord,
  Ports,
  Repositories,
} from "@/lib/versioning/ports";
import { pull } from "@/lib/versioning/pull";
import { push } from "@/lib/versioning/push";
import { rollback } from "@/lib/versioning/rollback";
import { loopbackRepositories } from "./git/git-server-repository";
import { contentsOf } from "./store-builders";

const OWNER = "test";
const ADA = { userId: "ada", name: "Ada Admin", email: "ada@example.com" };

export interface FleetOptions {
  groups?: Group[];
  repositories?: Repositories;
  /** Rights that Ada does not have. */
  denied?: string[];
  clock?: () => Date;
  workspacesPerPush?: number;
  limits?: ContentLimits;
  signal?: AbortSignal;
}

/** A platform whose use cases run on a real database against real repositories, one operation at a call. */
export class Fleet {
  private readonly repositories: Repositories;

  constructor(
    readonly store: Store,
    private readonly options: FleetOptions = {},
  ) {
    this.repositories = options.repositories ?? loopbackRepositories();
  }

  static async open(store: Store, options: FleetOptions = {}): Promise<Fleet> {
    const fleet = new Fleet(store, options);
    await fleet.create("platform", { "index.yml": "name: Platform\nslug: platform\n" });
    return fleet;
  }

  /** Creates a workspace whose id and slug are `slug`. */
  async create(slug: string, texts: Record<string, string>, labels: string[] = []): Promise<void> {
    await this.store.workspaces.create({
      id: slug,
      name: slug,
      slug,
      labels,
      userId: ADA.userId,
      contents: contentsOf(texts),
      events: [],
    });
  }

  /** Changes texts as an editor would; null deletes. Throws WorkspaceLocked. */
  async edit(id: string, changes: Record<string, string | null>): Promise<void> {
    const texts = await this.texts(id);
    for (const [path, text] of Object.entries(changes)) {
      if (text === null) texts.delete(path);
      else texts.set(path, text);
    }
    await this.store.workspaces.write([
      {
        workspaceId: id,
        guard: {},
        userId: ADA.userId,
        contents: contentsOf(Object.fromEntries(texts)),
        events: [],
      },
    ]);
  }

  /** Every file of a workspace as text. */
  async texts(id: string): Promise<Map<string, string>> {
    const files = (await this.store.workspaces.files([id])).get(id) ?? [];
    const objects = await this.store.workspaces.readObjects(files.map(({ oid }) => oid));
    return new Map(
      files.map(({ path, oid }) => [path, Buffer.from(objects.get(oid)?.bytes ?? []).toString("utf8")]),
    );
  }

  async workspace(id: string) {
    const record = await this.store.workspaces.get(id);
    if (!record) throw new Error(`There is no workspace ${id}.`);
    return record;
  }

  async lock(id: string): Promise<LockRecord | undefined> {
    return (await this.store.locks.current([id])).get(id);
  }

  async events(type: string, workspaceId?: string): Promise<Event[]> {
    const of = workspaceId === undefined ? {} : { workspaceId };
    return this.store.events.list({ types: [type], ...of, page: 0, limit: 1000, sort: "asc" });
  }

  async ports(kind: "push" | "pull" | "bulkPush" | "bulkImport" | "rollback" = "push"): Promise<Ports> {
    const operationId = nanoid();
    const acceptedAt = this.now();
    await this.store.operations.start({
      id: operationId,
      kind,
      workspaceId: PLATFORM_WORKSPACE_ID,
      initiator: "user",
      userId: ADA.userId,
      correlationId: "test",
      input: {},
      owner: OWNER,
      createdAt: acceptedAt,
    });
    return {
      repositories: this.repositories,
      workspaces: this.store.workspaces,
      locks: this.store.locks,
      journal: this.journal(operationId, acceptedAt),
      clock: () => this.now(),
      newId: () => nanoid(7),
      namesOf: (ids) =>
        Promise.resolve(new Map(ids.map((id) => [id, id === ADA.userId ? ADA.name : "somebody"]))),
      groups: this.options.groups ?? [],
      limits: this.options.limits ?? { fileBytes: 1024 * 1024, filesPerWorkspace: 5000 },
      workspacesPerPush: this.options.workspacesPerPush ?? 200,
      actor: { ...ADA, may: (action) => !this.options.denied?.includes(action) },
      source: { userId: ADA.userId, correlationId: "test" },
      signal: this.options.signal ?? new AbortController().signal,
    };
  }

  private now(): Date {
    return this.options.clock?.() ?? new Date();
  }

  private journal(operationId: string, acceptedAt: Date): Journal {
    const { operations, events } = this.store;
    return {
      operationId,
      acceptedAt,
      phase: async (name, facts = {}) => {
        await operations.appendJournal(operationId, OWNER, name, facts, this.now());
      },
      attempt: (attempt) =>
        operations.appendJournal(operationId, OWNER, ATTEMPT_PHASE, { ...attempt }, this.now()),
      settle: (sequence, outcome) => operations.settleJournal(operationId, sequence, outcome),
      unconfirmed: (repositoryId, ids) => operations.unconfirmedAttempts(repositoryId, ids),
      confirm: (attempt) => operations.settleJournal(attempt.operationId, attempt.sequence, "recorded"),
      emit: async (given) => {
        await events.append(given);
      },
    };
  }

  /** Takes the lock of a workspace as an operation does. Throws WorkspaceLocked. */
  async lease(ports: Ports, workspaceId: string, purpose: LockPurpose) {
    const { leases } = await ports.locks.acquire({
      workspaceIds: [workspaceId],
      purpose,
      operationId: ports.journal.operationId,
      userId: ADA.userId,
      overConflict: purpose === "pull",
    });
    const lease = leases.get(workspaceId);
    if (!lease) throw new AppError("WorkspaceLocked", `${workspaceId} is locked.`);
    return lease;
  }

  private async locked<T>(
    workspaceId: string,
    purpose: LockPurpose,
    work: (ports: Ports, lease: Lease & { previousConflict: LockRecord | null }) => Promise<T>,
  ): Promise<T> {
    const ports = await this.ports();
    const lease = await this.lease(ports, workspaceId, purpose);
    try {
      return await work(ports, lease);
    } finally {
      await ports.locks.release([lease]);
    }
  }

  /** What may be written over goes over a conflict too. */
  push(
    id: string,
    repository: Repository,
    { putBack, startOver, ...version }: { name?: string; description?: string } & Overwrite = {},
  ) {
    const overwrite = { putBack, startOver };
    const purpose = (putBack ?? startOver) ? "pull" : "push";
    return this.locked(id, purpose, (ports, lease) =>
      push(ports, { lease, repository, ...version, overwrite }),
    );
  }

  pull(
    id: string,
    repository: Repository,
    options: { discard?: boolean; versionId?: string; otherWorkspaceId?: string } = {},
  ) {
    return this.locked(id, "pull", (ports, lease) =>
      pull(ports, {
        lease,
        repository,
        versionId: options.versionId ?? "latest",
        discardLocalChanges: options.discard ?? false,
        otherWorkspaceId: options.otherWorkspaceId,
      }),
    );
  }

  detach(id: string, repositoryId: string) {
    return this.store.workspaces.forgetRepository(id, repositoryId, []);
  }

  saveVersion(id: string, name?: string) {
    return this.locked(id, "push", (ports, lease) => saveNativeVersion(ports, { lease, name }));
  }

  rollback(id: string, repository: Repository | null, version: string, reason?: string) {
    return this.locked(id, "rollback", (ports, lease) =>
      rollback(ports, { lease, repository, version, reason }),
    );
  }

  bulkPush(
    repository: Repository,
    groups: string[],
    options: {
      name?: string;
      dryRun?: boolean;
      force?: boolean;
      retryOf?: string[];
      putBack?: boolean;
    } = {},
  ) {
    return this.locked(PLATFORM_WORKSPACE_ID, "bulk", (ports, lease) =>
      bulkPush(ports, {
        lease,
        repository,
        groups,
        name: options.name,
        retryOf: options.retryOf,
        dryRun: options.dryRun ?? false,
        force: options.force ?? false,
        putBack: options.putBack ?? false,
      }),
    );
  }

  bulkImport(
    repository: Repository,
    options: {
      groups?: string[];
      dryRun?: boolean;
      forceReimport?: boolean;
      prune?: boolean;
      otherWorkspaceIds?: string[];
    } = {},
  ) {
    return this.locked(PLATFORM_WORKSPACE_ID, "bulk", (ports, lease) =>
      bulkImport(ports, {
        lease,
        repository,
        groups: options.groups,
        dryRun: options.dryRun ?? false,
        forceReimport: options.forceReimport ?? false,
        prune: options.prune ?? false,
        otherWorkspaceIds: options.otherWorkspaceIds,
      }),
    );
  }
}

/** The error that a promise ends with; fails the test when it does not. */
export async function failure(promise: Promise<unknown>): Promise<AppError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("This should have been refused.");
}
