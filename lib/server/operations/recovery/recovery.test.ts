import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AppError } from "@/lib/domain/error";
import { BulkPushSummary } from "@/lib/domain/bulk";
import type { Event } from "@/lib/domain/event";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { gitServer, type GitServer, type TestRepository } from "@/lib/testing/git/git-server";
import { aNewWorkspace, contentsOf } from "@/lib/testing/store-builders";
import type { Repositories, RepositorySession } from "@/lib/versioning/ports";
import { systemViewer } from "../../viewer";
import { followOperation, waitFor } from "../follow";
import { overriding } from "../leases";
import { RecoveryWatch } from "./recovery-watch";
import { startPull, startPush } from "../start";
import { startBulkPush } from "../start-bulk";

const PREFIX = "WORKSPACES_STORAGE_GIT_PLATFORM_company_";
const viewer = systemViewer("user", "correlation-1");
// A process that is to look dead gives no sign of life after its start.
const SILENT = { renewMs: 3_600_000, heartbeatMs: 3_600_000, cancelPollMs: 3_600_000 };

/** Repositories whose process comes to a halt for good at the `nth` push: before it is sent, or after it arrived. */
function haltingAt(
  inner: Repositories,
  when: "before" | "after",
  nth: number,
): Repositories & { halted: Promise<void> } {
  let tell: () => void = () => undefined;
  const halted = new Promise<void>((resolve) => {
    tell = resolve;
  });
  let pushes = 0;
  const halting = (session: RepositorySession) =>
    overriding(session, {
      push: async (updates) => {
        pushes += 1;
        if (pushes !== nth) return session.push(updates);
        if (when === "after") await session.push(updates);
        tell();
        return new Promise(() => undefined);
      },
    });
  return {
    ...inner,
    halted,
    open: async (repository, options) => halting(await inner.open(repository, options)),
  };
}

