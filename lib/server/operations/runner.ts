import { nanoid } from "nanoid";
import { AppError, invariant } from "@/lib/domain/error";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";
import { shuttingDown } from "../shutdown";
import { lockedError } from "../locks/write-lock";
import { operationLost } from "@/lib/store/contract";
import { endByError, LiveOperation } from "./live-operation";
import type { Redactor } from "../redact";
import { redactorOf } from "../secrets/hiding";
import { portsOf, readOnlyPorts } from "./ports";
import type { Ports } from "@/lib/versioning/ports";
import type { HeldLease, OperationEnd, OperationRequest, Runner, Started } from "../runner";

export type RunnerEngine = Pick<
  Engine,
  "env" | "store" | "repositories" | "log" | "redactor" | "instanceId" | "masterKey"
>;

export interface RunnerTimes {
  renewMs: number;
  heartbeatMs: number;
  cancelPollMs: number;
}

/** What is fixed of an operation from its start. */
interface Accepted {
  id: string;
  createdAt: Date;
  redactor: Redactor;
}

const TIMES: RunnerTimes = { renewMs: 10_000, heartbeatMs: 5000, cancelPollMs: 1000 };
// What an aborted operation gets to wind down before its end is written for it.
const WIND_DOWN_MS = 4000;

function interrupted(): AppError {
  return new AppError(
    "Interrupted",
    "The server is shutting down, so this operation stopped. What it did so far is kept; start it again for the rest.",
  );
}

class OperationRunner implements Runner {
  readonly #live = new Map<string, { live: LiveOperation; done: Promise<void> }>();
  readonly #timers: NodeJS.Timeout[] = [];
  #closing = false;

  constructor(
    private readonly engine: RunnerEngine,
    times: RunnerTimes,
  ) {
    this.#every(times.renewMs, () => this.#renewAll());
    this.#every(times.heartbeatMs, () => this.#heartbeat());
    this.#every(times.cancelPollMs, () => this.#pollCancel());
  }

  #every(ms: number, work: () => Promise<void>): void {
    let busy = false;
    const timer = setInterval(() => {
      if (busy || this.#live.size === 0) return;
      busy = true;
      work()
        .catch((error: unknown) => {
          this.engine.log.warn({ err: error }, "Looking after running operations failed; it is tried again");
        })
        .finally(() => {
          busy = false;
        });
    }, ms);
    timer.unref();
    this.#timers.push(timer);
  }

  running(): string[] {
    return [...this.#live.keys()];
  }

  isRunning(id: string): boolean {
    return this.#live.has(id);
  }

  readOnlyPorts(viewer: Viewer) {
    return readOnlyPorts(this.engine, viewer);
  }

  async start(viewer: Viewer, request: OperationRequest): Promise<Started> {
    if (this.#closing) throw shuttingDown();
    const operationId = nanoid();
    const createdAt = new Date();
    const redactor = await this.#redactorOf(request);
    const work = await this.#workOf(viewer, request, operationId);
    const live = this.#liveOperation(viewer, request, { id: operationId, createdAt, redactor });
    if (work.lease) live.keeper.holdMain(work.lease);
    // Known to this process before anybody can read its row, so that none takes it for dead.
    const forget = this.#remember(operationId, live);
    try {
      const ports = await portsOf(this.engine, viewer, {
        operationId,
        acceptedAt: createdAt,
        redactor,
        signal: live.signal,
        keeper: live.keeper,
        progressed: live.progressed,
        closing: live.closing,
      });
      await this.#writeDown(viewer, request, { id: operationId, createdAt, redactor });
      void live.run(ports, work.run).finally(forget);
    } catch (error) {
      await live.keeper.releaseAll().finally(forget);
      throw error;
    }
    return { operationId };
  }

  /** Counts the operation among those that run, until the function it answers is called. */
  #remember(id: string, live: LiveOperation): () => void {
    let end: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#live.set(id, { live, done });
    return () => {
      this.#live.delete(id);
      end();
    };
  }

  /** What to run, with the lock that it needs. */
  async #workOf(
    viewer: Viewer,
    request: OperationRequest,
    operationId: string,
  ): Promise<{ lease: HeldLease | null; run: (ports: Ports) => Promise<OperationEnd> }> {
    if (request.purpose === "none") return { lease: null, run: (ports) => request.work(ports) };
    const lease = await this.#takeLock(viewer, request, operationId);
    return { lease, run: (ports) => request.work(ports, lease) };
  }

