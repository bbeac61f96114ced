import { expect, it } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { waitFor } from "../follow";
import { startPull, startPush } from "../start";
import {
  aborted,
  DONE,
  engine,
  lockOf,
  openEnded,
  refusal,
  serveOperations,
  server,
  streamOf,
  viewer,
} from "@/lib/testing/worlds/operations";

await describeOnDatabases("The locks of operations", (database) => {
  serveOperations(database);

  it("refuses a second operation on a locked workspace and says who holds the lock, why and since when", async () => {
    const slow = openEnded();
    const { operationId } = await engine().runner.start(viewer, slow.request);
    const error = await refusal(startPush(engine(), viewer, "shop", { repositoryId: "company" }));
    expect(error).toMatchObject({ code: "WorkspaceLocked", status: 423 });
    expect(error.details?.writeLock).toMatchObject({ lockedBy: "system", reason: "pull_in_progress" });
    expect(error.message).toBe(
      "Locked just now by you: a pull is in progress. Wait for it to end, or clear the lock.",
    );
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
});
