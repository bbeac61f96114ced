import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import { gitServer } from "@/lib/testing/git/git-server";
import { startInstance, TOKEN, type Instance } from "@/lib/testing/instance";

const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };

const descriptors = async ({ pid }: Instance) => (await readdir(`/proc/${String(pid)}/fd`)).length;

/** Sends bytes on a connection of its own; answers what came back once the server closed it, or after a while. */
async function send({ url }: Instance, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => (received += String(chunk)));
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.write(text);
  await Promise.race([closed, sleep(5000)]);
  socket.destroy();
  return received;
}

const upgrade = (path: string, protocol: string) =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n` +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

test("upgrades of any path are refused and leave no descriptor open; idle connections last 75 seconds", async () => {
  const instance = await startInstance({ env: { SWITCHYARD_DEMO: "false" } });
  try {
    const first = await fetch(`${instance.url}/v2/readiness`);
    expect(first.headers.get("keep-alive")).toBe("timeout=75");
    const before = await descriptors(instance);
    const paths = [
      "/",
      "/_next/webpack-hmr?id=1",
      "/_next/static/chunks/x.js",
      "/v2/me",
      "/_next/image",
      "*",
    ];
    for (let round = 0; round < 8; round++) {
      const answers = await Promise.all(
        paths.flatMap((path) =>
          ["websocket", "foo/2", "h2c, websocket"].flatMap((protocol) => [
            send(instance, upgrade(path, protocol)),
            send(instance, `GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n${upgrade(path, protocol)}`),
          ]),
        ),
      );
      for (const answer of answers) expect(answer).toContain("HTTP/1.1 400 ");
    }
    await send(instance, "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n");
    await expect.poll(() => descriptors(instance)).toBeLessThanOrEqual(before + 5);
    expect((await fetch(`${instance.url}/v2/readiness`)).status).toBe(200);
  } finally {
    await instance.stop();
  }
});

test("a server that is asked to stop says so, ends its push and every stream, and then goes", async () => {
  const git = await gitServer();
  const remote = await git.repository("fleet");
  await remote.hook("pre-receive", "#!/bin/sh\nsleep 2\n");
  const instance = await startInstance({
    env: { SWITCHYARD_DEMO: "false", WORKSPACES_STORAGE_GIT_PLATFORM_main_URL: remote.url },
  });
  const api = (path: string, method = "GET", body?: unknown) =>
    fetch(`${instance.url}/v2${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  try {
    const { id } = (await (await api("/workspaces", "POST", { name: "Shop", slug: "shop" })).json()) as {
      id: string;
    };
    const push = { name: "v1", repository: { id: "main" } };
    const streams = [await api(`/workspaces/${id}/versions?sse=true`, "POST", push)];
    const operationId = streams[0]?.headers.get("x-operation-id") ?? "";
    for (let index = 0; index < 12; index++) streams.push(await api(`/operations/${operationId}?sse=true`));
    const texts = Promise.all(streams.map((stream) => stream.text()));
    const stopping = instance.stop();
    await expect.poll(async () => (await api("/readiness")).status).toBe(503);
    const refused = await api("/workspaces", "POST", { name: "Blog", slug: "blog" });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
    for (const text of await texts) {
      const last = text.split("\n").findLast((line) => line.startsWith("data: "));
      expect(last).toContain('"status":"succeeded"');
    }
    await stopping;
    expect(instance.output()).not.toMatch(/"level":"error"|ERR_SERVER_NOT_RUNNING/);
  } finally {
    await instance.stop();
    await git.close();
  }
});
