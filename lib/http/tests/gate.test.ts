import { expect, test } from "vitest";
import { addressOf } from "@/lib/http/gate/address";
import { countRequest, rateKey } from "@/lib/http/gate/rate-limit";

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
