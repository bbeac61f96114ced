import { expect, test } from "vitest";
import { addressOf } from "@/lib/http/gate/address";
import { AUDITED, NOT_AUDITED } from "@/lib/http/gate/audited-routes";
import { patternsOf } from "@/lib/http/gate/pattern";
import { countRequest, rateKey } from "@/lib/http/gate/rate-limit";
import { everyRoute } from "@/lib/testing/routes";

test("A path's parameters are told from its fixed parts, whatever their values are", () => {
  const first = (path: string, params: Record<string, string | string[]>) => patternsOf(path, params)[0];
  expect(first("/v2/workspaces", {})).toBe("/v2/workspaces");
  expect(first("/v2/workspaces/aB3/versions/v1", { id: "aB3", name: "v1" })).toBe(
    "/v2/workspaces/[id]/versions/[name]",
  );
  expect(
    first("/v2/workspaces/slug%3Ashop/sources/pages/a.yml", { id: "slug:shop", path: ["pages", "a.yml"] }),
  ).toBe("/v2/workspaces/[id]/sources/[...path]");
  expect(first("/v2/no/such", { path: ["no", "such"] })).toBe("/v2/[...path]");
  for (const id of ["v2", "workspaces", "versions", "rollback"])
    for (const name of ["v2", "versions", "rollback"])
      expect(patternsOf(`/v2/workspaces/${id}/versions/${name}/rollback`, { id, name })).toContain(
        "/v2/workspaces/[id]/versions/[name]/rollback",
      );
});

test("A path of thousands of segments is told apart as a short one is", () => {
  const path = Array.from({ length: 8000 }, () => "a");
  expect(patternsOf(`/v2/workspaces/a/sources/${path.join("/")}`, { id: "a", path })).toEqual([
    "/v2/workspaces/[id]/sources/[...path]",
  ]);
});

test("The address is the connection's own, or what the trusted proxies saw, never what a client claims", () => {
  const request = (forwarded?: string) =>
    new Request("http://localhost/", {
      headers: { "x-switchyard-peer": "10.0.0.1", ...(forwarded ? { "x-forwarded-for": forwarded } : {}) },
    });
  expect(addressOf(request("6.6.6.6"), 0)).toBe("10.0.0.1");
  expect(addressOf(request("6.6.6.6, 192.0.2.9"), 1)).toBe("192.0.2.9");
  expect(addressOf(request("6.6.6.6, 192.0.2.9, 10.0.0.2"), 2)).toBe("192.0.2.9");
  expect(addressOf(request(), 1)).toBe("10.0.0.1");
  expect(addressOf(request("192.0.2.9:50123"), 1)).toBe("192.0.2.9");
  expect(addressOf(request("[2001:db8::7]:50123"), 1)).toBe("2001:db8::7");
  expect(addressOf(request("2001:db8::7"), 1)).toBe("2001:db8::7");
});

test("Whoever has a network of IPv6 addresses is counted once, and others apart from them", () => {
  const keys = (...addresses: string[]) => new Set(addresses.map((address) => rateKey(null, address))).size;
  expect(keys("2001:db8:1:2::1", "2001:db8:1:2:ffff::", "2001:DB8:1:2:0:0:0:9%eth0")).toBe(1);
  expect(keys("2001:db8:1:2::1", "2001:db8:1:3::1", "192.0.2.1", "192.0.2.2")).toBe(4);
  expect(keys("192.0.2.1", "::ffff:192.0.2.1", "::ffff:c000:201")).toBe(1);
});

test("Requests are counted within a minute, and the headers tell what is left of it", () => {
  const now = Date.now();
  const count = (at: number) => {
    const headers = new Headers();
    try {
      countRequest("test:one", 2, headers, at);
      return [200, headers.get("ratelimit-remaining"), headers.get("ratelimit-reset")];
    } catch (error) {
      return [error, headers.get("ratelimit-remaining"), headers.get("ratelimit-reset")];
    }
  };
  expect(count(now)).toEqual([200, "1", "60"]);
  expect(count(now + 30_000)).toEqual([200, "0", "30"]);
  expect(count(now + 40_000)).toMatchObject([
    { code: "TooManyRequests", details: { retryAfter: 20 } },
    "0",
    "20",
  ]);
  expect(count(now + 60_000)).toEqual([200, "1", "60"]);
  const off = new Headers();
  countRequest("test:one", 0, off, now);
  expect([...off]).toEqual([]);
});

test("Every write is audited, or says why it is not", async () => {
  const writes = (await everyRoute()).filter(
    ({ method, path }) => method !== "GET" && !path.endsWith("[[...path]]"),
  );
  const keys = writes.map(({ method, path }) => `${method} ${path}`);
  const untold = keys.filter((key) => !Object.hasOwn(AUDITED, key));
  expect(untold.sort()).toEqual(Object.keys(NOT_AUDITED).sort());
});

test("What is audited exists: every entry names a route", async () => {
  const routes = new Set((await everyRoute()).map(({ method, path }) => `${method} ${path}`));
  expect(Object.keys(AUDITED).filter((key) => !routes.has(key))).toEqual([]);
});
