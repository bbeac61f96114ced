import { afterAll, beforeAll, expect, test } from "vitest";
import { digest } from "@/lib/server/access/digest";
import { ADMIN, startEngine, type TestInstance } from "@/lib/testing/engine";

let instance: TestInstance;
beforeAll(async () => {
  instance = await startEngine();
});
afterAll(() => instance.close());

interface Entry {
  action: string;
  outcome: string;
  userId: string;
  target?: string;
  details: Record<string, unknown>;
}

async function trail(query: string): Promise<Entry[]> {
  return ((await instance.call("GET", `/v2/audit?limit=500&${query}`)).body as { entries: Entry[] }).entries;
}

const SECRET = "s3cr3t-value-nobody-sees";

test("What was done to tokens, users, roles, secrets, locks and workspaces is written down, without any secret", async () => {
  const headers = { "x-correlation-id": "audit-story", "x-switchyard-peer": "192.0.2.44" };
  const json = async (method: string, path: string, body?: unknown) =>
    (await instance.call(method, path, { headers, ...(body ? { json: body } : {}) })).body as {
      id: string;
      token: string;
    };
  const { id } = await json("POST", "/v2/workspaces", { name: "Shop" });
  const ada = await json("POST", "/v2/users", { email: "ada@larkfield.example", password: SECRET });
  await json("POST", `/v2/workspaces/${id}/permissions`, {
    target: { id: ada.id },
    permissions: { role: "editor" },
  });
  await json("PATCH", `/v2/workspaces/${id}/security/secrets`, { token: { value: SECRET } });
  await instance.call("PUT", `/v2/workspaces/${id}/sources/security.yml`, {
    headers,
    text: "authorizations: {}\n",
  });
  await instance.call("PUT", `/v2/workspaces/${id}/sources/pages/home.yml`, {
    headers,
    text: "slug: home\n",
  });
  await json("POST", `/v2/workspaces/${id}/writeLock`, { reason: "audit" });
  await json("DELETE", `/v2/workspaces/${id}/writeLock`);
  const { token } = await json("POST", "/v2/user/accessTokens", { name: "ci" });
  await json("DELETE", `/v2/user/accessTokens/${token}`);
  await json("DELETE", `/v2/workspaces/${id}`);
  const entries = await trail("correlationId=audit-story");
  expect(entries.map(({ action }) => action).reverse()).toEqual([
    "workspace.created",
    "user.invited",
    "permission.shared",
    "secrets.updated",
    "settings.written",
    "file.written",
    "writeLock.set",
    "writeLock.cleared",
    "token.created",
    "token.deleted",
    "workspace.deleted",
  ]);
  expect(entries).toContainEqual(
    expect.objectContaining({
      action: "permission.shared",
      email: ADMIN.email,
      outcome: "succeeded",
      workspaceId: id,
      target: ada.id,
      address: "192.0.2.44",
      details: expect.objectContaining({ permissions: { role: "editor" } }) as unknown,
    }),
  );
  expect(entries.find(({ action }) => action === "secrets.updated")?.details).toMatchObject({
    names: ["token"],
  });
  const text = JSON.stringify(entries);
  for (const secret of [SECRET, token]) expect(text).not.toContain(secret);
});

test("Sign-ins and refusals are written down with their reason, refused actions too", async () => {
  const attempt = (password: string) =>
    instance.call("POST", "/v2/signin", { token: null, json: { email: ADMIN.email, password } });
  await attempt("wrong");
  await attempt(ADMIN.password);
  const [inside, outside] = await trail(`email=${ADMIN.email}&action=session.*`);
  expect(inside).toMatchObject({
    action: "session.created",
    outcome: "succeeded",
    details: { method: "password" },
  });
  expect(outside).toMatchObject({ action: "session.refused", outcome: "refused", userId: "anonymous" });
  const { token } = await instance.user();
  await instance.call("POST", "/v2/users", { token, json: { email: "x@larkfield.example" } });
  expect((await trail("outcome=refused&action=user.invited"))[0]).toMatchObject({ details: { status: 403 } });
});

