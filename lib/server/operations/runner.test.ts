import { afterEach, beforeEach, expect, it } from "vitest";
import type { Event } from "@/lib/domain/event";
import { AppError } from "@/lib/domain/error";
import { BulkPushSummary } from "@/lib/domain/bulk";
import { SecretValue } from "@/lib/domain/repository";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { gitServer, type GitServer, type TestRepository } from "@/lib/testing/git/git-server";
import { aNewWorkspace, contentsOf } from "@/lib/testing/store-builders";
import { systemViewer, type Viewer } from "../viewer";
import { followOperation, waitFor } from "./follow";
import { startPull, startPush } from "./start";
import { startBulkPush } from "./start-bulk";
import type { Ports } from "@/lib/versioning/ports";
import type { OperationEnd, OperationRequest } from "./types";

const PREFIX = "WORKSPACES_STORAGE_GIT_PLATFORM_company_";
const PASSWORD = "canary-password-1234";
const TIMES = { renewMs: 50, heartbeatMs: 50, cancelPollMs: 50 };
const DONE: OperationEnd = { outcome: "succeeded", result: {}, errors: [] };

const viewer: Viewer = systemViewer("user", "correlation-1");

await describeOnDatabases("operations", (database) => {
  let server: GitServer;
  let remote: TestRepository;
  let instance: TestInstance;
  const engine = () => instance.engine;

  beforeEach(async () => {
    server = await gitServer({ user: "ci", password: PASSWORD });
    remote = await server.repository("fleet");
    instance = await startEngine({
      database,
      env: {
        [`${PREFIX}URL`]: remote.url,
        [`${PREFIX}DIRPATH`]: "workspaces",
        [`${PREFIX}AUTH_USER`]: "ci",
        [`${PREFIX}AUTH_PASSWORD`]: PASSWORD,
        WORKSPACES_STORAGE_GIT_PLATFORM_frozen_URL: remote.url,
        WORKSPACES_STORAGE_GIT_PLATFORM_frozen_MODE: "read-only",
        WORKSPACES_STORAGE_GIT_PLATFORM_intake_URL: remote.url,
        WORKSPACES_STORAGE_GIT_PLATFORM_intake_MODE: "write-only",
        WORKSPACES_GROUP_base_LABELS: "base",
        LOG_LEVEL: "silent",
      },
      overrides: { runnerTimes: TIMES },
    });
    const { workspaces } = engine().store;
    for (const id of ["shop", "desk"]) {
      await workspaces.create(
        aNewWorkspace(id, {
          slug: id,
          labels: ["base"],
          contents: contentsOf({
            "index.yml": `name: ${id}\nslug: ${id}\n`,
            "pages/home.yml": "name: Home\n",
          }),
        }),
      );
    }
  });

  afterEach(async () => {
    await instance.close();
    await server.close();
  });

  /** An operation that works until it is told to end. */
  function openEnded(workspaceId = "shop") {
    let end: (end: OperationEnd) => void = () => undefined;
    const request: OperationRequest = {
      kind: "pull",
      workspaceId,
      repositoryId: "company",
      input: {},
      purpose: "pull",
      work: (ports) =>
        Promise.race([
          aborted(ports.signal),
          new Promise<OperationEnd>((resolve) => {
            end = resolve;
          }),
        ]),
    };
    return { request, end: (how: OperationEnd = DONE) => end(how) };
  }

  /** Throws the signal's reason as soon as it is aborted. */
  function aborted(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      const end = () => reject(signal.reason as Error);
      if (signal.aborted) end();
      signal.addEventListener("abort", end);
    });
  }

  async function streamOf(operationId: string, after?: string): Promise<Event[]> {
    const events: Event[] = [];
    const signal = AbortSignal.timeout(30_000);
    const options = { signal, ...(after === undefined ? {} : { after }) };
    for await (const event of followOperation(engine(), operationId, options)) events.push(event);
    return events;
  }

  async function refusal(promise: Promise<unknown>): Promise<AppError> {
    const error = await promise.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof AppError)) throw new Error("Expected to be refused.");
    return error;
  }

  const lockOf = async (id: string) => (await engine().store.locks.current([id])).get(id);

  it("pushes a workspace, ends its stream with operation.completed, and frees the lock", async () => {
    const { operationId } = await startPush(engine(), viewer, "shop", {
      repositoryId: "company",
      name: "v1",
    });
    const events = await streamOf(operationId);
    expect(events.at(-1)).toMatchObject({
      type: "operation.completed",
      payload: { operationId, kind: "push", status: "succeeded", errors: [] },
      source: { workspaceId: "shop", correlationId: "correlation-1" },
    });
    expect(events.map(({ type }) => type)).toContain("workspaces.versions.published");
    const operation = await waitFor(engine(), operationId, 10_000);
    expect(operation).toMatchObject({ state: "done", outcome: "succeeded", initiator: "user" });
    expect(operation?.result).toMatchObject({ version: { name: "v1", repository: { id: "company" } } });
    expect(await lockOf("shop")).toBeUndefined();
    expect(await remote.read("main", "workspaces/shop/pages/home.yml")).toContain("name: Home");
  });

  it("resumes a stream from a cursor with no gap and no duplicate, in another server process too", async () => {
    const { operationId } = await startPush(engine(), viewer, "shop", { repositoryId: "company" });
    const all = await streamOf(operationId);
    const other = await database.open();
    for (const [index, event] of all.entries()) {
      const rest: string[] = [];
      const options = { after: event.id, signal: AbortSignal.timeout(30_000) };
      for await (const { id } of followOperation({ store: other }, operationId, options)) rest.push(id);
      // Whoever has seen everything still gets the completed payload, so that no stream is without one.
      const expected = index === all.length - 1 ? [event.id] : all.slice(index + 1).map(({ id }) => id);
      expect(rest).toEqual(expected);
    }
  });

  it("follows an operation that another server process runs while it runs", async () => {
    const slow = openEnded();
    const { operationId } = await engine().runner.start(viewer, slow.request);
    const other = await database.open();
    const types: string[] = [];
    const following = (async () => {
      const signal = AbortSignal.timeout(30_000);
      for await (const { type } of followOperation({ store: other }, operationId, { signal }))
        types.push(type);
    })();
    expect(await waitFor(engine(), operationId, 100)).toBeNull();
    slow.end();
    await following;
    expect(types).toEqual(["operation.completed"]);
  });

  it("refuses a second operation on a locked workspace and says who holds the lock, why and since when", async () => {
    const slow = openEnded();
    const { operationId } = await engine().runner.start(viewer, slow.request);
    const error = await refusal(startPush(engine(), viewer, "shop", { repositoryId: "company" }));
    expect(error).toMatchObject({ code: "WorkspaceLocked", status: 423 });
    expect(error.details?.writeLock).toMatchObject({ lockedBy: "system", reason: "pull_in_progress" });
    expect(error.message).toMatch(/pull is in progress.*since \d{4}-/);
    slow.end();
    await waitFor(engine(), operationId, 10_000);
    expect(await engine().store.operations.list({ workspaceId: "shop", page: 0, limit: 10 })).toHaveLength(1);
  });

  it("lets a pull alone take over the lock of a merge conflict, and puts it back when the pull fails", async () => {
    const { workspaces } = engine().store;
    const slow = openEnded();
    const { operationId } = await engine().runner.start(viewer, {
      ...slow.request,
      work: async (ports, lease) => {
        await ports.workspaces.write([
          { workspaceId: "shop", guard: { lease }, userId: "ada", events: [], lock: "merge_conflict" },
        ]);
        return DONE;
      },
    });
    await waitFor(engine(), operationId, 10_000);
    expect(await lockOf("shop")).toMatchObject({ kind: "merge_conflict" });
    const push = await refusal(startPush(engine(), viewer, "shop", { repositoryId: "company" }));
    expect(push.details?.writeLock).toMatchObject({ reason: "merge_conflict" });
    server.mood = "down";
    const pull = await startPull(engine(), viewer, "shop", { repositoryId: "company", versionId: "latest" });
    const ended = await waitFor(engine(), pull.operationId, 30_000);
    expect(ended?.errors[0]).toMatchObject({ error: "RemoteUnreachable" });
    expect(await lockOf("shop")).toMatchObject({ kind: "merge_conflict" });
    expect((await workspaces.get("shop"))?.revision).toBe(0);
  });

  it("keeps the lock of a long operation alive and ends it as cancelled when someone asks", async () => {
    const slow = openEnded();
    const { operationId } = await engine().runner.start(viewer, slow.request);
    const before = await lockOf("shop");
    await expect
      .poll(async () => (await lockOf("shop"))?.expiresAt, { timeout: 5000 })
      .not.toBe(before?.expiresAt);
    expect(await engine().store.operations.requestCancel(operationId, "ada")).toBe(true);
    const events = await streamOf(operationId);
    expect(events.at(-1)?.payload).toMatchObject({
      status: "cancelled",
      errors: [{ error: "Cancelled" }],
      mergeConflictWorkspaceIds: [],
    });
    expect(await lockOf("shop")).toBeUndefined();
  });

  it("stops an operation whose lock was cleared, which cannot write any more", async () => {
    let written: unknown;
    const { operationId } = await engine().runner.start(viewer, {
      ...openEnded().request,
      work: async (ports, lease) => {
        await engine().store.locks.clear("shop", []);
        written = await ports.workspaces
          .write([
            { workspaceId: "shop", guard: { lease }, userId: "ada", settings: { name: "Stale" }, events: [] },
          ])
          .catch((error: unknown) => error);
        await aborted(ports.signal);
        return DONE;
      },
    });
    const operation = await waitFor(engine(), operationId, 30_000);
    expect(written).toMatchObject({ code: "LockLost" });
    expect(operation).toMatchObject({ outcome: "failed", errors: [{ error: "LockLost" }] });
    expect((await engine().store.workspaces.get("shop"))?.name).toBe("Workspace shop");
  });

  it("refuses what cannot work before anything starts, naming what is known", async () => {
    const unknown = await refusal(startPush(engine(), viewer, "shop", { repositoryId: "nowhere" }));
    expect(unknown).toMatchObject({
      code: "NotFound",
      details: { known: ["prismeai", "company", "frozen", "intake"] },
    });
    const readOnly = await refusal(startPush(engine(), viewer, "shop", { repositoryId: "frozen" }));
    expect(readOnly).toMatchObject({ code: "RepositoryModeMismatch", status: 409 });
    const writeOnly = await refusal(
      startPull(engine(), viewer, "shop", { repositoryId: "intake", versionId: "latest" }),
    );
    expect(writeOnly.code).toBe("RepositoryModeMismatch");
    const group = await refusal(startBulkPush(engine(), viewer, { groups: ["base", "nothing"] }));
    expect(group).toMatchObject({ code: "NotFound", details: { unknown: ["nothing"], known: ["base"] } });
    expect(await engine().store.operations.list({ page: 0, limit: 10 })).toEqual([]);
  });

  it("runs one bulk operation at a time and ends it with a full summary when the remote is down", async () => {
    server.mood = "down";
    const { operationId } = await startBulkPush(engine(), viewer, { groups: ["base"], name: "v1" });
    const second = await refusal(startBulkPush(engine(), viewer, { groups: ["base"] }));
    expect(second).toMatchObject({ code: "WorkspaceLocked" });
    const last = (await streamOf(operationId)).at(-1);
    expect(last?.type).toBe("workspaces.bulkPush.completed");
    const summary = BulkPushSummary.parse(last?.payload);
    expect(summary.errors[0]).toMatchObject({ error: "RemoteUnreachable" });
    expect(summary.mergeConflictWorkspaceIds).toEqual([]);
    expect(summary.workspaces.map(({ slug }) => slug)).toEqual(["desk", "shop"]);
    expect(await lockOf("platform")).toBeUndefined();
  });

  it("pushes a group and frees the platform's lock before the completed event is told", async () => {
    const first = await startBulkPush(engine(), viewer, { groups: ["base"], name: "v1" });
    const last = (await streamOf(first.operationId)).at(-1);
    expect(BulkPushSummary.parse(last?.payload).pushedWorkspaceIds.sort()).toEqual(["desk", "shop"]);
    const again = await startBulkPush(engine(), viewer, { groups: ["base"] });
    const second = (await streamOf(again.operationId)).at(-1);
    expect(BulkPushSummary.parse(second?.payload).alreadyPushedWorkspaceIds.sort()).toEqual(["desk", "shop"]);
    expect(await remote.fsck()).toBe("");
  });

  it("never lets a credential into events, results or errors", async () => {
    const secret = "canary-secret-value";
    const { operationId } = await engine().runner.start(viewer, {
      ...openEnded().request,
      secrets: [new SecretValue(secret)],
      work: async (ports: Ports) => {
        await ports.journal.emit([
          {
            type: "workspaces.versions.progress",
            workspaceId: "shop",
            operationId: ports.journal.operationId,
            payload: { message: `using ${secret} and ${PASSWORD}` },
            source: ports.source,
          },
        ]);
        throw new AppError("RemoteRejected", `refused ${Buffer.from(`ci:${PASSWORD}`).toString("base64")}`, {
          reason: secret,
        });
      },
    });
    const text = JSON.stringify([await streamOf(operationId), await waitFor(engine(), operationId, 10_000)]);
    expect(text).toContain("[redacted]");
    expect(text).not.toContain("canary");
    expect(text).not.toContain(Buffer.from(`ci:${PASSWORD}`).toString("base64"));
  });

  it("ends running operations as interrupted at shutdown, frees their locks and starts no others", async () => {
    const slow = openEnded();
    const { operationId } = await engine().runner.start(viewer, slow.request);
    await engine().runner.close(200);
    const operation = await engine().store.operations.get(operationId);
    expect(operation).toMatchObject({
      state: "done",
      outcome: "interrupted",
      errors: [{ error: "Interrupted" }],
    });
    expect((await streamOf(operationId)).at(-1)?.type).toBe("operation.completed");
    expect(await lockOf("shop")).toBeUndefined();
    expect((await refusal(engine().runner.start(viewer, slow.request))).code).toBe("Unavailable");
  });
});
