import { afterAll, beforeAll, expect, test } from "vitest";
import { systemViewer } from "@/lib/server/viewer";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { readStream } from "@/lib/testing/sse";
import { newEvent } from "@/lib/domain/event";

interface Listed {
  id: string;
  type: string;
  payload: Record<string, unknown>;
}

let instance: TestInstance;
beforeAll(async () => {
  instance = await startEngine();
});
afterAll(() => instance.close());

async function aWorkspace(name: string): Promise<string> {
  return ((await instance.call("POST", "/v2/workspaces", { json: { name } })).body as { id: string }).id;
}

async function list(id: string, query = ""): Promise<Listed[]> {
  const answer = await instance.call("GET", `/v2/workspaces/${id}/events${query}`);
  expect(answer.status).toBe(200);
  return (answer.body as { result: { events: Listed[] } }).result.events;
}

const emit = (id: string, events: object[], headers = {}) =>
  instance.call("POST", `/v2/workspaces/${id}/events`, { json: { events }, headers });

test("Custom events are answered as an array and listed newest first, filtered by type, text and any path", async () => {
  const id = await aWorkspace("Feed");
  const made = await emit(
    id,
    [
      { type: "order.placed", payload: { number: 7, customer: "Larkfield" } },
      { type: "order.paid", payload: { number: 7 } },
      { type: "visit", payload: {} },
    ],
    { "x-correlation-id": "orders-7" },
  );
  expect((made.body as Listed[]).map(({ type }) => type)).toEqual(["order.placed", "order.paid", "visit"]);
  const types = async (query: string) => (await list(id, query)).map(({ type }) => type);
  expect(await types("")).toEqual(["visit", "order.paid", "order.placed", "workspaces.created"]);
  expect(await types("?sort=asc&limit=2")).toEqual(["workspaces.created", "order.placed"]);
  expect(await types("?page=1&limit=3")).toEqual(["workspaces.created"]);
  expect(await types("?type=order.*")).toEqual(["order.paid", "order.placed"]);
  expect(await types("?types=visit,order.paid")).toEqual(["visit", "order.paid"]);
  expect(await types("?text=larkFIELD")).toEqual(["order.placed"]);
  expect(await types("?source.correlationId=orders-7&payload.number=7")).toEqual([
    "order.paid",
    "order.placed",
  ]);
  expect(await types("?payload.number=8")).toEqual([]);
  const [newest] = await list(id);
  expect(await types(`?beforeId=${newest?.id ?? ""}&limit=1`)).toEqual(["order.paid"]);
  expect(await types("?afterDate=2999-01-01")).toEqual([]);
});

test("A client cannot tell the product's own events, nor ones with a line break in their type", async () => {
  const id = await aWorkspace("Honest");
  for (const type of ["workspaces.versions.published", "operation.completed", "error", "a\nevent: b"])
    expect((await emit(id, [{ type }])).status).toBe(400);
  expect(await list(id)).toHaveLength(1);
});

test("Events of an app inside an app are hidden from list and stream", async () => {
  const id = await aWorkspace("Nested");
  const viewer = systemViewer("user", "nested");
  const from = (appInstanceFullSlug: string) => {
    const event = newEvent(viewer, `said.by.${appInstanceFullSlug}`, id, {});
    return { ...event, source: { ...event.source, appInstanceFullSlug } };
  };
  await instance.engine.store.events.append([from("Tool"), from("Tool.Inner"), from("Other")]);
  const shown = ["said.by.Other", "said.by.Tool", "workspaces.created"];
  expect((await list(id)).map(({ type }) => type)).toEqual(shown);
  const stream = await instance.request("GET", `/v2/workspaces/${id}/events?sse=true`, {
    headers: { "last-event-id": "0" },
  });
  const messages = await readStream(stream, ({ event }) => event === "said.by.Other");
  expect(messages.map(({ event }) => event)).toEqual([...shown].reverse());
});

test("A feed is followed live, and resumed after Last-Event-ID with no gap and no duplicate", async () => {
  const id = await aWorkspace("Live");
  const stream = await instance.request("GET", `/v2/workspaces/${id}/events?sse=true&types=step.*`);
  expect(stream.headers.get("content-type")).toMatch(/^text\/event-stream/);
  const reading = readStream(stream, ({ event }) => event === "step.2");
  await emit(id, [{ type: "step.1" }, { type: "other" }]);
  await emit(id, [{ type: "step.2" }, { type: "step.3" }]);
  const seen = await reading;
  expect(seen.map(({ event }) => event)).toEqual(["step.1", "step.2"]);
  expect(seen[0]?.data).toMatchObject({ type: "step.1", source: { workspaceId: id } });
  const resumed = await readStream(
    await instance.request("GET", `/v2/workspaces/${id}/events?sse=true&types=step.*`, {
      headers: { "last-event-id": seen.at(-1)?.id ?? "" },
    }),
    ({ event }) => event === "step.3",
  );
  expect(resumed.map(({ event }) => event)).toEqual(["step.3"]);
});

test("Nobody follows more feeds at once than they could read; one that is left makes room", async () => {
  const id = await aWorkspace("Followed");
  const { token } = await instance.user({ role: "viewer", workspaceId: id });
  const follow = (path: string) => instance.request("GET", `${path}?sse=true`, { token });
  const paths = ["/v2/events", `/v2/workspaces/${id}/events`];
  const open = await Promise.all(Array.from({ length: 50 }, (_, index) => follow(paths[index % 2] ?? "")));
  expect(new Set(open.map(({ status }) => status))).toEqual(new Set([200]));
  const refused = await follow("/v2/events");
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ error: "TooManyRequests", details: { limit: 50 } });
  expect((await instance.request("GET", "/v2/events", { token })).status).toBe(200);
  await open.pop()?.body?.cancel();
  open.push(await follow(`/v2/workspaces/${id}/events`));
  expect(open.at(-1)?.status).toBe(200);
  for (const { body } of open) await body?.cancel();
  // A probe reads no events, so it must not stay and follow them.
  for (let probe = 0; probe < 60; probe++) {
    const { status, body } = await instance.request("HEAD", "/v2/events?sse=true", { token });
    expect([status, body]).toEqual([200, null]);
  }
  const after = await follow("/v2/events");
  expect(after.status).toBe(200);
  await after.body?.cancel();
});