test("The trail is read page after page and exported as CSV and JSON lines", async () => {
  const all = (await trail("beforeDate=2999-01-01")).filter(({ action }) => action !== "audit.read");
  const paged: Entry[] = [];
  for (let cursor = ""; ;) {
    const path = `/v2/audit?limit=3&beforeDate=2999-01-01${cursor && `&cursor=${cursor}`}`;
    const { entries, next } = (await instance.call("GET", path)).body as { entries: Entry[]; next?: string };
    paged.push(...entries);
    if (next === undefined) break;
    cursor = next;
  }
  expect(paged.filter(({ action }) => action !== "audit.read").map(({ target }) => target)).toEqual(
    all.map(({ target }) => target),
  );
  expect((await instance.call("GET", "/v2/audit?cursor=nonsense")).status).toBe(400);

  await instance.engine.store.audit.append({
    userId: "eve",
    action: "test",
    outcome: "failed",
    target: '=cmd|"x"',
    details: {},
  });
  const csv = await instance.call("GET", "/v2/audit/export?action=test");
  expect(csv.headers.get("content-type")).toContain("text/csv");
  expect(csv.text.split("\r\n")).toHaveLength(3);
  expect(csv.text).toContain(`"'=cmd|""x"""`);
  const lines = await instance.call("GET", "/v2/audit/export?format=jsonl&action=test");
  expect(
    lines.text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toMatchObject([{ userId: "eve", outcome: "failed" }]);
  expect((await trail("action=audit.exported")).length).toBe(2);
});

test("Pushes, pulls, edits of contents and configuration, and refused tokens are written down, without any secret", async () => {
  const headers = { "x-correlation-id": "audit-writes" };
  const call = (method: string, path: string, json?: unknown, token?: string) =>
    instance.call(method, path, {
      headers,
      ...(json === undefined ? {} : { json }),
      ...(token === undefined ? {} : { token }),
    });
  const { id } = (await call("POST", "/v2/workspaces", { name: "Desk" })).body as { id: string };
  const path = `/v2/workspaces/${id}`;
  await call("PATCH", `${path}/security/secrets`, { key: { value: SECRET } });
  await call("POST", `${path}/automations`, { slug: "greet", name: SECRET, do: [] });
  await call("PATCH", `${path}/config`, { value: { apiKey: SECRET } });
  await call("POST", `${path}/versions?timeout=60`, { name: "v1" });
  await call("POST", `${path}/versions/v1/pull?timeout=60`, {});
  await call("POST", `${path}/push?timeout=60`, { name: SECRET, putBack: true, startOver: false });
  const locked = await call("POST", `${path}/writeLock`, { reason: `because ${SECRET}` });
  expect(locked.body).toMatchObject({ reason: "because [redacted]" });
  await call("DELETE", `${path}/writeLock`, { reason: `not ${SECRET} any more` });
  const feed = await call("GET", `${path}/events`);
  expect(feed.text).not.toContain(SECRET);

  const made = async (body: object) =>
    (await call("POST", "/v2/user/accessTokens", body)).body as { id: string; token: string };
  const short = { id: "expired-token", token: "at:expired-token-0123456789" };
  const { id: userId } = (await call("GET", "/v2/me")).body as { id: string };
  await instance.engine.store.accounts.createAccessToken({
    id: short.id,
    userId,
    name: "short",
    scopes: ["*"],
    createdAt: "2026-01-01T00:00:00.000Z",
    expiresAt: "2026-01-02T00:00:00.000Z",
    lastUsedAt: null,
    hash: digest(short.token),
  });
  const narrow = await made({ name: "narrow", scopes: ["read", "workspace:platform"] });
  expect((await call("GET", path, undefined, narrow.token)).status).toBe(404);
  expect((await call("PATCH", path, { name: "X" }, narrow.token)).status).toBe(404);
  expect((await call("GET", path, undefined, "at:nobody-knows-this-token-0123")).status).toBe(401);
  expect((await call("GET", path, undefined, short.token)).status).toBe(401);

  const entries = await trail("correlationId=audit-writes");
  const told = (action: string) => entries.filter((entry) => entry.action === action);
  for (const action of ["automation.created", "config.updated", "version.pulled"])
    expect(told(action)).toMatchObject([{ outcome: "succeeded" }]);
  expect(told("version.pushed").map(({ outcome, target }) => [outcome, target])).toEqual([
    ["failed", "[redacted]"],
    ["succeeded", "v1"],
  ]);
  expect(told("version.pushed")[0]?.details).toMatchObject({ putBack: true });
  expect(told("version.pushed")[0]?.details).not.toHaveProperty("startOver");
  expect(told("token.refused").map(({ details }) => details)).toEqual([
    { reason: "expired", tokenId: short.id },
    { reason: "unknown" },
    { reason: "out of scope", status: 404, tokenId: narrow.id },
  ]);
  expect(told("workspace.updated")).toMatchObject([
    { outcome: "refused", details: { status: 404, tokenId: narrow.id } },
  ]);
  expect(JSON.stringify(entries)).not.toContain(SECRET);
});
