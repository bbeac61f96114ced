import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import { gitServer } from "@/lib/testing/git/git-server";
import { startInstance, TOKEN, type Instance } from "@/lib/testing/instance";

const COUNT = 5;
// A lease lasts 30 seconds, and so does the patience with a silent remote.
const PAUSE_MS = 40_000;
const CLAIMS_A_STOP = /Interrupted|LockLost|server stopped|shutting down|stopped responding/;
const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };

async function call(instance: Instance, path: string, body?: unknown) {
  const response = await fetch(`${instance.url}/v2${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

test("a server that was paused for longer than its lease, while remotes took its pushes, loses nothing", async () => {
  test.setTimeout(240_000);
  const server = await gitServer();
  const repositories = { fleet: await server.repository("fleet"), solo: await server.repository("solo") };
  const env = Object.entries(repositories).flatMap(([id, { url }]) => [
    [`WORKSPACES_STORAGE_GIT_PLATFORM_${id}_URL`, url],
    [`WORKSPACES_STORAGE_GIT_PLATFORM_${id}_DIRPATH`, "workspaces"],
  ]);
  const instance = await startInstance({
    env: {
      SWITCHYARD_DEMO: "false",
      WORKSPACES_GROUP_all_LABELS: "all",
      ...(Object.fromEntries(env) as Record<string, string>),
    },
  });
  const signal = (name: NodeJS.Signals) => process.kill(instance.pid, name);
  try {
    for (let index = 0; index < COUNT; index++)
      await call(instance, "/workspaces", { name: `ws-${String(index)}`, labels: ["all"] });
    const solo = (await call(instance, "/workspaces", { name: "solo" })).body as { id: string };

    // Both remotes hold the push until the server sleeps.
    const open = join(server.root, "open");
    const hold = `#!/bin/sh\ntouch asked\nwhile [ ! -e ${open} ]; do sleep 0.1; done\n`;
    for (const repository of Object.values(repositories)) await repository.hook("pre-receive", hold);
    const bulk = call(instance, "/workspaces/platform/versions?timeout=120", {
      groups: ["all"],
      repository: { id: "fleet" },
      name: "v1",
    });
    const single = call(instance, `/workspaces/${solo.id}/versions?timeout=120`, {
      name: "v1",
      repository: { id: "solo" },
    });
    const asked = () => server.requests.filter((line) => /^POST .*receive-pack/.test(line)).length;
    await expect.poll(asked, { timeout: 60_000 }).toBe(2);
    signal("SIGSTOP");
    await sleep(2000);
    await writeFile(open, "");
    await sleep(PAUSE_MS);
    signal("SIGCONT");

    const answers = [await bulk, await single];
    expect(answers).toMatchObject([
      {
        status: 200,
        body: { errors: [], mergeConflictWorkspaceIds: [], pushedWorkspaceIds: { length: COUNT } },
      },
      { status: 200, body: { name: "v1" } },
    ]);
    const operations = (await call(instance, "/operations?limit=100")).body as { outcome: string }[];
    expect(operations.map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded"]);
    const rows = (await call(instance, "/workspaces?limit=100")).body as object[];
    expect(rows).toHaveLength(COUNT + 1);
    for (const row of rows) expect(row).toMatchObject({ dirty: false, lastPush: { version: "v1" } });
    expect(rows.filter((row) => "writeLock" in row)).toEqual([]);
    const events = await call(instance, "/workspaces/platform/events?limit=100");
    expect(JSON.stringify([answers, operations, rows, events])).not.toMatch(CLAIMS_A_STOP);

    // Everything is on the remotes once, and the next push finds nothing to do.
    const commits = async (id: keyof typeof repositories) =>
      (await repositories[id].git("rev-list", "--count", "main")).trim();
    expect([await commits("fleet"), await commits("solo")]).toEqual([String(COUNT), "1"]);
    const next = await call(instance, "/workspaces/platform/versions?timeout=120", {
      groups: ["all"],
      repository: { id: "fleet" },
      name: "v2",
    });
    expect(next.body).toMatchObject({ errors: [], alreadyPushedWorkspaceIds: { length: COUNT } });
    for (const repository of Object.values(repositories)) expect(await repository.fsck()).toBe("");
  } finally {
    signal("SIGCONT");
    await instance.stop();
    await server.close();
  }
});
