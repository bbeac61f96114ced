import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { aForm, aZip } from "@/lib/testing/zip/zip";

let instance: TestInstance;
beforeAll(async () => {
  instance = await startEngine();
});
afterAll(() => instance.close());

const create = (key: string, name: string, token?: string) =>
  instance.call("POST", "/v2/workspaces", {
    json: { name },
    headers: { "idempotency-key": key },
    ...(token ? { token } : {}),
  });
const error = (code: string) => expect.objectContaining({ error: code }) as unknown;

test("A repeated write with the same key gets the first one's answer and does nothing more", async () => {
  const first = await create("key-1", "Shop");
  const again = await create("key-1", "Shop");
  expect([again.status, again.body]).toEqual([200, first.body]);
  expect(first.headers.get("idempotency-replayed")).toBeNull();
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  const shops = await instance.call("GET", "/v2/workspaces?search=shop");
  expect(shops.body).toHaveLength(1);
});

test("Two at once are done once: the second is told that the first is in progress, or gets its answer", async () => {
  const [one, two] = await Promise.all([create("key-2", "Twin"), create("key-2", "Twin")]);
  expect([one.status, two.status].every((status) => status === 200 || status === 409)).toBe(true);
  expect([one.status, two.status]).toContain(200);
  expect((await instance.call("GET", "/v2/workspaces?search=twin")).body).toHaveLength(1);
  await instance.engine.store.idempotency.claim(
    { key: "unrelated", userId: "u", requestHash: "h" },
    { now: new Date(), expiredBefore: new Date(0), deadBefore: new Date(0) },
  );
  const held = await create("key-2", "Twin");
  expect(held.headers.get("idempotency-replayed")).toBe("true");
});

test("A key used for another request is refused, another user's key is their own", async () => {
  await create("key-3", "First");
  const other = await create("key-3", "Second");
  expect([other.status, other.body]).toEqual([422, error("IdempotencyKeyReused")]);
  const { token } = await instance.user();
  expect((await create("key-3", "Theirs", token)).status).toBe(200);
  expect((await create("has a space", "Bad")).status).toBe(400);
});

test("A refusal that a person can lift is not kept, one for good is", async () => {
  const { id } = (await create("key-4", "Locked")).body as { id: string };
  const lock = (method: string) =>
    instance.call(method, `/v2/workspaces/${id}/writeLock`, { json: { reason: "x" } });
  const patch = (key: string, json: object) =>
    instance.call("PATCH", `/v2/workspaces/${id}`, { json, headers: { "idempotency-key": key } });
  await lock("POST");
  expect((await patch("key-5", { name: "New" })).status).toBe(423);
  await lock("DELETE");
  expect((await patch("key-5", { name: "New" })).status).toBe(200);
  const taken = await patch("key-6", { slug: "platform" });
  expect(taken.status).toBe(409);
  const kept = await patch("key-6", { slug: "platform" });
  expect([kept.status, kept.body]).toEqual([409, taken.body]);
  expect(kept.headers.get("idempotency-replayed")).toBe("true");
});

test("An answer that shows a secret once is not kept: the repeated request is refused and makes no second one", async () => {
  const make = () =>
    instance.call("POST", "/v2/user/accessTokens", {
      json: { name: "once" },
      headers: { "idempotency-key": "key-7" },
    });
  expect((await make()).status).toBe(200);
  const again = await make();
  expect([again.status, again.body]).toEqual([409, error("IdempotencyKeyInUse")]);
  const tokens = (await instance.call("GET", "/v2/user/accessTokens")).body as { name: string }[];
  expect(tokens.filter(({ name }) => name === "once")).toHaveLength(1);
});

test("An upload is known by its content: the same archive again is answered, another of that length refused", async () => {
  const upload = async (name: string) =>
    instance.call("POST", "/v2/workspaces/import?timeout=60", {
      form: aForm(await aZip({ "a/index.yml": `name: ${name}\nslug: uploaded\n` })),
      headers: { "idempotency-key": "key-upload" },
    });
  const first = await upload("One");
  const again = await upload("One");
  expect([again.status, again.body]).toEqual([200, first.body]);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  const other = await upload("Two");
  expect([other.status, other.body]).toEqual([422, error("IdempotencyKeyReused")]);
  expect((await instance.call("GET", "/v2/workspaces?search=uploaded")).body).toHaveLength(1);
});

test("A write whose answer is too long to be kept is not done again", async () => {
  const { id } = (await create("key-10", "Long")).body as { id: string };
  const json = Array.from({ length: 5 }, () => ({
    type: "long.one",
    payload: { text: "x".repeat(250_000) },
  }));
  const emit = () =>
    instance.call("POST", `/v2/workspaces/${id}/events`, { json, headers: { "idempotency-key": "key-11" } });
  expect((await emit()).status).toBe(200);
  const again = await emit();
  expect([again.status, again.body]).toEqual([409, error("IdempotencyKeyInUse")]);
});

test("Secrets that a write answers with are not kept with its key", async () => {
  const { id } = (await create("key-8", "Secretive")).body as { id: string };
  const patch = () =>
    instance.call("PATCH", `/v2/workspaces/${id}/security/secrets`, {
      json: { token: { value: "kept-nowhere-in-the-clear" } },
      headers: { "idempotency-key": "key-9" },
    });
  expect((await patch()).text).toContain("kept-nowhere-in-the-clear");
  expect((await patch()).body).toEqual(error("IdempotencyKeyInUse"));
});

test("Every answer tells what is left of the minute's requests, and one too many is told when to come back", async () => {
  const answer = await instance.call("GET", "/v2/me");
  expect(answer.headers.get("ratelimit-limit")).toBe("60000");
  expect(Number(answer.headers.get("ratelimit-remaining"))).toBeGreaterThan(50_000);
  const small = await startEngine({ env: { SWITCHYARD_RATE_LIMIT_PER_MINUTE: "3" } });
  try {
    const { token } = await small.user();
    const statuses = [];
    for (let count = 0; count < 5; count++)
      statuses.push((await small.call("GET", "/v2/me", { token })).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const refused = await small.call("GET", "/v2/me", { token });
    expect(refused.headers.get("ratelimit-remaining")).toBe("0");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    // One client's haste is not another's.
    const other = await small.user();
    expect((await small.call("GET", "/v2/me", { token: other.token })).status).toBe(200);
  } finally {
    await small.close();
  }
  const unlimited = await startEngine({ env: { SWITCHYARD_RATE_LIMIT_PER_MINUTE: "0" } });
  try {
    expect((await unlimited.call("GET", "/v2/me")).headers.get("ratelimit-limit")).toBeNull();
  } finally {
    await unlimited.close();
  }
});
