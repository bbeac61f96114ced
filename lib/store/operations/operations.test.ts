import { expect, test } from "vitest";
import type { NewOperation, Store } from "@/lib/store";
import type { PushAttempt } from "@/lib/versioning/ports";
import { describeOnDatabases } from "@/lib/testing/database";
import { aNewWorkspace, anEvent } from "@/lib/testing/store-builders";

const OWNER = "process-1";
const LIVES = { leaseMs: 30_000 };
const ENDED = { leaseMs: -1000 };

function anOperation(id: string, differs: Partial<NewOperation> = {}): NewOperation {
  return {
    id,
    kind: "push",
    workspaceId: "shop",
    initiator: "user",
    userId: "ada",
    correlationId: `c-${id}`,
    input: { name: "1.0" },
    owner: OWNER,
    createdAt: new Date("2026-01-01T00:00:00Z"),
    ...differs,
  };
}

const ending = (events = [anEvent("operation.completed")]) => ({
  outcome: "succeeded" as const,
  result: { version: "1.0" },
  errors: [],
  events,
  at: new Date("2026-01-01T00:01:00Z"),
});

const attempt: PushAttempt = { repositoryId: "origin", updates: [], workspaces: [] };

await describeOnDatabases("The operation log", (database) => {
  async function opened(): Promise<Store> {
    const store = await database.open();
    await store.workspaces.create(aNewWorkspace("shop", { slug: "shop", name: "Shop" }));
    await store.accounts.createUser({
      id: "ada",
      email: "Ada@Example.org",
      firstName: "Ada",
      lastName: "L",
      passwordHash: null,
      superAdmin: false,
    });
    return store;
  }

  test("an operation runs until it is finished, and says for which workspace and by whom", async () => {
    const store = await opened();
    await store.operations.start(anOperation("op1", { repositoryId: "origin", sessionId: "s1" }));
    expect(await store.operations.get("op1")).toEqual({
      id: "op1",
      kind: "push",
      state: "running",
      workspaceId: "shop",
      workspaceName: "Shop",
      workspaceSlug: "shop",
      repositoryId: "origin",
      initiator: "user",
      userId: "ada",
      userEmail: "ada@example.org",
      correlationId: "c-op1",
      createdAt: "2026-01-01T00:00:00.000Z",
      input: { name: "1.0" },
      errors: [],
    });
    expect(await store.operations.finish("op1", OWNER, ending())).toBe(true);
    expect(await store.operations.get("op1")).toMatchObject({
      state: "done",
      outcome: "succeeded",
      finishedAt: "2026-01-01T00:01:00.000Z",
      result: { version: "1.0" },
    });
  });

  test("an operation ends once, and its last events are stored once", async () => {
    const here = await opened();
    const there = await database.open();
    await here.operations.start(anOperation("op1"));
    const endings = await Promise.all([
      here.operations.finish("op1", OWNER, ending()),
      there.operations.finish("op1", OWNER, ending()),
      here.operations.finish("op1", OWNER, ending()),
    ]);
    expect(endings.filter(Boolean)).toHaveLength(1);
    expect(await here.events.lastCursor()).toBe("1");
  });

  test("operations are listed newest first, by workspace, kind, state and what may be read", async () => {
    const store = await opened();
    for (const [id, differs] of [
      ["a", { createdAt: new Date("2026-01-01T00:00:00Z") }],
      ["b", { createdAt: new Date("2026-01-02T00:00:00Z"), kind: "pull" }],
      ["c", { createdAt: new Date("2026-01-03T00:00:00Z"), workspaceId: "blog" }],
    ] as const) {
      await store.operations.start(anOperation(id, differs));
    }
    await store.operations.finish("a", OWNER, ending([]));
    const ids = async (query = {}) =>
      (await store.operations.list({ page: 0, limit: 10, ...query })).map(({ id }) => id);
    expect(await ids()).toEqual(["c", "b", "a"]);
    expect(await ids({ workspaceId: "shop" })).toEqual(["b", "a"]);
    expect(await ids({ kind: "pull" })).toEqual(["b"]);
    expect(await ids({ state: "done" })).toEqual(["a"]);
    expect(await ids({ readable: ["blog"] })).toEqual(["c"]);
    expect(await ids({ limit: 1, page: 1 })).toEqual(["b"]);
  });

  test("a running operation can be asked to stop, one that ended cannot", async () => {
    const store = await opened();
    await store.operations.start(anOperation("op1"));
    await store.operations.start(anOperation("op2"));
    expect(await store.operations.requestCancel("op1", "bob")).toBe(true);
    expect(await store.operations.requestCancel("op1", "bob")).toBe(true);
    expect(await store.operations.cancelRequested(["op1", "op2"])).toEqual(["op1"]);
    await store.operations.finish("op1", OWNER, ending([]));
    expect(await store.operations.requestCancel("op1", "bob")).toBe(false);
    expect(await store.operations.cancelRequested(["op1"])).toEqual([]);
  });

  test("operations of a silent or dead process are taken over by one other process", async () => {
    const here = await opened();
    const there = await database.open();
    await here.operations.start(anOperation("op1"));
    await here.operations.heartbeat(OWNER, ["op1"]);
    expect(await there.operations.takeOver("process-2", LIVES)).toEqual([]);
    const dead = { ...LIVES, isDead: (owner: string) => owner === OWNER };
    const taken = await Promise.all([
      here.operations.takeOver("process-2", dead),
      there.operations.takeOver("process-3", dead),
    ]);
    expect(taken.flat()).toHaveLength(1);
    expect(taken.flat()[0]).toMatchObject({ id: "op1", takenBecause: "dead", repositoryId: undefined });
    expect(await here.operations.takeOver("process-4", ENDED)).toMatchObject([
      { id: "op1", owner: "process-4", takenBecause: "silent" },
    ]);
    await here.operations.finish("op1", "process-4", ending([]));
    expect(await here.operations.takeOver("process-5", ENDED)).toEqual([]);
  });

  test("the clock of the database measures leases, whatever that of a server process says", async () => {
    const here = await opened();
    const fast = await database.open({ clock: () => new Date(Date.now() + 3_600_000) });
    await here.operations.start(anOperation("op1"));
    // An embedded database has no clock of its own; its processes share the one of their machine.
    const found = database.provider === "sqlite" ? [{ id: "op1" }] : [];
    expect(await fast.operations.takeOver("process-2", LIVES)).toMatchObject(found);
  });

  test("whether a process works on an operation is asked while its row is held, and by nothing read before", async () => {
    const here = await opened();
    const running = new Set<string>();
    let isAsked = 0;
    const rule = {
      ...ENDED,
      isRunning: (id: string) => {
        isAsked++;
        return running.has(id);
      },
    };
    const looking = here.operations.takeOver(OWNER, rule);
    running.add("op1");
    await here.operations.start(anOperation("op1"));
    expect(await looking).toEqual([]);
    expect(await here.operations.takeOver(OWNER, rule)).toEqual([]);
    expect(isAsked).toBeGreaterThan(0);
    running.clear();
    expect(await here.operations.takeOver(OWNER, LIVES)).toEqual([]);
    expect(await here.operations.takeOver(OWNER, rule)).toMatchObject([{ id: "op1", takenBecause: "left" }]);
  });

  test("a process that lost an operation to another can neither go on with it nor end it", async () => {
    const here = await opened();
    const there = await database.open();
    await here.operations.start(anOperation("op1"));
    await here.operations.start(anOperation("op2"));
    await there.operations.takeOver("process-2", { ...LIVES, isDead: () => true });
    expect((await here.operations.heartbeat(OWNER, ["op1", "op2", "not-written-yet"])).sort()).toEqual([
      "op1",
      "op2",
    ]);
    await expect(
      here.operations.appendJournal("op1", OWNER, "attempt", { ...attempt }, new Date()),
    ).rejects.toMatchObject({ code: "LockLost" });
    expect(await here.operations.finish("op1", OWNER, ending())).toBe(false);
    expect(await here.operations.get("op1")).toMatchObject({ state: "running" });
    expect(await there.operations.finish("op1", "process-2", ending())).toBe(true);
    await expect(
      there.operations.appendJournal("op1", "process-2", "attempt", { ...attempt }, new Date()),
    ).rejects.toMatchObject({ code: "LockLost" });
  });

  test("the journal numbers its entries, also when several are written at once", async () => {
    const here = await opened();
    const there = await database.open();
    await here.operations.start(anOperation("op1"));
    const numbers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        (index % 2 ? here : there).operations.appendJournal("op1", OWNER, "phase", { index }, new Date()),
      ),
    );
    expect(numbers.sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await here.operations.journal("op1")).map((entry) => entry.sequence)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("attempts stay open until they are settled", async () => {
    const store = await opened();
    await store.operations.start(anOperation("op1"));
    const first = await store.operations.appendJournal("op1", OWNER, "attempt", { ...attempt }, new Date());
    const second = await store.operations.appendJournal("op1", OWNER, "attempt", { ...attempt }, new Date());
    await store.operations.appendJournal("op1", OWNER, "fetched", {}, new Date());
    await store.operations.settleJournal("op1", first, "recorded");
    expect(await store.operations.attempts("op1")).toEqual([
      { sequence: first, outcome: "recorded", attempt },
      { sequence: second, outcome: null, attempt },
    ]);
    expect((await store.operations.journal("op1"))[0]?.outcome).toBe("recorded");
  });

  test("one process at a time holds a job, and its end or its lease frees it", async () => {
    const here = await opened();
    const there = await database.open();
    const asked = await Promise.all([
      here.jobs.acquire("startup-import", "one", 60_000),
      there.jobs.acquire("startup-import", "two", 60_000),
    ]);
    expect(asked.filter(Boolean)).toHaveLength(1);
    const holder = asked[0] ? "one" : "two";
    const other = asked[0] ? "two" : "one";
    expect(await here.jobs.acquire("startup-import", holder, 60_000)).toBe(true);
    await here.jobs.release("startup-import", other);
    expect(await here.jobs.acquire("startup-import", other, 60_000)).toBe(false);
    await here.jobs.release("startup-import", holder);
    expect(await here.jobs.acquire("startup-import", other, 0)).toBe(true);
    expect(await there.jobs.acquire("startup-import", holder, 60_000)).toBe(true);
  });

  test("a setting is settled once, whatever its value is", async () => {
    const here = await opened();
    const there = await database.open();
    expect(await here.jobs.setting("key")).toBeNull();
    const [first, second] = await Promise.all([
      here.jobs.settleSetting("key", "0012"),
      there.jobs.settleSetting("key", "other"),
    ]);
    expect(first).toEqual(second);
    expect(await here.jobs.setting("key")).toEqual(first);
    expect(await here.jobs.settleSetting("number", "12")).toBe("12");
  });
});
