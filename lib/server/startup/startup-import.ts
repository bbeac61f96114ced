import { nanoid } from "nanoid";
import { AppError, errorBody, errorCode } from "@/lib/domain/error";
import type { Operation } from "@/lib/domain/operation";
import { PLATFORM_WORKSPACE_ID } from "@/lib/domain/workspace";
import type { Engine } from "../engine";
import { waitFor } from "../operations/follow";
import { startBulkImport } from "../operations/start-bulk";
import type { StartupGroup } from "../startup-state";
import { systemViewer } from "../viewer";

type ImportEngine = Pick<
  Engine,
  "env" | "store" | "log" | "redactor" | "masterKey" | "instanceId" | "runner" | "startup"
>;

const JOB = "startup-import";
const LEASE_MS = 30_000;
const LOOK_AGAIN_MS = 2000;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}

/** Whether the operation itself ended early, rather than some of its workspaces. */
function wasAborted({ outcome, errors, result }: Operation): boolean {
  if (outcome === "cancelled" || outcome === "interrupted") return true;
  const rows = Array.isArray(result?.workspaces) ? (result.workspaces as { errors?: unknown[] }[]) : [];
  const inRows = rows.reduce((total, row) => total + (row.errors?.length ?? 0), 0);
  return errors.length > inRows;
}

const CUT_OFF: ReadonlySet<string> = new Set(["Interrupted", "LockLost", "Unavailable"]);
const MOST_TRIES = 5;

/** Whether a process or its database failed the operation, rather than the repository or somebody's wish. */
function wasCutOff({ outcome, errors }: Operation): boolean {
  return (
    outcome === "interrupted" || (outcome === "failed" && errors.some(({ error }) => CUT_OFF.has(error)))
  );
}

class StartupImport {
  readonly #since = new Date();

  constructor(
    private readonly engine: ImportEngine,
    private readonly repositoryId: string,
    private readonly signal: AbortSignal,
  ) {}

  /** What another process imported for this group since this one started; an interrupted run does not count. */
  async #doneElsewhere(group: string | null): Promise<Operation | null> {
    const operations = await this.engine.store.operations.list({
      workspaceId: PLATFORM_WORKSPACE_ID,
      kind: "bulkImport",
      page: 0,
      limit: 100,
    });
    const same = operations.find((operation) => {
      const { initiator, repositoryId, input, finishedAt } = operation;
      return (
        initiator === "startup" &&
        repositoryId === this.repositoryId &&
        JSON.stringify(input.groups ?? null) === JSON.stringify(group === null ? null : [group]) &&
        finishedAt !== undefined &&
        new Date(finishedAt) >= this.#since &&
        !wasCutOff(operation)
      );
    });
    return same ?? null;
  }

  /** The group's import: that of another process, or one of our own as soon as no other bulk operation runs. */
  async #operation(state: StartupGroup): Promise<Operation> {
    const { group } = state;
    const viewer = systemViewer("startup", `startup-${nanoid(10)}`);
    const request = { repository: { id: this.repositoryId }, ...(group === null ? {} : { groups: [group] }) };
    for (;;) {
      const done = await this.#doneElsewhere(group);
      if (done) return done;
      try {
        const { operationId } = await startBulkImport(this.engine, viewer, request);
        state.operationId = operationId;
        return await this.#end(operationId);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== "WorkspaceLocked") throw error;
        await this.#pause();
      }
    }
  }

  async #end(operationId: string): Promise<Operation> {
    for (;;) {
      const operation = await waitFor(this.engine, operationId, 60_000, this.signal);
      if (operation) return operation;
      this.signal.throwIfAborted();
    }
  }

  async #pause(): Promise<void> {
    await pause(LOOK_AGAIN_MS, this.signal);
    this.signal.throwIfAborted();
  }

  async #import(state: StartupGroup): Promise<void> {
    state.status = "running";
    let operation = await this.#operation(state);
    // What stopped the operation says nothing against the group, and the groups after it wait for it.
    for (let tries = 1; tries < MOST_TRIES && wasCutOff(operation); tries++) {
      await this.#pause();
      operation = await this.#operation(state);
    }
    state.operationId = operation.id;
    state.status = wasAborted(operation) ? "aborted" : "done";
    const [error] = operation.errors;
    if (error) state.error = errorCode(error.error);
  }

  async #importAll(): Promise<void> {
    const { startup, log } = this.engine;
    startup.status = "running";
    for (const state of startup.groups) {
      const stopped = startup.groups.find(({ status }) => status === "aborted");
      if (stopped) {
        state.status = "skipped";
        state.after = stopped.group;
        continue;
      }
      try {
        await this.#import(state);
      } catch (error) {
        if (this.signal.aborted) return;
        state.status = "aborted";
        state.error = error instanceof AppError ? error.code : "Internal";
        log.error({ err: error, group: state.group }, "The import at start failed");
      }
    }
    startup.status = startup.groups.every(({ status }) => status === "done") ? "done" : "failed";
    log.info({ startup }, "The import at start has ended");
  }

  /** Waits for its turn, imports, and keeps the lease as long as that takes. */
  async run(): Promise<void> {
    const { jobs } = this.engine.store;
    const { instanceId } = this.engine;
    while (!(await jobs.acquire(JOB, instanceId, LEASE_MS))) {
      await pause(LOOK_AGAIN_MS, this.signal);
      if (this.signal.aborted) return;
    }
    const renewal = setInterval(() => {
      jobs.acquire(JOB, instanceId, LEASE_MS).catch((error: unknown) => {
        this.engine.log.warn({ err: error }, "The lease of the import at start could not be prolonged");
      });
    }, LEASE_MS / 3);
    try {
      await this.#importAll();
    } finally {
      clearInterval(renewal);
      await jobs.release(JOB, instanceId);
    }
  }
}

/** Imports at start, group by group, in one server process at a time. Never throws: the server serves anyway. */
export async function runStartupImport(engine: ImportEngine, signal: AbortSignal): Promise<void> {
  const wanted = engine.env.startupImport;
  if (!wanted) return;
  try {
    await new StartupImport(engine, wanted.repositoryId, signal).run();
  } catch (error) {
    engine.startup.status = "failed";
    if (signal.aborted) return;
    for (const group of engine.startup.groups)
      if (group.status === "pending" || group.status === "running")
        Object.assign(group, {
          status: "aborted",
          error: errorBody(error).error,
        } satisfies Partial<StartupGroup>);
    engine.log.error({ err: error }, "The import at start failed");
  }
}