await describeOnDatabases("recovery", (database) => {
  let server: GitServer;
  let remote: TestRepository;
  let alive: TestInstance;
  const instances: TestInstance[] = [];

  async function anInstance(overrides: Parameters<typeof startEngine>[0] = {}): Promise<TestInstance> {
    const instance = await startEngine({
      database,
      env: {
        [`${PREFIX}URL`]: remote.url,
        [`${PREFIX}DIRPATH`]: "workspaces",
        SWITCHYARD_MASTER_KEY: "ab".repeat(32),
        WORKSPACES_GROUP_base_LABELS: "base",
        LOG_LEVEL: "silent",
      },
      ...overrides,
    });
    instances.push(instance);
    return instance;
  }

  beforeEach(async () => {
    server = await gitServer();
    remote = await server.repository("fleet");
    alive = await anInstance();
    for (const id of ["shop", "desk"]) {
      await alive.engine.store.workspaces.create(
        aNewWorkspace(id, {
          slug: id,
          labels: ["base"],
          contents: contentsOf({
            "index.yml": `name: ${id}\nslug: ${id}\n`,
            "pages/home.yml": `name: ${id}\n`,
          }),
        }),
      );
    }
  });

  afterEach(async () => {
    for (const instance of instances.splice(0)) await instance.close(0);
    await server.close();
  });

  /** A server process that halts at its `nth` push, and a watch in the living one that takes it for dead. */
  async function aDoomedInstance(when: "before" | "after", nth = 1) {
    const repositories = haltingAt(alive.engine.repositories, when, nth);
    const { engine } = await anInstance({
      overrides: { repositories, runnerTimes: SILENT, instanceId: "elsewhere/1/doomed" },
      database,
      env: {
        [`${PREFIX}URL`]: remote.url,
        [`${PREFIX}DIRPATH`]: "workspaces",
        SWITCHYARD_MASTER_KEY: "ab".repeat(32),
        WORKSPACES_GROUP_base_LABELS: "base",
        LOG_LEVEL: "silent",
      },
    });
    return { engine, halted: repositories.halted };
  }

  const watch = () => new RecoveryWatch(alive.engine, { deadMs: -1000, giveUpMs: 60_000, settleMs: 1000 });

  async function lastEvent(operationId: string): Promise<Event | undefined> {
    let last: Event | undefined;
    const signal = AbortSignal.timeout(30_000);
    for await (const event of followOperation(alive.engine, operationId, { signal })) last = event;
    return last;
  }

  const locks = async () => (await alive.engine.store.locks.current(["shop", "desk", "platform"])).size;

  it("records a push that the remote had received when the process died", async () => {
    const doomed = await aDoomedInstance("after");
    const { operationId } = await startPush(doomed.engine, viewer, "shop", {
      repositoryId: "company",
      name: "v1",
    });
    await doomed.halted;
    await watch().look();
    expect((await lastEvent(operationId))?.payload).toMatchObject({
      status: "succeeded",
      result: { version: { name: "v1" } },
      errors: [],
    });
    expect(await alive.engine.store.workspaces.get("shop")).toMatchObject({
      dirty: false,
      lastPush: { version: "v1", repositoryId: "company" },
    });
    expect(await locks()).toBe(0);
    const again = await startPush(alive.engine, viewer, "shop", { repositoryId: "company" });
    const second = await waitFor(alive.engine, again.operationId, 30_000);
    expect(second?.result).toMatchObject({ unchanged: true });
    expect(await remote.git("rev-list", "--count", "main")).toMatch(/^1$/);
  });

  it("ends a push as done whose process died after it had recorded it", async () => {
    const doomed = await aDoomedInstance("before", 2);
    const { operations } = doomed.engine.store;
    const recorded = new Promise<void>((resolve) => {
      Object.assign(operations, { finish: () => (resolve(), new Promise(() => undefined)) });
    });
    const { operationId } = await startPush(doomed.engine, viewer, "shop", { repositoryId: "company" });
    await recorded;
    await watch().look();
    expect(await waitFor(alive.engine, operationId, 1000)).toMatchObject({
      outcome: "succeeded",
      result: { recovered: true },
    });
  });

  it("records a push whose result the database could not store, without a word of a server that stopped", async () => {
    const { workspaces } = alive.engine.store;
    const write = workspaces.write.bind(workspaces);
    let isFull = true;
    Object.assign(workspaces, {
      write: (changes: Parameters<typeof write>[0]) => {
        if (isFull && changes.some(({ lastPush }) => lastPush))
          return Promise.reject(new AppError("Unavailable", "The disk is full."));
        return write(changes);
      },
    });
    const { operationId } = await startPush(alive.engine, viewer, "shop", { repositoryId: "company" });
    while (alive.engine.runner.isRunning(operationId)) await sleep(20);
    expect(await locks()).toBe(0);
    isFull = false;
    await watch().look();
    expect(await waitFor(alive.engine, operationId, 1000)).toMatchObject({
      outcome: "succeeded",
      errors: [],
    });
    expect(await alive.engine.store.workspaces.get("shop")).toMatchObject({ dirty: false });
  });

  it("abandons a push that never reached the remote, and the next push does it", async () => {
    const doomed = await aDoomedInstance("before");
    const { operationId } = await startPush(doomed.engine, viewer, "shop", {
      repositoryId: "company",
      name: "v1",
    });
    await doomed.halted;
    await watch().look();
    expect((await lastEvent(operationId))?.payload).toMatchObject({
      status: "interrupted",
      errors: [{ error: "Interrupted" }],
    });
    expect(await alive.engine.store.workspaces.get("shop")).toMatchObject({ dirty: true });
    expect(await locks()).toBe(0);
    const again = await startPush(alive.engine, viewer, "shop", { repositoryId: "company", name: "v1" });
    expect(await waitFor(alive.engine, again.operationId, 30_000)).toMatchObject({ outcome: "succeeded" });
  });

  it("gives an interrupted bulk push its completed event, naming what was pushed", async () => {
    const doomed = await aDoomedInstance("after");
    const { operationId } = await startBulkPush(doomed.engine, viewer, { groups: ["base"], name: "v1" });
    await doomed.halted;
    await watch().look();
    const last = await lastEvent(operationId);
    expect(last?.type).toBe("workspaces.bulkPush.completed");
    const summary = BulkPushSummary.parse(last?.payload);
    expect(summary.pushedWorkspaceIds.sort()).toEqual(["desk", "shop"]);
    expect(summary.errors).toMatchObject([{ error: "Interrupted" }]);
    expect(await alive.engine.store.operations.get(operationId)).toMatchObject({ outcome: "interrupted" });
    expect(await locks()).toBe(0);
    expect(await remote.fsck()).toBe("");
  });

  it("ends a bulk push as done when its tag is there, and else says that it is not and how to get it", async () => {
    for (const when of ["after", "before"] as const) {
      for (const id of ["shop", "desk"])
        await alive.engine.store.workspaces.write([
          {
            workspaceId: id,
            guard: {},
            userId: "ada",
            contents: contentsOf({ "index.yml": `name: ${id}\nslug: ${id}\ndescription: ${when}\n` }),
            events: [],
          },
        ]);
      const doomed = await aDoomedInstance(when, 2);
      const { operationId } = await startBulkPush(doomed.engine, viewer, { groups: ["base"], name: when });
      await doomed.halted;
      await watch().look();
      const summary = BulkPushSummary.parse((await lastEvent(operationId))?.payload);
      expect(summary.pushedWorkspaceIds.sort()).toEqual(["desk", "shop"]);
      const outcome = (await alive.engine.store.operations.get(operationId))?.outcome;
      if (when === "after") expect([outcome, summary.errors]).toEqual(["succeeded", []]);
      else {
        expect(outcome).toBe("interrupted");
        expect(summary.errors[0]?.message).toContain("has no tag yet");
        const again = await startBulkPush(alive.engine, viewer, { groups: ["base"], name: when });
        expect(await waitFor(alive.engine, again.operationId, 30_000)).toMatchObject({
          outcome: "succeeded",
        });
      }
      expect(await remote.git("rev-parse", when)).toBe(await remote.git("rev-parse", "main"));
    }
  });

  it("names what an interrupted bulk push did not reach, and the next one completes", async () => {
    const doomed = await aDoomedInstance("before");
    const { operationId } = await startBulkPush(doomed.engine, viewer, { groups: ["base"], name: "v1" });
    await doomed.halted;
    await watch().look();
    const summary = BulkPushSummary.parse((await lastEvent(operationId))?.payload);
    expect(summary.pushedWorkspaceIds).toEqual([]);
    expect(summary.workspaces.map(({ status, reason }) => [status, reason?.slice(0, 10)])).toEqual([
      ["candidate", "Not pushed"],
      ["candidate", "Not pushed"],
    ]);
    const again = await startBulkPush(alive.engine, viewer, { groups: ["base"], name: "v1" });
    const second = BulkPushSummary.parse((await lastEvent(again.operationId))?.payload);
    expect(second.pushedWorkspaceIds.sort()).toEqual(["desk", "shop"]);
    expect(second.errors).toEqual([]);
  });

  it("does not wait for a remote that is away: the locks are free, and it is asked again", async () => {
    const doomed = await aDoomedInstance("after");
    const { operationId } = await startPush(doomed.engine, viewer, "shop", {
      repositoryId: "company",
      name: "v1",
    });
    await doomed.halted;
    server.mood = "down";
    const recovery = watch();
    await recovery.look();
    expect(await locks()).toBe(0);
    expect((await alive.engine.store.operations.get(operationId))?.state).toBe("running");
    server.mood = "up";
    await recovery.look();
    expect(await waitFor(alive.engine, operationId, 1000)).toMatchObject({ outcome: "succeeded" });
  });

  it("leaves operations of living processes alone", async () => {
    const { engine, halted } = await aDoomedInstance("before");
    const { operationId } = await startPush(engine, viewer, "shop", { repositoryId: "company" });
    await halted;
    await new RecoveryWatch(alive.engine, { deadMs: 30_000 }).look();
    expect((await alive.engine.store.operations.get(operationId))?.state).toBe("running");
    expect(await locks()).toBe(1);
  });

  it("fences off a process that was taken for dead but only slept", async () => {
    const doomed = await aDoomedInstance("before");
    await startPush(doomed.engine, viewer, "shop", { repositoryId: "company" });
    await doomed.halted;
    const held = (await alive.engine.store.locks.current(["shop"])).get("shop");
    await watch().look();
    const lease = { workspaceId: "shop", fence: held?.fence ?? 0, operationId: held?.operationId ?? "" };
    const late = doomed.engine.store.workspaces.write([
      { workspaceId: "shop", guard: { lease }, userId: "ada", settings: { name: "Late" }, events: [] },
    ]);
    await expect(late).rejects.toMatchObject({ code: "LockLost" });
  });

  it("keeps a merge conflict that an interrupted pull had taken over", async () => {
    const { engine } = alive;
    const first = await startPush(engine, viewer, "shop", { repositoryId: "company" });
    await waitFor(engine, first.operationId, 30_000);
    const contents = contentsOf({ "index.yml": "name: shop\nslug: shop\n", "pages/new.yml": "name: new\n" });
    await engine.store.workspaces.write([
      { workspaceId: "shop", guard: {}, userId: "ada", contents, events: [] },
    ]);
    const { leases } = await engine.store.locks.acquire({
      workspaceIds: ["shop"],
      purpose: "pull",
      operationId: "earlier",
      userId: "ada",
    });
    const lease = leases.get("shop");
    if (!lease) throw new Error("The lock is free.");
    await engine.store.locks.restoreConflict(lease, { repositoryId: "company" });
    await remote.commit({ "workspaces/shop/pages/home.yml": "name: theirs\n" });
    const doomed = await aDoomedInstance("before");
    await startPull(doomed.engine, viewer, "shop", { repositoryId: "company", versionId: "latest" });
    await doomed.halted;
    await watch().look();
    expect((await engine.store.locks.current(["shop"])).get("shop")).toMatchObject({
      kind: "merge_conflict",
    });
  });
});
