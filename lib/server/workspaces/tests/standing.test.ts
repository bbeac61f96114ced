import { expect, test } from "vitest";
import type { FleetCounts } from "@/lib/domain/wire/api";
import type { RepositoryState } from "@/lib/versioning/ports";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { aState } from "@/lib/testing/store-builders";

interface Row {
  slug: string;
  syncStatus: string;
  writeLock?: { reason: string };
}

async function listed(instance: TestInstance, query = ""): Promise<Row[]> {
  const { body } = await instance.call("GET", `/v2/workspaces?limit=100&sort=slug${query}`);
  return body as Row[];
}

/** A workspace that was pushed, and since then stands as `state` says. */
async function aPushed(instance: TestInstance, name: string, state: Partial<RepositoryState> = {}) {
  const created = await instance.call("POST", "/v2/workspaces", { json: { name } });
  const { id } = created.body as { id: string };
  const { workspaces } = instance.engine.store;
  const tree = (await workspaces.get(id))?.tree;
  if (!tree) throw new Error("It was just created.");
  await workspaces.write([
    {
      workspaceId: id,
      guard: {},
      userId: "ada",
      syncedTree: tree,
      state: aState(id, tree, state),
      events: [],
    },
  ]);
  return id;
}

async function inConflict(instance: TestInstance, id: string): Promise<void> {
  const { leases } = await instance.engine.store.locks.acquire({
    workspaceIds: [id],
    purpose: "pull",
    operationId: `pull of ${id}`,
    userId: "ada",
  });
  const lease = leases.get(id);
  if (!lease) throw new Error("Nobody else holds it.");
  await instance.engine.store.locks.restoreConflict(lease, { repositoryId: "origin" });
}

await describeOnDatabases("The state of workspaces in lists", (database) => {
  test("The filter synced and its count leave out every workspace in conflict, locked by one or not", async () => {
    const instance = await startEngine({ database });
    try {
      await aPushed(instance, "Calm");
      await aPushed(instance, "Late", { behind: 2, status: "behind" });
      await aPushed(instance, "Cleared", { status: "conflict" });
      await aPushed(instance, "Apart", { status: "diverged" });
      await inConflict(instance, await aPushed(instance, "Stuck"));
      const frozen = await aPushed(instance, "Frozen");
      await instance.call("POST", `/v2/workspaces/${frozen}/writeLock`, { json: { reason: "Freeze" } });
      await instance.call("POST", "/v2/workspaces", { json: { name: "Edited" } });

      const all = await listed(instance);
      const synced = all.filter(({ syncStatus }) => syncStatus === "synced").map(({ slug }) => slug);
      expect(synced).toEqual(["calm", "frozen"]);
      expect((await listed(instance, "&status=synced")).map(({ slug }) => slug)).toEqual(synced);

      const counts = (await instance.call("GET", "/v2/workspaces/counts")).body as FleetCounts;
      expect(counts.all).toBe(all.length);
      for (const status of ["synced", "dirty", "behind", "conflict", "locked"] as const) {
        expect([status, counts[status]]).toEqual([
          status,
          (await listed(instance, `&status=${status}`)).length,
        ]);
      }
      expect(counts).toMatchObject({ synced: 2, dirty: 1, behind: 2, conflict: 1, locked: 2 });
    } finally {
      await instance.close();
    }
  });
});
