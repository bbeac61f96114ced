import { expect, test } from "vitest";
import type { Operation } from "@/lib/domain/operation";
import { Operation as OperationSchema } from "@/lib/domain/operation";
import type { Event } from "@/lib/domain/event";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine } from "@/lib/testing/engine";
import { readStream } from "@/lib/testing/sse";

await describeOnDatabases("Secrets whose values are ordinary words", (database) => {
  test("hide no outcome, type, state, step, id, slug, branch or time, and a true secret is hidden in free text", async () => {
    const instance = await startEngine({ database });
    try {
      const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Storefront" } });
      const { id } = created.body as { id: string };
      const path = `/v2/workspaces/${id}`;
      const me = (await instance.call("GET", "/v2/me")).body as { id: string };
      const year = new Date().toISOString().slice(0, 10);
      const TRUE = 'tr/ue "secret" 9';
      const words = [
        ...["succeeded", "push", "main", "true", "storefront", "interrupted", "automations", "RemoteAhead"],
        ...[
          "workspaces.versions.published",
          "operation.completed",
          "pages/homepage.yml",
          "homepage",
          "wordlike",
        ],
        ...[
          "version-one",
          "merge_conflict",
          "bulk_in_progress",
          "workspaceId",
          "correlationId",
          "[redacted]",
        ],
        ...[id, me.id, year, "20261130", "prismeai", "running", "pull:import", TRUE],
      ];
      const secrets = Object.fromEntries(words.map((value, at) => [`s${String(at)}`, { value }]));
      expect((await instance.call("PUT", `${path}/security/secrets`, { json: secrets })).status).toBe(200);

      const text = `slug: homepage\nname: it says ${TRUE}\n`;
      expect((await instance.call("PUT", `${path}/sources/pages/homepage.yml`, { text })).status).toBe(200);
      const stream = await instance.request("POST", `${path}/push?sse=true`, {
        json: { description: "main push succeeded" },
      });
      const operationId = stream.headers.get("x-operation-id") ?? "";
      const told = await readStream(stream);
      expect(told.at(-1)).toMatchObject({
        event: "operation.completed",
        data: { operationId, kind: "push", status: "succeeded" },
      });
      const versions = (await instance.call("GET", `${path}/versions`)).body as { name: string }[];
      const rolledBack = await instance.call(
        "POST",
        `${path}/versions/${versions[0]?.name ?? ""}/rollback?timeout=60`,
        { json: { reason: "because main succeeded" } },
      );
      expect(rolledBack.status).toBe(200);

      const list = await instance.call("GET", "/v2/operations");
      expect(list.status).toBe(200);
      const operation = (list.body as Operation[]).find((one) => one.id === operationId);
      expect(operation).toMatchObject({
        workspaceId: id,
        kind: "push",
        state: "done",
        outcome: "succeeded",
        userId: me.id,
        result: { version: { name: versions[0]?.name, createdBy: me.id } },
      });
      const feed = await instance.call("GET", `${path}/events?limit=100`);
      const { events } = (feed.body as { result: { events: Event[] } }).result;
      const edited = events.find(({ type }) => type === "workspaces.pages.created");
      expect(edited).toMatchObject({
        payload: { page: { slug: "homepage", name: "it says [redacted]" }, path: "pages/homepage.yml" },
        source: { workspaceId: id, userId: me.id },
      });
      expect(events.map(({ type }) => type)).toEqual(
        expect.arrayContaining(["workspaces.versions.published", "operation.completed"]),
      );
      for (const { source } of events) expect(source.workspaceId).toBe(id);
      for (const form of [TRUE, JSON.stringify(TRUE).slice(1, -1), encodeURIComponent(TRUE)])
        expect(list.text + feed.text + JSON.stringify(told)).not.toContain(form);

      const refused = await instance.call("POST", `${path}/writeLock`, { json: { reason: "x".repeat(501) } });
      expect(refused.body).toMatchObject({
        error: "InvalidRequest",
        details: { issues: [{ path: "reason" }] },
      });
    } finally {
      await instance.close();
    }
  });

  test("and rows that were damaged before are listed with what can be read", async () => {
    const instance = await startEngine({ database });
    try {
      const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop" } });
      const { id } = created.body as { id: string };
      for (const name of ["v1", "v2"])
        await instance.call("POST", `/v2/workspaces/${id}/versions?timeout=60`, { json: { name } });
      const [first] = (await instance.call("GET", "/v2/operations")).body as Operation[];
      const { operations } = instance.engine.store;
      const list = operations.list.bind(operations);
      const damaged = { outcome: "[redacted]", errors: null, initiator: undefined };
      operations.list = async (query) => {
        const rows = await list(query);
        return rows.map((row) =>
          row.id === first?.id ? ({ ...row, ...damaged } as unknown as Operation) : row,
        );
      };
      const { status, body } = await instance.call("GET", "/v2/operations");
      expect(status).toBe(200);
      const rows = OperationSchema.array().parse(body);
      expect(rows).toHaveLength(2);
      expect(rows.find((row) => row.id === first?.id)).toMatchObject({
        kind: "push",
        errors: [],
        result: {},
      });
      expect(rows.find((row) => row.id === first?.id)?.outcome).toBeUndefined();
    } finally {
      await instance.close();
    }
  });
});
