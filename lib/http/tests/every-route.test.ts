import { afterAll, beforeAll, expect, test } from "vitest";
import type { RouteHandler } from "@/lib/http/context";
import { ENDPOINTS } from "@/lib/contract";
import { METHODS, type Method } from "@/lib/contract/endpoint";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { everyRoute, everyRouteFile } from "@/lib/testing/routes";

let instance: TestInstance;
beforeAll(async () => {
  instance = await startEngine();
});
afterAll(() => instance.close());

// Only what has to work before anyone can be known, and what tells nothing about anyone.
const PUBLIC = [
  "POST /v2/signin",
  "POST /v2/signin/link",
  "GET /v2/signin/link",
  "GET /v2/signin/oidc",
  "GET /v2/signin/oidc/callback",
  "POST /v2/signout",
  "GET /v2/readiness",
  "GET /v2/openapi.json",
  ...["GET", "POST", "PUT", "PATCH", "DELETE"].map((method) => `${method} /v2/[[...path]]`),
].sort();

const UNKNOWN = "/v2/[[...path]]";
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;
const endpointOf = (handler: unknown) => (handler as Partial<RouteHandler>).endpoint;

test("Every contract has its route file, and every route file answers by its contracts", async () => {
  const routes = (await everyRoute()).filter(({ path }) => path !== UNKNOWN);
  expect(routes.map(nameOf).sort()).toEqual(ENDPOINTS.map(nameOf).sort());
  const stray = routes.filter((route) => {
    const endpoint = endpointOf(route.handler);
    return !endpoint || !ENDPOINTS.includes(endpoint) || nameOf(endpoint) !== nameOf(route);
  });
  expect(stray.map(nameOf)).toEqual([]);
});

test("Only signing in, signing out, readiness and unknown paths are open to everyone", async () => {
  const open = (await everyRoute()).filter(({ handler }) => endpointOf(handler)?.access === "public");
  expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(PUBLIC);
});

test("A path about a workspace asks for a permission in it", () => {
  const loose = ENDPOINTS.filter(
    ({ path, access }) => path.includes("/workspaces/[id]") && !access.startsWith("workspace:"),
  );
  expect(loose.map(nameOf)).toEqual([]);
});

test("Every write is audited but those that change nothing or write their entry where it happens", () => {
  const unaudited = ENDPOINTS.filter(({ method, audit }) => method !== "GET" && !audit?.action);
  expect(unaudited.map(nameOf).sort()).toEqual([
    "POST /v2/signin",
    "POST /v2/signin/link",
    "POST /v2/workspaces/[id]/customDomains/[domain]/check",
    "POST /v2/workspaces/[id]/search",
  ]);
});

test("Every path answers every method: those it lacks with 405, the flat error and the methods it has", async () => {
  for (const { path, exported } of await everyRouteFile()) {
    const refuses = (method: Method) => (exported[method] as Partial<RouteHandler> | undefined)?.refuses;
    const own = METHODS.filter((method) => exported[method] !== undefined && refuses(method) !== true);
    for (const method of METHODS.filter((one) => !own.includes(one))) {
      const given = path.replace(/\[+(?:\.\.\.)?\w+\]+/g, "x");
      const { status, body, headers } = await instance.call(method, given, { token: null });
      const allow = headers.get("allow");
      const message: unknown = expect.stringContaining(method);
      const refusal = { error: "MethodNotAllowed", message, details: { allow } };
      expect([path, method, status, body]).toEqual([path, method, 405, refusal]);
      expect(METHODS.filter((one) => allow?.split(", ").includes(one))).toEqual(own);
      expect(headers.get("x-correlation-id")).toMatch(/^[0-9a-f-]{36}$/);
    }
    if (path === UNKNOWN) continue;
    const told = await instance.call("OPTIONS", path.replace(/\[+(?:\.\.\.)?\w+\]+/g, "x"), { token: null });
    expect([path, told.status, told.text]).toEqual([path, 204, ""]);
    const allow = told.headers.get("allow")?.split(", ") ?? [];
    expect([path, allow.sort()]).toEqual([
      path,
      [...own, ...(own.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort(),
    ]);
  }
});
