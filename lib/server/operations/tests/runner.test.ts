import { expect, it } from "vitest";
import { AppError } from "@/lib/domain/error";
import { BulkPushSummary } from "@/lib/domain/bulk";
import { SecretValue } from "@/lib/domain/repository";
import { describeOnDatabases } from "@/lib/testing/database";
import { sealSecret } from "../../secrets/secrets";
import { followOperation, waitFor } from "../follow";
import { startPull, startPush } from "../start";
import { startBulkPush } from "../start-bulk";
import type { Ports } from "@/lib/versioning/ports";
import {
  engine,
  lockOf,
  openEnded,
  PASSWORD,
  refusal,
  remote,
  serveOperations,
  server,
  streamOf,
  viewer,
} from "@/lib/testing/worlds/operations";

await describeOnDatabases("Operations", (database) => {
  serveOperations(database);

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
    server.mood = "silent";
    const { operationId } = await startBulkPush(engine(), viewer, { groups: ["base"], name: "v1" });
    const second = await refusal(startBulkPush(engine(), viewer, { groups: ["base"] }));
    expect(second).toMatchObject({ code: "WorkspaceLocked" });
    server.mood = "down";
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

  it("never lets a credential or a secret of the workspace into events, results or errors", async () => {
    const secret = "canary-secret-value";
    const put = [
      sealSecret(engine().masterKey, "shop", { name: "key", version: 1, value: new SecretValue(secret) }),
    ];
    await engine().store.secrets.change("shop", { put, delete: [], userId: "system" }, []);
    const { operationId } = await engine().runner.start(viewer, {
      ...openEnded().request,
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
