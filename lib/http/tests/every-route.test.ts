import { afterAll, beforeAll, expect, test } from "vitest";
import { METHODS, type Method } from "@/lib/http/methods";
import type { RouteHandler } from "@/lib/http/route";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { everyRoute, everyRouteFile } from "@/lib/testing/routes";

let instance: TestInstance;
beforeAll(async () => {
  instance = await startEngine();
});
afterAll(() => instance.close());

const ACCESS =
  /^(public|signed-in|account|super-admin|(platform|workspace):(read|update|delete|manage|manage_permissions|manage_security|manage_repositories))$/;

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

test("Every handler of the API was made by route() and declares who may call it", async () => {
  const routes = await everyRoute();
  expect(routes.length).toBeGreaterThan(40);
  const bare = routes.filter(({ handler }) => {
    const spec = typeof handler === "function" && "spec" in handler ? handler.spec : undefined;
    return !(
      typeof spec === "object" &&
      spec !== null &&
      "access" in spec &&
      ACCESS.test(String(spec.access))
    );
  });
  expect(bare.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

test("Only signing in, signing out, readiness and unknown paths are open to everyone", async () => {
  const open = (await everyRoute()).filter(
    ({ handler }) => (handler as { spec: { access: string } }).spec.access === "public",
  );
  expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(PUBLIC);
});

test("A path about a workspace asks for a permission in it", async () => {
  const loose = (await everyRoute()).filter(({ path, handler }) => {
    const { access } = (handler as { spec: { access: string } }).spec;
    return path.includes("/workspaces/[id]") && !access.startsWith("workspace:");
  });
  expect(loose).toEqual([]);
});

test("Every path answers every method: those it lacks with 405, the flat error and the methods it has", async () => {
  for (const { path, exported } of await everyRouteFile()) {
    const refuses = (method: Method) =>
      (exported[method] as Partial<RouteHandler> | undefined)?.spec?.refuses;
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
    if (path === "/v2/[[...path]]") continue;
    const told = await instance.call("OPTIONS", path.replace(/\[+(?:\.\.\.)?\w+\]+/g, "x"), { token: null });
    expect([path, told.status, told.text]).toEqual([path, 204, ""]);
    const allow = told.headers.get("allow")?.split(", ") ?? [];
    expect([path, allow.sort()]).toEqual([
      path,
      [...own, ...(own.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort(),
    ]);
  }
});
