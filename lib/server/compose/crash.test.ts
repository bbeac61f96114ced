import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { BulkPushSummary } from "@/lib/domain/bulk";
import { bundle, type Bundle } from "@/lib/testing/bundle";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { gitServer, type GitServer, type TestRepository } from "@/lib/testing/git/git-server";
import { aNewWorkspace, contentsOf } from "@/lib/testing/store-builders";
import { followOperation, waitFor } from "../operations/follow";
import { RecoveryWatch } from "../operations/recovery/recovery-watch";
import { startBulkPush } from "../operations/start-bulk";
import { systemViewer } from "../viewer";

const IDS = Array.from({ length: 8 }, (_, index) => `shop${String(index)}`);
const viewer = systemViewer("user", "survivor");

let victim: Bundle;
beforeAll(async () => {
  victim = await bundle("lib/server/compose/testing/victim.ts");
});
afterAll(() => victim.remove());

await describeOnDatabases("a server process killed in the middle of a bulk push", (database) => {
  let server: GitServer;
  let remote: TestRepository;
  let instance: TestInstance;
  const env = () => ({
    WORKSPACES_STORAGE_GIT_PLATFORM_company_URL: remote.url,
    WORKSPACES_STORAGE_GIT_PLATFORM_company_DIRPATH: "workspaces",
    WORKSPACES_GROUP_base_LABELS: "base",
    SWITCHYARD_MASTER_KEY: "ab".repeat(32),
    LOG_LEVEL: "silent",
  });

  beforeEach(async () => {
    server = await gitServer();
    remote = await server.repository("fleet");
    instance = await startEngine({ database, env: env() });
    for (const id of IDS) {
      const contents = contentsOf({
        "index.yml": `name: ${id}\nslug: ${id}\n`,
        "pages/home.yml": `name: ${id}\n`,
      });
      await instance.engine.store.workspaces.create(
        aNewWorkspace(id, { slug: id, labels: ["base"], contents }),
      );
    }
  });

  afterEach(async () => {
    await instance.close();
    await server.close();
  });

  /** Runs a bulk push in a process of its own and kills it some time after an event. Answers the operation. */
  async function killAfter(type: string, delayMs: number): Promise<string> {
    const child = spawn(process.execPath, [victim.file], {
      env: { ...process.env, ...env(), DATABASE_URL: database.url, SWITCHYARD_DATA_DIR: instance.dataDir },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    child.stderr.on("data", (chunk) => (printed += String(chunk)));
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    let operationId = "";
    for await (const line of createInterface(child.stdout)) {
      printed += `${line}\n`;
      if (line.startsWith("OPERATION ")) operationId = line.slice("OPERATION ".length);
      if (line !== `EVENT ${type}`) continue;
      await sleep(delayMs);
      child.kill("SIGKILL");
      break;
    }
    await exited;
    if (child.signalCode !== "SIGKILL")
      throw new Error(`The process was to be killed; it printed:\n${printed}`);
    return operationId;
  }

  async function summaryOf(operationId: string): Promise<BulkPushSummary> {
    let payload: unknown;
    const signal = AbortSignal.timeout(60_000);
    for await (const event of followOperation(instance.engine, operationId, { signal }))
      payload = event.payload;
    return BulkPushSummary.parse(payload);
  }

  async function slugsOnRemote(): Promise<string[]> {
    const refs = await remote.git("for-each-ref", "refs/heads/main");
    if (refs.trim() === "") return [];
    return (await remote.git("ls-tree", "--name-only", "main", "workspaces/"))
      .split("\n")
      .map((path) => path.trim().replace("workspaces/", ""))
      .filter((slug) => slug !== "");
  }

  it.each([
    ["workspaces.bulkPush.started", 0],
    ["workspaces.versions.progress", 0],
    ["workspaces.versions.progress", 150],
    ["workspaces.versions.progress", 600],
    ["workspaces.bulkPush.progress", 0],
  ])("after %s and %i ms leaves nothing half done", async (type, delayMs) => {
    const { engine } = instance;
    await remote.hook("pre-receive", "#!/bin/sh\nsleep 0.4\n");
    const operationId = await killAfter(type, delayMs);
    // Only an embedded database shows at once that its neighbour died; else its signs have to be missed.
    const deadMs = database.provider === "sqlite" ? 30_000 : -1000;
    const watch = new RecoveryWatch(engine, { deadMs, lookMs: 200 });
    watch.start();

    const summary = await summaryOf(operationId);
    await watch.close();
    const onRemote = await slugsOnRemote();
    expect(summary.pushedWorkspaceIds.sort()).toEqual(onRemote.sort());
    expect(await waitFor(engine, operationId, 1000)).toMatchObject({ state: "done" });
    const fleet = await engine.store.workspaces.find({ ids: IDS });
    for (const { id, dirty, lastPush, revision } of fleet) {
      expect([id, dirty, lastPush !== undefined, revision]).toEqual([
        id,
        !onRemote.includes(id),
        onRemote.includes(id),
        0,
      ]);
    }
    expect([...(await engine.store.locks.current([...IDS, "platform"])).keys()]).toEqual([]);

    const again = await startBulkPush(engine, viewer, { groups: ["base"], name: "v2" });
    const second = await summaryOf(again.operationId);
    expect(second.errors).toEqual([]);
    expect([...second.pushedWorkspaceIds, ...second.alreadyPushedWorkspaceIds].sort()).toEqual(IDS);
    expect((await slugsOnRemote()).sort()).toEqual(IDS);
    expect(await remote.git("rev-list", "--count", "main")).toContain(String(IDS.length));
    expect(await remote.fsck()).toBe("");
  });
});
