import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { newEvent } from "@/lib/domain/event";
import { systemViewer } from "../viewer";

let instance: TestInstance;
let id = "";
beforeAll(async () => {
  instance = await startEngine();
  const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Orders" } });
  ({ id } = created.body as { id: string });
  await instance.call("POST", `/v2/workspaces/${id}/events`, {
    json: [
      { type: "order.placed", payload: { number: 1, city: "Larkfield", tags: ["new", "vip"] } },
      { type: "order.placed", payload: { number: 2, city: "Hill Town" } },
      { type: "order.paid", payload: { number: 2, sum: 99.5 } },
    ],
  });
});
afterAll(() => instance.close());

const search = (json: unknown) => instance.call("POST", `/v2/workspaces/${id}/search`, { json });
async function found(query: unknown, rest: object = {}): Promise<(string | number)[]> {
  const { status, body, text } = await search({ query, ...rest });
  if (status !== 200) throw new Error(text);
  const { documents } = body as { documents: { type: string; payload: { number?: number } }[] };
  return documents.map(({ type, payload }) => payload.number ?? type);
}

test("Every kind of clause is searched by, newest first", async () => {
  expect(await found({ match_all: {} })).toEqual([2, 2, 1, "workspaces.created"]);
  expect(await found({ term: { type: "order.placed" } })).toEqual([2, 1]);
  expect(await found({ term: { "payload.number": { value: 1 } } })).toEqual([1]);
  expect(await found({ terms: { type: ["order.paid", "workspaces.created"] } })).toEqual([
    2,
    "workspaces.created",
  ]);
  expect(await found({ range: { "payload.sum": { gte: 99, lt: 100 } } })).toEqual([2]);
  expect(await found({ match: { "payload.city": "hill nowhere" } })).toEqual([2]);
  expect(await found({ match: { "payload.city": { query: "hill nowhere", operator: "and" } } })).toEqual([]);
  expect(await found({ exists: { field: "payload.tags" } })).toEqual([1]);
  expect(await found({ wildcard: { type: "order.*" } }, { sort: "asc" })).toEqual([1, 2, 2]);
  expect(await found({ wildcard: { type: { value: "*.paid" } } })).toEqual([2]);
});

test("bool combines clauses: must and filter, must_not, and should as a wish or as a condition", async () => {
  const placed = { term: { type: "order.placed" } };
  expect(await found({ bool: { must: placed, must_not: [{ term: { "payload.number": 2 } }] } })).toEqual([1]);
  expect(
    await found({
      bool: { should: [{ term: { "payload.tags": "vip" } }, { exists: { field: "payload.sum" } }] },
    }),
  ).toEqual([2, 1]);
  const wish = { filter: [placed], should: [{ term: { "payload.tags": "vip" } }] };
  expect(await found({ bool: wish })).toEqual([2, 1]);
  expect(await found({ bool: { ...wish, minimum_should_match: 1 } })).toEqual([1]);
});

test("Pages, the number of matches, the order and the fields to answer are chosen", async () => {
  const page = await search({ query: { wildcard: { type: "order.*" } }, limit: 2, page: 1 });
  expect(page.body).toMatchObject({ size: 3, documents: [{ payload: { number: 1 } }] });
  const some = await search({
    query: { term: { "payload.tags": "vip" } },
    source: ["payload.city", "source.workspaceId", "payload.none"],
    sort: [{ createdAt: { order: "asc" } }],
  });
  expect((some.body as { documents: unknown[] }).documents).toEqual([
    { id: expect.any(String) as unknown, payload: { city: "Larkfield" }, source: { workspaceId: id } },
  ]);
  expect((await search({ limit: 0 })).body).toEqual({ size: 4, documents: [] });
});

