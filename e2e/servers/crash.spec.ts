import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import { gitServer } from "@/lib/testing/git/git-server";
import { startInstance, TOKEN, type Instance } from "@/lib/testing/instance";

const COUNT = 30;
const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };

async function call(instance: Instance, path: string, method = "GET", body?: unknown) {
  const response = await fetch(`${instance.url}/v2${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Record<string, never>;
}

interface Row {
  id: string;
  slug: string;
  dirty: boolean;
  writeLock?: unknown;
  lastPush?: { version: string };
}

async function fleet(instance: Instance): Promise<Row[]> {
  const rows = (await call(instance, "/workspaces?limit=100&search=ws-")) as unknown as Row[];
  return rows.filter(({ slug }) => slug.startsWith("ws-"));
}

/** Reads the stream of a bulk push until it tells something that passes, then leaves. */
async function readUntil(
  instance: Instance,
  body: unknown,
  enough: (text: string) => boolean,
): Promise<void> {
  const response = await fetch(`${instance.url}/v2/workspaces/platform/versions?sse=true`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  const decoder = new TextDecoder();
  let text = "";
  const reader = response.body?.getReader();
  if (!reader) throw new Error("The push answered without a stream.");
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    text += decoder.decode(next.value, { stream: true });
    if (enough(text)) break;
  }
  await reader.cancel();
}

for (const moment of ["while it prepares", "once the remote was asked"] as const) {
  test(`a server killed in the middle of a bulk push, ${moment}, loses nothing`, async () => {
    test.setTimeout(240_000);
    const server = await gitServer({ password: "pw" });
    const remote = await server.repository("fleet");
    const dataDir = await mkdtemp(join(tmpdir(), "switchyard-crash-"));
    const env = {
      SWITCHYARD_DEMO: "false",
      WORKSPACES_GROUP_all_LABELS: "all",
      WORKSPACES_STORAGE_GIT_PLATFORM_main_URL: remote.url,
      WORKSPACES_STORAGE_GIT_PLATFORM_main_DIRPATH: "workspaces",
      WORKSPACES_STORAGE_GIT_PLATFORM_main_AUTH_USER: "git",
      WORKSPACES_STORAGE_GIT_PLATFORM_main_AUTH_PASSWORD: "pw",
    };
    // The remote takes its time, so that the server dies while its answer is still awaited.
    await remote.hook("pre-receive", "#!/bin/sh\nsleep 3\n");
    let instance = await startInstance({ env, dataDir });
    try {
      for (let index = 0; index < COUNT; index++) {
        const slug = `ws-${String(index).padStart(2, "0")}`;
        await call(instance, "/workspaces", "POST", { name: slug, slug, labels: ["all"] });
      }
      const request = { groups: ["all"], repository: { id: "main" }, name: "v1" };
      if (moment === "while it prepares") {
        await readUntil(instance, request, (text) => text.includes("bulkPush.started"));
      } else {
        await readUntil(instance, request, (text) => text.includes('"step":"push:merge"'));
        const sent = () =>
          server.requests.some((line) => line.startsWith("POST") && line.includes("receive-pack"));
        while (!sent()) await sleep(20);
      }
      await instance.stop("SIGKILL");
      await sleep(4000);

      instance = await startInstance({ env, dataDir });
      await expect
        .poll(async () => (await fleet(instance)).filter(({ writeLock }) => writeLock).length, {
          timeout: 60_000,
        })
        .toBe(0);
      const operations = (await call(instance, "/operations?kind=bulkPush")) as unknown as {
        state: string;
      }[];
      expect(operations.map(({ state }) => state)).toEqual(["done"]);
      const events = (await call(
        instance,
        "/workspaces/platform/events?type=workspaces.bulkPush.completed",
      )) as unknown as { result: { events: { payload: { errors: unknown[] } }[] } };
      expect(events.result.events).toHaveLength(1);
      expect(events.result.events[0]?.payload.errors.length).toBeGreaterThan(0);

      // What the database says was pushed is exactly what the remote holds.
      const pushed = (await fleet(instance)).filter(({ lastPush }) => lastPush).map(({ slug }) => slug);
      const held = await remote.git("ls-tree", "--name-only", "main:workspaces").catch(() => "");
      expect(held.split("\n").filter(Boolean)).toEqual(pushed.sort());

      const next = await call(instance, "/workspaces/platform/versions?timeout=120", "POST", {
        ...request,
        name: "v2",
      });
      expect(next).toMatchObject({ errors: [], mergeConflictWorkspaceIds: [] });
      const after = await fleet(instance);
      expect(after).toHaveLength(COUNT);
      expect(after.filter(({ dirty }) => dirty)).toEqual([]);
      // One commit a workspace: nothing was pushed twice.
      expect((await remote.git("rev-list", "--count", "main")).trim()).toBe(String(COUNT));
      expect(await remote.fsck()).toBe("");
    } finally {
      await instance.stop();
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
}
