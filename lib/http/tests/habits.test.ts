import { afterAll, beforeAll, expect, test } from "vitest";
import { ADMIN, startEngine, type TestInstance } from "@/lib/testing/engine";

let instance: TestInstance;
beforeAll(async () => {
  instance = await startEngine({ env: { SWITCHYARD_LIMIT_BODY_BYTES: "20000" } });
});
afterAll(() => instance.close());

const error = (code: string) => expect.objectContaining({ error: code }) as unknown;

test("A request without credentials is answered 401 with a flat error", async () => {
  const answer = await instance.call("GET", "/v2/workspaces", { token: null });
  expect(answer.status).toBe(401);
  expect(answer.body).toEqual({ error: "Unauthenticated", message: expect.any(String) as unknown });
  expect(answer.headers.get("cache-control")).toBe("no-store");
});

test("A token that is unknown, expired or not of the form is answered 401", async () => {
  for (const token of ["at:this-token-is-not-known-here", "nonsense", "at:"])
    expect((await instance.call("GET", "/v2/me", { token })).status).toBe(401);
});

test("A sane x-correlation-id is kept, another one is replaced, on success and on failure", async () => {
  const given = { headers: { "x-correlation-id": "ci-42.a:b" } };
  expect((await instance.call("GET", "/v2/me", given)).headers.get("x-correlation-id")).toBe("ci-42.a:b");
  expect((await instance.call("GET", "/v2/none", given)).headers.get("x-correlation-id")).toBe("ci-42.a:b");
  const made = (
    await instance.call("GET", "/v2/me", { headers: { "x-correlation-id": "two words" } })
  ).headers.get("x-correlation-id");
  expect(made).toMatch(/^[0-9a-f-]{36}$/);
});

test("An unknown path is answered 404 with a flat error", async () => {
  expect((await instance.call("GET", "/v2")).body).toEqual(error("NotFound"));
  const answer = await instance.call("GET", "/v2/no/such/path");
  expect([answer.status, answer.body]).toEqual([404, error("NotFound")]);
});

test("An unknown key of a body is refused by name, an unknown key of the query is ignored", async () => {
  const refused = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop", dirty: false } });
  expect(refused.status).toBe(400);
  expect(refused.body).toEqual(error("InvalidRequest"));
  expect(JSON.stringify(refused.body)).toContain('\\"dirty\\"');
  expect((await instance.call("GET", "/v2/workspaces?colour=red")).status).toBe(200);
});

test("A body that is no JSON, nested too deep or not UTF-8 is answered 400, one that is too large 413", async () => {
  const post = (text: string) => instance.call("POST", "/v2/workspaces", { text });
  expect((await post("{")).body).toEqual(error("InvalidRequest"));
  expect((await post(`{"name":${"[".repeat(500)}${"]".repeat(500)}}`)).status).toBe(400);
  const large = await post(JSON.stringify({ name: "x".repeat(30_000) }));
  expect([large.status, large.body]).toEqual([413, error("TooLarge")]);
});

test("A query value that is not of its form is answered 400", async () => {
  for (const query of ["page=-1", "page=1&page=2", "limit=1e9", "timeout[]=x&limit=0", "dirty=maybe"])
    expect([query, (await instance.call("GET", `/v2/workspaces?${query}`)).status]).toEqual([query, 400]);
});

test("A DELETE with a JSON content type and an empty body is fine", async () => {
  const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Short lived" } });
  const { id } = created.body as { id: string };
  const headers = { "content-type": "application/json" };
  expect((await instance.call("DELETE", `/v2/workspaces/${id}`, { headers })).status).toBe(200);
  expect((await instance.call("GET", `/v2/workspaces/${id}`)).status).toBe(404);
});

interface Cookies {
  cookie: string;
  csrf: string;
}

async function signIn(): Promise<Cookies> {
  const answer = await instance.call("POST", "/v2/signin", {
    token: null,
    json: { email: ADMIN.email, password: ADMIN.password },
  });
  expect(answer.status).toBe(200);
  const set = answer.headers.getSetCookie();
  const session = set.find((cookie) => cookie.startsWith("switchyard_session_3000=")) ?? "";
  const csrf = set.find((cookie) => cookie.startsWith("switchyard_csrf_3000=")) ?? "";
  expect(session).toMatch(/HttpOnly/);
  expect(session).toMatch(/SameSite=Lax/);
  expect(csrf).not.toMatch(/HttpOnly/);
  const pair = (cookie: string) => cookie.split(";")[0] ?? "";
  return { cookie: `${pair(session)}; ${pair(csrf)}`, csrf: pair(csrf).split("=")[1] ?? "" };
}

