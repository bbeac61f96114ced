import { createServer, type Server } from "node:http";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { ReadableStream } from "node:stream/web";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { ADMIN_TOKEN, startEngine, type TestInstance } from "@/lib/testing/engine";
import { gitServer, type GitServer } from "@/lib/testing/git/git-server";
import { aNewWorkspace, contentsOf } from "@/lib/testing/store-builders";
import { RecoveryWatch } from "../operations/recovery/recovery-watch";
import { countAnswers, type Answers } from "./answers";
import { shutDown } from "./shut-down";

const COMPANY = "WORKSPACES_STORAGE_GIT_PLATFORM_company";
const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };

await describeOnDatabases("A server that is asked to stop", (database) => {
  let git: GitServer;
  let instance: TestInstance;
  let server: Server;
  let url: string;
  let answers: Answers;

  beforeEach(async () => {
    git = await gitServer();
    const remote = await git.repository("fleet");
    await remote.hook("pre-receive", "#!/bin/sh\nsleep 1\n");
    instance = await startEngine({
      database,
      env: { [`${COMPANY}_URL`]: remote.url, SWITCHYARD_MASTER_KEY: "ab".repeat(32), LOG_LEVEL: "error" },
    });
    const contents = contentsOf({ "index.yml": "name: shop\nslug: shop\n" });
    await instance.engine.store.workspaces.create(aNewWorkspace("shop", { slug: "shop", contents }));
    answers = countAnswers(instance.engine.shutdown);
    server = createServer((request, response) => {
      void (async () => {
        const body = request.method === "POST" ? (Readable.toWeb(request) as unknown as BodyInit) : null;
        const given = new Request(`http://${request.headers.host ?? ""}${request.url ?? ""}`, {
          method: request.method ?? "GET",
          headers: request.headers as Record<string, string>,
          body,
          ...{ duplex: "half" },
        });
        const path = `${new URL(given.url).pathname}${new URL(given.url).search}`;
        const answer = await instance.request(given.method, path, {
          headers: Object.fromEntries(given.headers),
          token: null,
          ...(body ? { text: await given.text() } : {}),
        });
        response.writeHead(answer.status, Object.fromEntries(answer.headers));
        if (answer.body) Readable.fromWeb(answer.body as unknown as ReadableStream).pipe(response);
        else response.end();
      })();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    url = `http://127.0.0.1:${String(typeof address === "object" ? address?.port : 0)}/v2`;
  });

  afterEach(async () => {
    answers.stop();
    await instance.close();
    await git.close();
  });

  const stop = () =>
    shutDown({
      engine: instance.engine,
      recovery: new RecoveryWatch(instance.engine),
      servers: [server],
      answers,
      graceMs: 20_000,
    });
  const push = (query: string) =>
    fetch(`${url}/workspaces/shop/versions?${query}`, {
      method: "POST",
      headers,
      body: JSON.stringify({ name: "v1", repository: { id: "company" } }),
    });
  const lastData = (text: string) => {
    const line = text.split("\n").findLast((one) => one.startsWith("data: ")) ?? "data: null";
    return JSON.parse(line.slice("data: ".length)) as Record<string, unknown>;
  };
  async function untilRunning(): Promise<void> {
    while (instance.engine.runner.running().length === 0) await sleep(10);
  }

  it("says so, refuses writes and still answers reads, while a push comes to its end", async () => {
    const pushing = push("timeout=60");
    const following = fetch(`${url}/workspaces/shop/events?sse=true`, { headers });
    const feed = (await following).text();
    await untilRunning();
    const stopping = stop();
    const readiness = await fetch(`${url}/readiness`);
    expect(readiness.status).toBe(503);
    expect(await readiness.json()).toMatchObject({ status: "error", process: { status: "failed" } });
    expect(readiness.headers.get("connection")).toBe("close");
    expect((await fetch(`${url}/workspaces`, { headers })).status).toBe(200);
    const refused = await push("timeout=1");
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(await refused.json()).toMatchObject({ error: "Unavailable" });
    const pushed = await pushing;
    expect([pushed.status, await pushed.json()]).toMatchObject([200, { name: "v1" }]);
    expect(await feed).toContain("event: operation.completed");
    await stopping;
    await expect(fetch(`${url}/readiness`)).rejects.toThrow();
  });

  it("ends every stream with its last event before the database closes", async () => {
    const streams = [await push("sse=true")];
    await untilRunning();
    const [id] = instance.engine.runner.running();
    for (let index = 0; index < 12; index++)
      streams.push(await fetch(`${url}/operations/${id ?? ""}?sse=true`, { headers }));
    const texts = Promise.all(streams.map((stream) => stream.text()));
    await stop();
    for (const text of await texts)
      expect(lastData(text)).toMatchObject({ kind: "push", status: "succeeded", errors: [] });
  });

  it("tells those who follow what another process runs that it is this one that stops", async () => {
    await instance.engine.store.operations.start({
      id: "elsewhere",
      kind: "push",
      workspaceId: "shop",
      initiator: "user",
      userId: "ada",
      correlationId: "c1",
      input: {},
      owner: "another/1/process",
      createdAt: new Date(),
    });
    const stream = await fetch(`${url}/operations/elsewhere?sse=true`, { headers });
    const text = stream.text();
    await stop();
    expect(lastData(await text)).toMatchObject({ errors: [{ error: "Unavailable" }] });
  });
});
