import { afterAll, beforeAll, expect, test } from "vitest";
import type { Method } from "@/lib/contract/endpoint";
import type { RouteHandler } from "@/lib/http/context";
import { digest } from "@/lib/server/access/digest";
import { ROLES, type Action } from "@/lib/server/access";
import { startEngine, type Answer, type TestInstance } from "@/lib/testing/engine";
import { everyRoute } from "@/lib/testing/routes";

/** Someone who calls every route, and what they may do in the workspace that the paths name. */
interface Persona {
  token: string | null;
  isKnown: boolean;
  isSuperAdmin: boolean;
  isScoped: boolean;
  actions: readonly Action[];
}

/** A value for each parameter of a path; a new one has to be added here before its route is covered. */
const PARAMETERS: Record<string, string> = {
  name: "no-such-version",
  path: "pages/none.yml",
  operationId: "no-such-operation",
  tokenId: "no-such-token",
  sessionId: "no-such-session",
  userId: "no-such-user",
  target: "no-such-target",
  slug: "no-such-slug",
  version: "no-such-version",
  domain: "none.example.com",
  repositoryId: "no-such-repository",
  host: "no-such-host",
};

let instance: TestInstance;
let workspaceId: string;
const personas = new Map<string, Persona>();

async function extraToken(userId: string, scopes: string[], expiresAt: string | null): Promise<string> {
  const token = `at:matrix-${String(personas.size)}-0123456789abcdef`;
  await instance.engine.store.accounts.createAccessToken({
    id: `matrix-${String(personas.size)}`,
    userId,
    name: "matrix",
    scopes,
    createdAt: new Date().toISOString(),
    expiresAt,
    lastUsedAt: null,
    hash: digest(token),
  });
  return token;
}

async function ownWorkspace(token: string, name: string): Promise<string> {
  const created = await instance.call("POST", "/v2/workspaces", { token, json: { name } });
  return (created.body as { id: string }).id;
}

beforeAll(async () => {
  instance = await startEngine();
  const add = (name: string, persona: Partial<Persona>) =>
    personas.set(name, {
      token: null,
      isKnown: true,
      isSuperAdmin: false,
      isScoped: false,
      actions: [],
      ...persona,
    });
  const owner = await instance.user();
  const other = await instance.user();
  workspaceId = await ownWorkspace(owner.token, "Matrix");
  const otherId = await ownWorkspace(other.token, "Other");
  const member = async (role: "viewer" | "editor") => (await instance.user({ role, workspaceId })).token;
  const admin = await instance.engine.store.accounts.userByEmail("admin@larkfield.example");

  add("anonymous", { isKnown: false });
  add("expired token", {
    isKnown: false,
    token: await extraToken(owner.id, ["*"], "2020-01-01T00:00:00.000Z"),
  });
  add("reader", { token: await member("viewer"), actions: ROLES.viewer });
  add("editor", { token: await member("editor"), actions: ROLES.editor });
  add("owner", { token: owner.token, actions: ROLES.owner });
  add("other workspace's owner", { token: other.token });
  add("owner's token to read", {
    token: await extraToken(owner.id, ["read"], null),
    isScoped: true,
    actions: ["read"],
  });
  add("owner's token for another workspace", {
    token: await extraToken(owner.id, [`workspace:${otherId}`], null),
    isScoped: true,
  });
  add("super admin's token for this workspace", {
    token: await extraToken(admin?.id ?? "", [`workspace:${workspaceId}`], null),
    isScoped: true,
    actions: ROLES.owner,
  });
  add("super admin", {
    token: await extraToken(admin?.id ?? "", ["*"], null),
    isSuperAdmin: true,
    actions: ROLES.owner,
  });
});
afterAll(() => instance.close());

type Expected = "open" | "allowed" | 401 | 403 | 404;

function expectedOf(access: string, persona: Persona): Expected {
  if (access === "public") return persona.token !== null && !persona.isKnown ? 401 : "open";
  if (!persona.isKnown) return 401;
  if (access === "signed-in") return "allowed";
  if (access === "account") return persona.isScoped ? 403 : "allowed";
  if (access === "super-admin") return persona.isSuperAdmin ? "allowed" : 403;
  const [place, action] = access.split(":") as [string, Action];
  if (place === "platform") return persona.isSuperAdmin ? "allowed" : 403;
  if (persona.actions.includes(action)) return "allowed";
  return persona.actions.includes("read") ? 403 : 404;
}

function fill(path: string, id: string): string {
  return path.replace(/\[{1,2}(?:\.\.\.)?(\w+)\]{1,2}/g, (_whole, name: string) => {
    const value = name === "id" ? id : PARAMETERS[name];
    if (value === undefined)
      throw new Error(`${path} has a parameter {${name}} that PARAMETERS does not know.`);
    return value;
  });
}

/** Stopped after the gate and before the handler by a key that is none, so that nothing is written or deleted. */
function probe(method: Method, path: string, token: string | null): Promise<Answer> {
  if (method === "GET") return instance.call(method, path, { token });
  const headers = { "idempotency-key": "not a key", "content-type": "application/json" };
  return instance.call(method, path, { token, text: "{}", headers });
}

function verdict(method: Method, access: string, { status, body }: Answer): number | string {
  const { error, message } = (body ?? {}) as { error?: string; message?: string };
  if (access === "public" && status !== 401 && status < 500) return "open";
  if (status === 401 || status === 403) return status;
  if (status === 404 && message?.startsWith("There is no workspace")) return 404;
  if (method === "GET" ? status < 500 : status === 400) return "allowed";
  return `${String(status)} ${error ?? ""} ${message ?? ""}`;
}

test("Every route lets in whom its declared access lets in, and nobody else", async () => {
  const wrong: string[] = [];
  const routes = await everyRoute();
  for (const { path, method, handler } of routes) {
    const { access } = (handler as RouteHandler).endpoint;
    for (const [name, persona] of personas) {
      const expected = expectedOf(access, persona);
      const found = verdict(method, access, await probe(method, fill(path, workspaceId), persona.token));
      if (found !== expected)
        wrong.push(
          `${method} ${path} (${access}) as ${name}: ${String(found)} instead of ${String(expected)}`,
        );
    }
  }
  expect(routes.length * personas.size).toBeGreaterThan(500);
  expect(wrong).toEqual([]);
}, 120_000);

test("A workspace named by its slug is guarded in the same way", async () => {
  const path = "/v2/workspaces/slug:matrix";
  for (const [name, persona] of personas) {
    const expected = expectedOf("workspace:read", persona);
    expect([name, verdict("GET", "workspace:read", await probe("GET", path, persona.token))]).toEqual([
      name,
      expected,
    ]);
  }
});

test("No write got past the gate: everything is as it was", async () => {
  const { token = null } = personas.get("owner") ?? {};
  const detail = await instance.call("GET", `/v2/workspaces/${workspaceId}`, { token });
  expect(detail.body).toMatchObject({ name: "Matrix", revision: 0 });
  expect((await instance.call("GET", "/v2/operations", { token })).body).toEqual([]);
});