test("A session reads with its cookie and writes only with its CSRF token and from the same origin", async () => {
  const { cookie, csrf } = await signIn();
  const me = await instance.call("GET", "/v2/me", { token: null, headers: { cookie } });
  expect(me.body).toMatchObject({ email: ADMIN.email, superAdmin: true });
  const write = (headers: Record<string, string>) =>
    instance.call("POST", "/v2/workspaces", { token: null, json: { name: "By cookie" }, headers });
  expect((await write({ cookie })).status).toBe(403);
  expect((await write({ cookie, "x-csrf-token": "guess" })).status).toBe(403);
  const right = { cookie, "x-csrf-token": csrf };
  expect((await write({ ...right, "sec-fetch-site": "cross-site" })).status).toBe(403);
  expect((await write({ ...right, origin: "https://elsewhere.example" })).status).toBe(403);
  expect((await write({ ...right, origin: "null" })).status).toBe(403);
  expect((await write({ ...right, "sec-fetch-site": "same-origin" })).status).toBe(200);
});

test("Signing out ends the session at once", async () => {
  const { cookie, csrf } = await signIn();
  const headers = { cookie, "x-csrf-token": csrf };
  expect((await instance.call("POST", "/v2/signout", { token: null, headers })).status).toBe(200);
  expect((await instance.call("GET", "/v2/me", { token: null, headers: { cookie } })).status).toBe(401);
});

test("A sign-in form on another site cannot sign anyone in", async () => {
  const answer = await instance.call("POST", "/v2/signin", {
    token: null,
    json: { email: ADMIN.email, password: ADMIN.password },
    headers: { "sec-fetch-site": "cross-site" },
  });
  expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
});

test("Behind https the cookies are Secure", async () => {
  const answer = await instance.call("POST", "/v2/signin", {
    token: null,
    json: { email: ADMIN.email, password: ADMIN.password },
    headers: { "x-forwarded-proto": "https", host: "switchyard.example" },
  });
  const cookies = answer.headers.getSetCookie();
  expect(cookies.map((cookie) => cookie.split("=")[0])).toEqual(["switchyard_session", "switchyard_csrf"]);
  expect(cookies.every((cookie) => cookie.includes("Secure"))).toBe(true);
});

test("At most 20 guesses of an account's password are evaluated in 15 minutes, whether it exists or not", async () => {
  for (const email of ["nobody@larkfield.example", (await instance.user()).email]) {
    const guess = () =>
      instance.call("POST", "/v2/signin", { token: null, json: { email, password: "wrong" } });
    const statuses = [];
    for (let attempt = 0; attempt < 22; attempt++) statuses.push((await guess()).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(20);
    const refused = await guess();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  }
  // Forty passwords are hashed, each slow on purpose.
}, 180_000);

test("An error nobody foresaw is answered 500 without its inside", async () => {
  const { list } = instance.engine.store.workspaces;
  instance.engine.store.workspaces.list = () => Promise.reject(new Error("password=hunter2 at /srv/secret"));
  const level = instance.engine.log.level;
  instance.engine.log.level = "silent";
  const answer = await instance.call("GET", "/v2/workspaces");
  instance.engine.log.level = level;
  instance.engine.store.workspaces.list = list;
  expect([answer.status, answer.body]).toEqual([500, error("Internal")]);
  expect(answer.text).not.toContain("hunter2");
});

test("Readiness tells of each part", async () => {
  const answer = await instance.call("GET", "/v2/readiness", { token: null });
  expect(answer.status).toBe(200);
  const ready = { status: "ready" };
  expect(answer.body).toEqual({
    status: "ready",
    services: { database: ready, git: ready, disk: ready, startupImport: ready },
    database: { status: "ok" },
    git: { status: "ok" },
    disk: { status: "ok" },
    startupImport: { status: "ok" },
  });
});
