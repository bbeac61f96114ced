import { expect, test } from "vitest";
import type { Lease, Locks } from "@/lib/versioning/ports";
import type { Store } from "@/lib/store";
import { describeOnDatabases } from "@/lib/testing/database";
import { aNewWorkspace, anEvent, contentsOf } from "@/lib/testing/store-builders";

const push = { purpose: "push", userId: "ada" } as const;

async function take(locks: Locks, operationId: string, ids = ["shop"], overConflict = false): Promise<Lease> {
  const { leases } = await locks.acquire({ ...push, operationId, workspaceIds: ids, overConflict });
  const lease = leases.get(ids[0] ?? "");
  if (!lease) throw new Error("The lock was refused.");
  return lease;
}

function editOf(store: Store, lease?: Lease): Promise<void> {
  return store.workspaces.write([
    {
      workspaceId: "shop",
      guard: lease ? { lease } : {},
      userId: "bob",
      contents: contentsOf({ "index.yml": `edit: ${String(Math.random())}\n` }),
      events: [],
    },
  ]);
}

const soon = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

await describeOnDatabases("Write locks", (database) => {
  async function opened(options = {}): Promise<Store> {
    const store = await database.open(options);
    await store.workspaces.create(aNewWorkspace("shop"));
    return store;
  }

  test("a lock is exclusive across server processes, and the refusal names the holder and the reason", async () => {
    const here = await opened();
    const there = await database.open();
    await take(here.locks, "op1");
    const { leases, refused } = await there.locks.acquire({
      ...push,
      purpose: "pull",
      operationId: "op2",
      workspaceIds: ["shop"],
    });
    expect(leases.size).toBe(0);
    expect(refused.get("shop")).toMatchObject({
      kind: "operation",
      reason: "push_in_progress",
      lockedBy: "ada",
    });
  });

  test("of twenty who ask at once for the same two locks in either order, one gets each", async () => {
    const here = await opened();
    await here.workspaces.create(aNewWorkspace("blog"));
    const there = await database.open();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? here : there).locks.acquire({
          ...push,
          operationId: `op${String(index)}`,
          workspaceIds: index % 3 ? ["shop", "blog"] : ["blog", "shop"],
        }),
      ),
    );
    const granted = answers.flatMap(({ leases }) => [...leases.keys()]).sort();
    expect(granted).toEqual(["blog", "shop"]);
  });

  test("edits of a locked workspace are refused with WorkspaceLocked and the lock", async () => {
    const store = await opened();
    await take(store.locks, "op1");
    await expect(editOf(store)).rejects.toMatchObject({
      code: "WorkspaceLocked",
      details: { writeLock: { lockedBy: "ada", reason: "push_in_progress" } },
    });
  });

  test("a lease that ended is free for others, and its holder cannot write once somebody took it", async () => {
    const store = await opened();
    const old = await take(store.locks, "op1");
    await database.expireLocks();
    const other = await database.open();
    const next = await take(other.locks, "op2");
    expect(next.fence).toBeGreaterThan(old.fence);
    await expect(editOf(store, old)).rejects.toMatchObject({ code: "LockLost" });
    expect(await store.locks.renew([old])).toEqual([old]);
    await editOf(other, next);
  });

  test("a holder that was held up longer than its lease goes on when nobody came in between", async () => {
    const store = await opened();
    const lease = await take(store.locks, "op1");
    await database.expireLocks();
    expect(await store.locks.current(["shop"])).toEqual(new Map());
    expect(await store.locks.renew([lease])).toEqual([]);
    expect((await store.locks.current(["shop"])).get("shop")?.operationId).toBe("op1");
    await database.expireLocks();
    await editOf(store, lease);
  });

  test("whoever changes a workspace because a lease ended fences its holder", async () => {
    const store = await opened();
    const lease = await take(store.locks, "op1");
    await database.expireLocks();
    await editOf(store);
    await expect(editOf(store, lease)).rejects.toMatchObject({ code: "LockLost" });
    expect(await store.locks.renew([lease])).toEqual([lease]);
  });

  test("a lease lasts thirty seconds from the last sign of its holder, never longer than the ceiling", async () => {
    const store = await opened();
    const expiry = async () => Date.parse((await store.locks.current(["shop"])).get("shop")?.expiresAt ?? "");
    const lease = await take(store.locks, "op1");
    const lockedAt = Date.parse((await store.locks.current(["shop"])).get("shop")?.lockedAt ?? "");
    expect(await expiry()).toBe(lockedAt + 30_000);
    await soon(20);
    expect(await store.locks.renew([lease])).toEqual([]);
    expect(await expiry()).toBeGreaterThan(lockedAt + 30_000);
    await store.locks.release([lease]);
    const strict = await database.open({ lockTimeoutMinutes: 0.1 });
    await take(strict.locks, "op2");
    const record = (await store.locks.current(["shop"])).get("shop");
    expect(Date.parse(record?.expiresAt ?? "") - Date.parse(record?.lockedAt ?? "")).toBe(6000);
  });

  test("clearing a lock fences the holder that still runs", async () => {
    const store = await opened();
    const lease = await take(store.locks, "op1");
    const cleared = await store.locks.clear("shop", [anEvent("workspaces.writeLock.cleared")]);
    expect(cleared).toMatchObject({ kind: "operation", operationId: "op1" });
    await expect(editOf(store, lease)).rejects.toMatchObject({ code: "LockLost" });
    expect(await store.locks.renew([lease])).toEqual([lease]);
    await editOf(store);
    const events = await store.events.list({ page: 0, limit: 10 });
    expect(events.map((event) => event.type)).toEqual(["workspaces.writeLock.cleared"]);
    expect(await store.locks.clear("shop", [anEvent("workspaces.writeLock.cleared")])).toBeNull();
  });

  test("a released lock is free, and releasing an old lease leaves the new holder's lock", async () => {
    const store = await opened();
    const first = await take(store.locks, "op1");
    await store.locks.release([first]);
    expect(await store.locks.current(["shop"])).toEqual(new Map());
    await take(store.locks, "op2");
    await store.locks.release([first]);
    expect((await store.locks.current(["shop"])).get("shop")?.operationId).toBe("op2");
  });

  test("a merge conflict never expires and only who asks for it may take it over", async () => {
    const store = await opened();
    const lease = await take(store.locks, "op1");
    await store.locks.restoreConflict(lease, { repositoryId: "origin" });
    await database.expireLocks();
    expect((await store.locks.current(["shop"])).get("shop")).toMatchObject({
      kind: "merge_conflict",
      reason: "merge_conflict",
      repositoryId: "origin",
      expiresAt: undefined,
    });
    await expect(take(store.locks, "op2")).rejects.toThrow();
    const { leases } = await store.locks.acquire({
      ...push,
      operationId: "op3",
      workspaceIds: ["shop"],
      overConflict: true,
    });
    expect(leases.get("shop")?.previousConflict).toMatchObject({
      kind: "merge_conflict",
      repositoryId: "origin",
    });
  });

  test("a conflict stands again when the operation that had taken it over died", async () => {
    const store = await opened();
    const first = await take(store.locks, "op1");
    await store.locks.restoreConflict(first, { repositoryId: "origin" });
    await take(store.locks, "op2", ["shop"], true);
    expect((await store.locks.current(["shop"])).get("shop")?.kind).toBe("operation");
    await database.expireLocks();
    expect((await store.locks.current(["shop"])).get("shop")?.kind).toBe("merge_conflict");
    await expect(editOf(store)).rejects.toMatchObject({ code: "WorkspaceLocked" });
    expect((await store.workspaces.list({ locked: "merge_conflict", page: 0, limit: 9 })).length).toBe(1);
  });

  test("a person's lock keeps its own words and ends at the ceiling", async () => {
    const store = await opened({ lockTimeoutMinutes: 10 });
    await store.locks.set("shop", { reason: "Release freeze", userId: "eve", events: [anEvent("set")] });
    const record = (await store.locks.current(["shop"])).get("shop");
    expect(Date.parse(record?.expiresAt ?? "") - Date.parse(record?.lockedAt ?? "")).toBe(600_000);
    expect(record).toMatchObject({
      kind: "manual",
      reason: "Release freeze",
      lockedBy: "eve",
    });
    await expect(
      store.locks.set("shop", { reason: "again", userId: "bob", events: [] }),
    ).rejects.toMatchObject({ code: "WorkspaceLocked" });
    await database.expireLocks();
    expect(await store.locks.current(["shop"])).toEqual(new Map());
    await editOf(store);
  });

  test("the same operation takes its locks again after a crash, and its earlier lease is fenced", async () => {
    const store = await opened();
    const before = await take(store.locks, "op1");
    expect((await store.locks.heldBy("op1")).map((lock) => lock.workspaceId)).toEqual(["shop"]);
    const after = await take(store.locks, "op1");
    await expect(editOf(store, before)).rejects.toMatchObject({ code: "LockLost" });
    await editOf(store, after);
  });

  test("recovery finds and frees the expired locks of an operation", async () => {
    const store = await opened();
    await take(store.locks, "op1");
    await database.expireLocks();
    const [held] = await store.locks.heldBy("op1");
    expect(held).toMatchObject({ kind: "operation", workspaceId: "shop" });
    await store.locks.release([{ workspaceId: "shop", fence: held?.fence ?? -1, operationId: "op1" }]);
    expect(await store.locks.heldBy("op1")).toEqual([]);
  });

  test("a workspace that does not exist is neither leased nor refused", async () => {
    const store = await opened();
    const { leases, refused } = await store.locks.acquire({
      ...push,
      operationId: "op1",
      workspaceIds: ["gone"],
    });
    expect([leases.size, refused.size]).toEqual([0, 0]);
  });
});