  async #takeLock(
    viewer: Viewer,
    request: Exclude<OperationRequest, { purpose: "none" }>,
    operationId: string,
  ): Promise<HeldLease> {
    const { workspaceId, purpose, overConflict } = request;
    const { leases, refused } = await this.engine.store.locks.acquire({
      workspaceIds: [workspaceId],
      purpose,
      operationId,
      userId: viewer.user.id,
      ...(overConflict === undefined ? {} : { overConflict }),
    });
    const lock = refused.get(workspaceId);
    if (lock) throw await lockedError(this.engine, lock, viewer.user.id);
    const lease = leases.get(workspaceId);
    if (!lease) throw new AppError("NotFound", "This workspace no longer exists.", { workspaceId });
    return lease;
  }

  /** Hides the credentials of the repository and the secrets of the workspace in everything the operation says. */
  async #redactorOf({ workspaceId, repository }: OperationRequest): Promise<Redactor> {
    const workspace = await this.engine.store.workspaces.get(workspaceId);
    const redactor = workspace ? await redactorOf(this.engine, workspace) : this.engine.redactor;
    if (!repository) return redactor;
    const { auth, id, name, branch } = repository;
    return redactor.with([auth]).sparing([id, name, branch]);
  }

  #liveOperation(
    viewer: Viewer,
    request: OperationRequest,
    { id, createdAt, redactor }: Accepted,
  ): LiveOperation {
    const { user, sessionId, correlationId } = viewer;
    const { kind, workspaceId, repository, input } = request;
    return new LiveOperation(
      this.engine,
      {
        id,
        kind,
        workspaceId,
        repositoryId: repository?.id ?? request.repositoryId,
        input,
        createdAt,
        source: { userId: user.id, correlationId, ...(sessionId === undefined ? {} : { sessionId }) },
      },
      redactor,
    );
  }

  async #writeDown(
    viewer: Viewer,
    request: OperationRequest,
    { id, createdAt, redactor }: Accepted,
  ): Promise<void> {
    const { user, sessionId, correlationId, initiator } = viewer;
    const repositoryId = request.repository?.id ?? request.repositoryId;
    await this.engine.store.operations.start({
      id,
      kind: request.kind,
      workspaceId: request.workspaceId,
      ...(repositoryId === undefined ? {} : { repositoryId }),
      initiator,
      userId: user.id,
      ...(sessionId === undefined ? {} : { sessionId }),
      correlationId,
      input: redactor.plain(request.input),
      owner: this.engine.instanceId,
      createdAt,
    });
  }

  async #renewAll(): Promise<void> {
    const ceilingMs = this.engine.env.writeLockTimeoutMinutes * 60_000;
    for (const { live } of this.#live.values()) {
      if (live.idleMs() > ceilingMs) {
        live.abort(
          new AppError(
            "LockLost",
            `There was no progress for ${String(this.engine.env.writeLockTimeoutMinutes)} minutes, so the operation stopped and its locks were released.`,
          ),
        );
      } else await live.renew();
    }
  }

  async #heartbeat(): Promise<void> {
    const { store, instanceId } = this.engine;
    for (const id of await store.operations.heartbeat(instanceId, this.running()))
      this.#live.get(id)?.live.abort(operationLost(id));
  }

  async #pollCancel(): Promise<void> {
    for (const id of await this.engine.store.operations.cancelRequested(this.running())) {
      this.#live
        .get(id)
        ?.live.abort(
          new AppError("Cancelled", "The operation was cancelled. What it did before that is kept."),
        );
    }
  }

  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    const windDown = Math.min(WIND_DOWN_MS, graceMs);
    await this.#settled(graceMs - windDown);
    for (const { live } of this.#live.values()) live.abort(interrupted());
    await this.#settled(windDown);
    for (const { live } of this.#live.values()) await this.#endNow(live);
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Writes the end of an operation that did not come to it, or leaves that to recovery. */
  async #endNow(live: LiveOperation): Promise<void> {
    live.giveUp();
    try {
      await live.finish(await endByError(this.engine.store, live.operation, interrupted()));
    } catch (error) {
      const operationId = live.operation.id;
      this.engine.log.warn({ err: error, operationId }, "The next start ends this operation");
    }
  }

  async #settled(ms: number): Promise<void> {
    if (this.#live.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([Promise.all([...this.#live.values()].map(({ done }) => done)), enough]);
    clearTimeout(timer);
  }
}

/** The runner of one server process. */
export function createRunner(engine: RunnerEngine, times: Partial<RunnerTimes> = {}): Runner {
  const all = { ...TIMES, ...times };
  invariant(
    Object.values(all).every((ms) => ms > 0),
    "the runner's intervals are positive",
  );
  return new OperationRunner(engine, all);
}
