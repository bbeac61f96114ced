import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { keepHouse } from "./housekeeping";

const DAY_MS = 24 * 60 * 60_000;

let instance: TestInstance;
beforeAll(async () => {
  instance = await startEngine({
    env: {
      EVENTS_CLEANUP_WORKSPACE_INACTIVITY_DAYS: "3",
      EVENTS_CLEANUP_WORKSPACE_MAX_EVENTS: "5",
      EVENTS_RETENTION_DAYS: "20",
    },
  });
});
afterAll(() => instance.close());

const later = (days: number) => keepHouse(instance.engine, new Date(Date.now() + days * DAY_MS));
const count = (workspaceId: string) => instance.engine.store.events.count({ workspaceId }, 100);

async function aWorkspace(name: string, events: number): Promise<string> {
  const created = await instance.call("POST", "/v2/workspaces", { json: { name } });
  const { id } = created.body as { id: string };
  const said = Array.from({ length: events }, (_, number) => ({ type: "said", payload: { number } }));
  if (events > 0) await instance.call("POST", `/v2/workspaces/${id}/events`, { json: said });
  return id;
}

test("Few events of an idle workspace go, many stay, those of a deleted one live longer; versions and operations stay", async () => {
  const [few, many, gone] = [
    await aWorkspace("Few", 1),
    await aWorkspace("Many", 5),
    await aWorkspace("Gone", 5),
  ];
  await instance.call("POST", `/v2/workspaces/${few}/versions?timeout=60`, { json: { name: "v1" } });
  await instance.call("DELETE", `/v2/workspaces/${gone}`);
  const before = { few: await count(few), many: await count(many), gone: await count(gone) };
  expect(before.few).toBeLessThan(5);

  await later(2);
  expect([await count(few), await count(many), await count(gone)]).toEqual(Object.values(before));
  await later(4);
  const versions = await instance.call("GET", `/v2/workspaces/${few}/versions`);
  const operations = await instance.call("GET", `/v2/operations?workspaceId=${few}`);
  expect([await count(few), await count(many), await count(gone)]).toEqual([0, before.many, before.gone]);
  expect([versions.body, operations.body]).toMatchObject([[{ name: "v1" }], [{ kind: "push" }]]);
  await later(21);
  expect([await count(few), await count(many), await count(gone)]).toEqual([0, before.many, 0]);
});