test("The feed of everything shows only workspaces the viewer may read", async () => {
  const [mine, other] = [await aWorkspace("Mine"), await aWorkspace("Not mine")];
  const { token } = await instance.user({ role: "viewer", workspaceId: mine });
  await emit(mine, [{ type: "mine.said" }]);
  await emit(other, [{ type: "other.said" }]);
  const answer = await instance.call("GET", "/v2/events?types=mine.*,other.*", { token });
  expect((answer.body as { result: { events: Listed[] } }).result.events.map(({ type }) => type)).toEqual([
    "mine.said",
  ]);
  expect((await instance.call("GET", `/v2/workspaces/${other}/events`, { token })).status).toBe(404);
});

test("An operation is hidden from those who may not read its workspace", async () => {
  const id = await aWorkspace("Quiet");
  const saved = await instance.call("POST", `/v2/workspaces/${id}/versions?timeout=60`, {
    json: { name: "v1" },
  });
  const operation = `/v2/operations/${saved.headers.get("x-operation-id") ?? ""}`;
  const stranger = await instance.user();
  const viewer = await instance.user({ role: "viewer", workspaceId: id });
  expect((await instance.call("GET", operation, { token: stranger.token })).status).toBe(404);
  expect((await instance.call("GET", `${operation}?sse=true`, { token: stranger.token })).status).toBe(404);
  expect((await instance.call("GET", "/v2/operations", { token: stranger.token })).body).toEqual([]);
  expect((await instance.call("GET", operation, { token: viewer.token })).status).toBe(200);
  expect((await instance.call("POST", `${operation}/retry`, { token: viewer.token })).status).toBe(403);
});

test("A workspace is published as an app whose slug never changes", async () => {
  const id = await aWorkspace("Toolbox");
  const publish = (json: object) => instance.call("POST", "/v2/apps", { json: { workspaceId: id, ...json } });
  expect((await publish({ slug: "Tool Box", name: "Tools" })).body).toEqual({
    workspaceId: id,
    slug: "Tool Box",
    name: "Tools",
    versions: [],
  });
  expect((await publish({ slug: "Other" })).status).toBe(400);
  expect((await publish({ name: "Better tools" })).body).toMatchObject({
    slug: "Tool Box",
    name: "Better tools",
  });
  const second = await instance.call("POST", "/v2/apps", {
    json: { workspaceId: await aWorkspace("Second"), slug: "Tool Box" },
  });
  expect([second.status, second.body]).toMatchObject([409, { error: "SlugAlreadyInUse" }]);
  expect((await instance.call("GET", "/v2/apps/Tool%20Box")).body).toMatchObject({ workspaceId: id });
  const stranger = await instance.user();
  expect((await instance.call("GET", "/v2/apps", { token: stranger.token })).body).toEqual([]);
});

test("The list of workspaces is filtered, sorted and paged, and counted", async () => {
  const ada = await instance.user();
  const make = async (name: string, labels: string[]) =>
    (
      (await instance.call("POST", "/v2/workspaces", { token: ada.token, json: { name, labels } })).body as {
        id: string;
      }
    ).id;
  const [alpha, beta, gamma] = [
    await make("Alpha desk", ["team:a"]),
    await make("Beta desk", ["team:b"]),
    await make("Gamma", ["team:a", "x:y"]),
  ];
  const names = async (query: string) =>
    (
      (await instance.call("GET", `/v2/workspaces?${query}`, { token: ada.token })).body as { name: string }[]
    ).map(({ name }) => name);
  expect(await names("sort=name")).toEqual(["Alpha desk", "Beta desk", "Gamma"]);
  expect(await names("sort=-name&limit=1&page=1")).toEqual(["Beta desk"]);
  expect(await names("labels=team:a&sort=name")).toEqual(["Alpha desk", "Gamma"]);
  expect(await names("labels=team:b,x:y&sort=name")).toEqual(["Beta desk", "Gamma"]);
  expect(await names("search=DESK&sort=name")).toEqual(["Alpha desk", "Beta desk"]);
  expect(await names(`ids=${alpha},${gamma}&sort=name`)).toEqual(["Alpha desk", "Gamma"]);
  expect(await names("slug=beta-desk")).toEqual(["Beta desk"]);
  expect(await names("name=Gamma")).toEqual(["Gamma"]);
  expect(await names("dirty=false")).toEqual([]);
  expect(await names("owned=true&sort=name")).toHaveLength(3);
  await instance.call("POST", `/v2/workspaces/${beta}/writeLock`, { token: ada.token, json: {} });
  expect(await names("locked=true")).toEqual(["Beta desk"]);
  expect(await names("status=locked")).toEqual(["Beta desk"]);
  expect((await instance.call("GET", "/v2/workspaces?group=none", { token: ada.token })).status).toBe(404);
  const counts = await instance.call("GET", "/v2/workspaces/counts", { token: ada.token });
  expect(counts.body).toEqual({ all: 3, synced: 0, dirty: 3, behind: 0, conflict: 0, locked: 1 });
});
