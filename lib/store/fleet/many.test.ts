import { expect, test } from "vitest";
import type { WorkspaceWrite } from "@/lib/versioning/ports";
import { describeOnDatabases } from "@/lib/testing/database";
import { aNewWorkspace, aState, aVersion, anEvent, contentsOf } from "@/lib/testing/store-builders";

const COUNT = 1000;
const CHUNK = 200;

await describeOnDatabases("A thousand workspaces", (database) => {
  test("are locked, pushed in chunks and released, each with its version, state and event", async () => {
    const store = await database.open();
    const ids = Array.from({ length: COUNT }, (_, index) => `w${String(index).padStart(4, "0")}`);
    const files = (id: string) =>
      contentsOf(
        Object.fromEntries(
          Array.from({ length: 5 }, (_, n) => [`pages/${String(n)}.yml`, `${id} ${String(n)}`]),
        ),
      );
    for (let start = 0; start < COUNT; start += CHUNK) {
      const some = ids.slice(start, start + CHUNK);
      await store.workspaces.createAll(some.map((id) => aNewWorkspace(id, { contents: files(id) })));
    }
    const { leases, refused } = await store.locks.acquire({
      workspaceIds: ids,
      purpose: "bulk",
      operationId: "op1",
      userId: "ada",
    });
    expect([leases.size, refused.size]).toEqual([COUNT, 0]);
    expect(await store.locks.renew([...leases.values()])).toEqual([]);

    const workspaces = await store.workspaces.find({ ids });
    const writes = workspaces.map(({ id, tree }): WorkspaceWrite => {
      const lease = leases.get(id);
      return {
        workspaceId: id,
        guard: lease ? { lease } : {},
        userId: "ada",
        syncedTree: tree,
        lastPush: {
          createdAt: "2026-01-01T00:00:00.000Z",
          createdBy: "ada",
          version: "1.0",
          repositoryId: "origin",
        },
        state: aState(id, tree),
        versions: [aVersion(id, tree)],
        lock: "release",
        events: [anEvent("workspaces.versions.published", { workspaceId: id })],
      };
    });
    for (let start = 0; start < COUNT; start += CHUNK) {
      await store.workspaces.write(writes.slice(start, start + CHUNK));
    }

    expect(await store.workspaces.counts()).toEqual({
      all: COUNT,
      synced: COUNT,
      dirty: 0,
      behind: 0,
      conflict: 0,
      locked: 0,
    });
    expect((await store.workspaces.workspacesWithVersion("origin", "1.0", ids)).size).toBe(COUNT);
    expect((await store.workspaces.states("origin", ids)).size).toBe(COUNT);
    expect(await store.events.lastCursor()).toBe(String(COUNT));
    const oids = [...(await store.workspaces.files(ids)).values()].flat().map((file) => file.oid);
    expect((await store.workspaces.readObjects(oids)).size).toBe(5 * COUNT);
  }, 300_000);

  test("are changed in one batch of new contents, all or none", async () => {
    const store = await database.open();
    const ids = Array.from({ length: 300 }, (_, index) => `w${String(index)}`);
    for (const id of ids) await store.workspaces.create(aNewWorkspace(id));
    const writes = ids.map((workspaceId): WorkspaceWrite => ({
      workspaceId,
      guard: { revision: 0 },
      userId: "ada",
      contents: contentsOf(
        Object.fromEntries(
          Array.from({ length: 20 }, (_, n) => [`pages/${String(n)}.yml`, `${workspaceId} ${String(n)}`]),
        ),
      ),
      events: [],
    }));
    const late = { ...writes[0], guard: { revision: 7 } } as WorkspaceWrite;
    await expect(store.workspaces.write([...writes, late])).rejects.toMatchObject({
      code: "PreconditionFailed",
    });
    expect((await store.workspaces.find({ ids })).every(({ revision }) => revision === 0)).toBe(true);
    await store.workspaces.write(writes);
    const files = await store.workspaces.files(ids);
    expect([...files.values()].every((list) => list.length === 20)).toBe(true);
  });
});
