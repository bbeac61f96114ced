import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { watchPaths } from "@/lib/http/gate/undecodable-path";
import { startEngine, type TestInstance } from "@/lib/testing/engine";

let instance: TestInstance;
let base = "";
beforeAll(async () => {
  instance = await startEngine();
  const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop" } });
  base = `/v2/workspaces/${(created.body as { id: string }).id}`;
});
afterAll(() => instance.close());

const messageOf = (body: unknown) => (body as { message: string }).message;

test("JSON may begin with a byte order mark", async () => {
  const answer = await instance.call("POST", "/v2/workspaces", { text: '\ufeff{"name":"Marked"}' });
  expect(answer.body).toMatchObject({ name: "Marked", slug: "marked" });
});

test("A field __proto__ is refused, not dropped without a word", async () => {
  const text = '{"type":"a","payload":{"__proto__":{"x":1}}}';
  const answer = await instance.call("POST", `${base}/events`, { text });
  expect([answer.status, messageOf(answer.body)]).toEqual([400, expect.stringContaining("__proto__")]);
  const quoted = { type: "a", payload: { text: 'say "__proto__": no' } };
  expect((await instance.call("POST", `${base}/events`, { json: quoted })).status).toBe(200);
});

test("An event may have 256 KiB of payload, so that a page of a feed has an end", async () => {
  const emit = (length: number) =>
    instance.call("POST", `${base}/events`, { json: [{ type: "a", payload: { text: "x".repeat(length) } }] });
  expect((await emit(256 * 1024 - 20)).status).toBe(200);
  expect(await emit(256 * 1024)).toMatchObject({
    status: 413,
    body: { details: { index: 0, maxBytes: 262144 } },
  });
});

test("A filter on what is no path of an event is refused, not left out", async () => {
  for (const key of ['payload.a"b', "payload.a\\b", "source.", "payload..a", `payload${".a".repeat(11)}`]) {
    const { status, body } = await instance.call("GET", `${base}/events?${encodeURIComponent(key)}=1`);
    expect([key, status, messageOf(body)]).toEqual([
      key,
      400,
      expect.stringContaining("is not a path of an event"),
    ]);
  }
  expect((await instance.call("GET", `${base}/events?payload=1&colour=red`)).status).toBe(200);
});

test("A slug that no path can name is refused", async () => {
  for (const slug of [".", "..", "a/../b", "./a"])
    for (const part of ["automations", "pages"]) {
      const answer = await instance.call("POST", `${base}/${part}`, { json: { slug, name: "X" } });
      expect([slug, answer.status]).toEqual([slug, 400]);
    }
  expect((await instance.call("POST", `${base}/pages`, { json: { slug: "a/..b", name: "X" } })).status).toBe(
    200,
  );
});

test("A refusal says in words what each value must be", async () => {
  const refused = async (method: string, path: string, json?: unknown) =>
    messageOf((await instance.call(method, path, json === undefined ? {} : { json })).body);
  expect(await refused("POST", "/v2/workspaces", {})).toBe("The body name: This is required.");
  expect(await refused("POST", "/v2/workspaces", { name: 5 })).toBe(
    "The body name: Must be text, not a number.",
  );
  expect(await refused("POST", "/v2/workspaces", { name: "" })).toBe("The body name: Must not be empty.");
  expect(await refused("PATCH", base, { name: "x".repeat(201) })).toBe(
    "The body name: Must have at most 200 characters.",
  );
  expect(await refused("GET", "/v2/workspaces?limit=5000")).toBe("The query's limit: Must be at most 1000.");
  expect(await refused("GET", `${base}/events?sort=up`)).toBe("The query's sort: Must be one of asc, desc.");
  expect(await refused("GET", `${base}/events?afterDate=yesterday`)).toContain("a date such as 2026-11-22");
  expect(await refused("PATCH", `${base}/security/secrets`, { "a b": { value: "x" } })).toContain(
    "A secret's name can contain only letters",
  );
  expect(
    await refused("POST", `${base}/search`, { query: { range: { "payload.sum": { gte: {} } } } }),
  ).toMatch(/^The body query: At range\.payload\.sum\.gte: Must be /);
});

test("A read whose If-None-Match names the ETag, weakly or as *, is answered 304 without a body", async () => {
  await instance.call("PUT", `${base}/sources/automations/a.yml`, { text: "name: A\n" });
  for (const path of ["/sources/automations/a.yml", "/sources", "/automations/a", "/security"]) {
    const read = (tag: string) =>
      instance.call("GET", `${base}${path}`, { headers: { "if-none-match": tag } });
    const etag = (await read('"other"')).headers.get("etag") ?? "";
    expect([path, etag]).toEqual([path, expect.stringMatching(/^"[0-9a-f]{40}"$/)]);
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
      const { status, text, headers } = await read(tag);
      expect([path, tag, status, text, headers.get("etag")]).toEqual([path, tag, 304, "", etag]);
    }
  }
});

test("A refused condition says whether the file is there, gone or another one", async () => {
  const put = async (path: string, headers: Record<string, string>) => {
    const { status, body } = await instance.call("PUT", `${base}/sources/${path}`, {
      text: "a: 1\n",
      headers,
    });
    return [status, messageOf(body)];
  };
  await instance.call("PUT", `${base}/sources/pages/p.yml`, { text: "name: P\n" });
  expect(await put("pages/p.yml", { "if-none-match": "*" })).toEqual([
    412,
    expect.stringContaining("already exists"),
  ]);
  expect(await put("pages/q.yml", { "if-match": "*" })).toEqual([
    412,
    expect.stringContaining("does not exist"),
  ]);
  expect(await put("pages/p.yml", { "if-match": '"x"' })).toEqual([
    412,
    expect.stringContaining("was changed"),
  ]);
});

test("A path that cannot be decoded is answered 400 with a flat error, others go where they went", async () => {
  const stop = watchPaths();
  const server = createServer((request, response) => {
    response.end(request.url);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  try {
    const seen = async (path: string) => (await fetch(`${origin}${path}`)).text();
    const path = await seen("/v2/workspaces/%ff?a=%ff");
    const answer = await instance.call("PUT", path, { text: "a: 1\n" });
    expect([answer.status, messageOf(answer.body)]).toEqual([
      400,
      expect.stringContaining("/v2/workspaces/%ff "),
    ]);
    for (const fine of ["/v2/workspaces/slug:%C3%A9?search=%ff", "/workspaces/%ff", "/v2/me"])
      expect(await seen(fine)).toBe(fine);
  } finally {
    stop();
    await new Promise((resolve) => server.close(resolve));
  }
});

test("A token may be asked for without an end, and /v2/me tells the end of one that has it", async () => {
  const made = async (expiresAt: string | null) => {
    const answer = await instance.call("POST", "/v2/user/accessTokens", { json: { name: "CI", expiresAt } });
    const { token } = answer.body as { token: string };
    return ((await instance.call("GET", "/v2/me", { token })).body as { expires?: string }).expires;
  };
  expect([await made(null), await made("2999-01-01T00:00:00+01:00")]).toEqual([
    "9999-12-31T23:59:59.999Z",
    "2998-12-31T23:00:00.000Z",
  ]);
});