test("@timestamp is createdAt: to sort, to ask for, in conditions and in the documents", async () => {
  const everything = { range: { "@timestamp": { gte: "2020-01-01", lt: "2200-01-01T00:00:00.000Z" } } };
  const sort = [{ "@timestamp": { order: "asc" } }];
  expect(await found(everything, { sort, scope: "events", track_total_hits: true })).toHaveLength(4);
  expect(await found({ range: { "@timestamp": { gt: "2200-01-01" } } })).toEqual([]);
  expect(await found({ exists: { field: "@timestamp" } })).toHaveLength(4);
  const { body } = await search({ sort, source: ["@timestamp", "type"], limit: 1 });
  const { documents } = body as { documents: Record<string, unknown>[] };
  const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown;
  expect(documents).toEqual([
    { id: expect.any(String) as unknown, "@timestamp": at, type: "workspaces.created" },
  ]);
  const [whole] = ((await search({ limit: 1 })).body as { documents: Record<string, unknown>[] }).documents;
  expect(whole?.["@timestamp"]).toBe(whole?.createdAt);
  const at0 = whole?.["@timestamp"];
  expect(await found({ term: { "@timestamp": at0 } })).not.toEqual([]);
});

test("Queries that are too deep, too long, of unknown clauses or fields are refused by name", async () => {
  const refusal = async (query: unknown, rest: object = {}) => {
    const { status, body } = await search({ query, ...rest });
    return [status, (body as { error: string }).error];
  };
  const refused = [400, "InvalidRequest"];
  let deep: unknown = { match_all: {} };
  for (let level = 0; level < 10; level++) deep = { bool: { must: [deep] } };
  expect(await refusal(deep)).toEqual(refused);
  const ninety = Array.from({ length: 90 }, () => ({ match_all: {} }));
  expect(await refusal({ bool: { must: ninety, should: ninety } })).toEqual(refused);
  expect(await refusal({ script: "1" })).toEqual(refused);
  expect(await refusal({ term: { "secret.x": "a" } })).toEqual(refused);
  expect(await refusal({ term: { 'payload."x"': "a" } })).toEqual(refused);
  expect(await refusal({ term: { type: "a", id: "b" } })).toEqual(refused);
  expect(await refusal({ match_all: {} }, { limit: 1000, page: 10 })).toEqual(refused);
  expect(await refusal({ match_all: {} }, { aggs: {} })).toEqual(refused);
});

test("Events of an app inside an app are hidden from search, and other workspaces' events are never found", async () => {
  const other = await instance.call("POST", "/v2/workspaces", { json: { name: "Other" } });
  const { id: otherId } = other.body as { id: string };
  const viewer = systemViewer("user", "nested");
  const from = (appInstanceFullSlug: string) => {
    const event = newEvent(viewer, "hidden.test", otherId, { appInstanceFullSlug });
    return { ...event, source: { ...event.source, appInstanceFullSlug } };
  };
  await instance.engine.store.events.append([from("Tool"), from("Tool.Inner")]);
  const { body } = await instance.call("POST", `/v2/workspaces/${otherId}/search`, {
    json: { query: { term: { type: "hidden.test" } } },
  });
  expect(body).toMatchObject({ size: 1, documents: [{ payload: { appInstanceFullSlug: "Tool" } }] });
  expect(await found({ term: { type: "hidden.test" } })).toEqual([]);
  const stranger = await instance.user();
  const denied = await instance.call("POST", `/v2/workspaces/${id}/search`, {
    json: {},
    token: stranger.token,
  });
  expect(denied.status).toBe(404);
});

test("A query of thousands of clauses is refused before they are read one by one", async () => {
  const nested = (depth: number): object =>
    depth === 0 ? { no: "clause" } : { bool: { must: Array.from({ length: 20 }, () => nested(depth - 1)) } };
  const { status, body } = await search({ query: nested(3) });
  expect([status, (body as { message: string }).message]).toEqual([
    400,
    "The query has more than 100 clauses. Simplify it.",
  ]);
  const long = await search({
    query: { terms: { "payload.number": Array.from({ length: 300_000 }, () => 1) } },
  });
  expect(long.status).toBe(400);
  const clause = { bool: { must: [{ terms: { type: ["order.paid"] } }], should: [], must_not: [] } };
  const { status: most } = await search({
    query: { bool: { must: Array.from({ length: 45 }, () => clause) } },
  });
  expect(most).toBe(200);
});
