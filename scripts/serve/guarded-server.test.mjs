import { readdirSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { guardServers } from "./guarded-server.mjs";

const plain = http.createServer;
let server;
let port;
const upgrades = [];

beforeAll(async () => {
  guardServers();
  server = http.createServer((request, response) => response.end(`plain ${request.url}`));
  http.createServer = plain;
  // As the framework does; it keeps the socket when it knows no better.
  server.on("upgrade", (request) => upgrades.push(request.url));
  server.addListener("upgrade", (request) => upgrades.push(request.url));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = server.address().port;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const socketsOpen = () =>
  readdirSync("/proc/self/fd", { withFileTypes: true }).filter((entry) => entry.isSymbolicLink()).length;

/** Sends bytes and answers everything that came back until the server closed, or for a while. */
async function send(text, { waitMs = 2000 } = {}) {
  const socket = net.connect(port, "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => (received += String(chunk)));
  const closed = new Promise((resolve) => socket.once("close", () => resolve(true)));
  socket.on("error", () => undefined);
  socket.write(text);
  const isClosed = await Promise.race([closed, sleep(waitMs, false)]);
  socket.destroy();
  return { received, isClosed };
}

const ask = (path, upgrade, more = "") =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: ${upgrade}\r\n${more}\r\n`;
const KEY = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

test.each([
  ["/", "websocket"],
  ["/_next/webpack-hmr?id=1", "WebSocket"],
  ["/_next/static/x", "foo/2"],
  ["/v2/me", "h2c, websocket"],
  ["*", "TLS/1.0"],
])("an upgrade of %s to %s is refused and its connection closed", async (path, upgrade) => {
  const { received, isClosed } = await send(ask(path, upgrade, KEY));
  expect(received).toMatch(/^HTTP\/1\.1 400 /);
  expect(received).toContain('"error":"InvalidRequest"');
  expect(isClosed).toBe(true);
});

test("an upgrade that comes behind another request, or with a body, is refused as well", async () => {
  const first = "GET /first HTTP/1.1\r\nHost: x\r\n\r\n";
  const { received, isClosed } = await send(first + ask("/_next/x", "websocket", KEY));
  expect(received).toContain("plain /first");
  expect(received).toContain("HTTP/1.1 400 ");
  expect(isClosed).toBe(true);
  const post = "POST /_next/x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
  expect((await send(`${post}Content-Length: 5\r\n\r\nhello`)).received).toMatch(/^HTTP\/1\.1 400 /);
});

test("an offer of HTTP/2 beside an ordinary request is passed over, and the request answered", async () => {
  const socket = net.connect(port, "127.0.0.1");
  const answer = () => new Promise((resolve) => socket.once("data", (chunk) => resolve(String(chunk))));
  socket.write(ask("/v2/readiness", "h2c", "HTTP2-Settings: AAMAAABkAAQAAP__\r\n"));
  expect(await answer()).toContain("plain /v2/readiness");
  socket.write("GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(await answer()).toContain("plain /next");
  socket.destroy();
});

test("CONNECT and what is no HTTP are closed", async () => {
  expect((await send("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n")).isClosed).toBe(true);
  expect((await send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).isClosed).toBe(true);
});

test("hundreds of upgrades leave no descriptor open and reach nobody", async () => {
  const before = socketsOpen();
  for (let round = 0; round < 6; round++)
    await Promise.all(Array.from({ length: 50 }, () => send(ask("/_next/webpack-hmr", "websocket", KEY))));
  while (await new Promise((resolve) => server.getConnections((_, count) => resolve(count > 0))))
    await sleep(20);
  expect(socketsOpen()).toBeLessThanOrEqual(before + 2);
  expect(upgrades).toEqual([]);
});
