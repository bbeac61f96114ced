import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { RecoveryWatch } from "../operations/recovery/recovery-watch";
import { createRunner } from "../operations/runner";
import { newStartupState } from "../startup-state";
import { runStartupImport } from "./startup-import";

const PREFIX = "WORKSPACES_STORAGE_GIT_PLATFORM_release_";

await describeOnDatabases("the import at start", (database) => {
  let release: string;
  const instances: TestInstance[] = [];

  beforeEach(async () => {
    release = await mkdtemp(join(tmpdir(), "switchyard-release-"));
    for (const [slug, group] of [
      ["shop", "base"],
      ["desk", "extra"],
    ]) {
      const folder = join(release, slug ?? "");
      await mkdir(folder);
      await writeFile(join(folder, "index.yml"), `name: ${slug ?? ""}\nslug: ${slug ?? ""}\n`);
      const manifest = `version: {type: export, name: v1}\ngroups: [${group ?? ""}]\ndependsOn: []\n`;
      await writeFile(join(folder, ".import.yml"), manifest);
    }
  });

  afterEach(async () => {
    for (const instance of instances.splice(0)) await instance.close();
    await rm(release, { recursive: true, force: true });
  });

  async function anInstance(env: Record<string, string> = {}): Promise<TestInstance> {
    const instance = await startEngine({
      database,
      env: {
        [`${PREFIX}TYPE`]: "filesystem",
        [`${PREFIX}DIRPATH`]: release,
        [`${PREFIX}MODE`]: "read-only",
        WORKSPACES_GROUP_base_LABELS: "base",
        WORKSPACES_GROUP_extra_LABELS: "extra",
        STARTUP_IMPORT_REPOSITORY: "release",
        STARTUP_IMPORT_GROUPS: "base,extra",
        SWITCHYARD_MASTER_KEY: "ab".repeat(32),
        LOG_LEVEL: "silent",
        ...env,
      },
    });
    instances.push(instance);
    return instance;
  }

  const run = ({ engine }: TestInstance) => runStartupImport(engine, new AbortController().signal);
  const imports = ({ engine }: TestInstance) =>
    engine.store.operations.list({ workspaceId: "platform", kind: "bulkImport", page: 0, limit: 100 });

  it("is one operation for each group, in their order", async () => {
    const instance = await anInstance();
    expect(instance.engine.startup).toMatchObject({
      status: "pending",
      groups: [{ group: "base" }, { group: "extra" }],
    });
    await run(instance);
    expect(instance.engine.startup).toMatchObject({
      status: "done",
      groups: [
        { group: "base", status: "done" },
        { group: "extra", status: "done" },
      ],
    });
    const operations = await imports(instance);
    expect(
      operations.map(({ initiator, outcome, input }) => [initiator, outcome, input.groups]).reverse(),
    ).toEqual([
      ["startup", "succeeded", ["base"]],
      ["startup", "succeeded", ["extra"]],
    ]);
    expect((await instance.engine.store.workspaces.getBySlug("shop"))?.lastPull?.version).toBe("v1");
  });

  it("is done once by server processes that start at the same time", async () => {
    const first = await anInstance();
    const second = await anInstance();
    await Promise.all([run(first), run(second)]);
    expect(await imports(first)).toHaveLength(2);
    for (const { engine } of [first, second]) expect(engine.startup.status).toBe("done");
  });

  it("is done again, with the groups after it, when another process took it over", async () => {
    const other = await anInstance();
    let goOn: () => void = () => undefined;
    const isHeld = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slow = await anInstance();
    const { repositories } = slow.engine;
    let hold = true;
    const engine = {
      ...slow.engine,
      runner: createRunner({
        ...slow.engine,
        repositories: {
          ...repositories,
          open: async (...given: Parameters<typeof repositories.open>) => {
            if (hold) await isHeld;
            return repositories.open(...given);
          },
        },
      }),
    };
    const importing = runStartupImport(engine, new AbortController().signal);
    while ((await imports(slow)).length === 0) await sleep(10);
    await new RecoveryWatch(other.engine, { deadMs: -1000 }).look();
    hold = false;
    goOn();
    await importing;
    expect(engine.startup.groups.map(({ status }) => status)).toEqual(["done", "done"]);
    const outcomes = (await imports(slow)).map(({ outcome, input }) => [input.groups, outcome]).reverse();
    expect(outcomes).toEqual([
      [["base"], "interrupted"],
      [["base"], "succeeded"],
      [["extra"], "succeeded"],
    ]);
    await engine.runner.close(0);
  });

  it("skips the groups after one whose operation was aborted, and the server keeps serving", async () => {
    const instance = await anInstance();
    await rm(release, { recursive: true, force: true });
    await run(instance);
    expect(instance.engine.startup).toMatchObject({
      status: "failed",
      groups: [{ status: "aborted" }, { status: "skipped" }],
    });
    const [operation, ...others] = await imports(instance);
    expect(others).toEqual([]);
    expect(operation?.errors[0]?.error).toBe(instance.engine.startup.groups[0]?.error);
    expect((await instance.call("GET", "/v2/workspaces")).status).toBe(200);
  });

  it("tells readiness of each group whether it is done, failed or was skipped, and why", async () => {
    const importOf = async (instance: TestInstance) => {
      const { body } = await instance.call("GET", "/v2/readiness", { token: null });
      return (body as { startupImport: unknown }).startupImport;
    };
    const well = await anInstance();
    expect(await importOf(well)).toMatchObject({
      status: "pending",
      groups: [
        { group: "base", status: "pending" },
        { group: "extra", status: "pending" },
      ],
    });
    await writeFile(join(release, "shop", "index.yml"), "name: [broken\n");
    await run(well);
    expect(await importOf(well)).toMatchObject({
      status: "ok",
      groups: [
        {
          group: "base",
          status: "done",
          message: "Done, but not every workspace was imported (UnreadableContent).",
        },
        { group: "extra", status: "done" },
      ],
    });
    const ill = await anInstance();
    await rm(release, { recursive: true, force: true });
    await run(ill);
    expect(await importOf(ill)).toEqual({
      status: "failed",
      message: "The import at start failed for group base. Skipped after that: group extra.",
      groups: [
        {
          group: "base",
          status: "failed",
          error: "RemoteNotFound",
          message: "It failed (RemoteNotFound).",
          operationId: ill.engine.startup.groups[0]?.operationId,
        },
        {
          group: "extra",
          status: "skipped",
          message: "Skipped, because the import of group base failed before it.",
        },
      ],
    });
  });

  it("goes on after a group in which one workspace failed", async () => {
    const instance = await anInstance();
    await writeFile(join(release, "shop", "index.yml"), "name: [broken\n");
    await run(instance);
    expect(instance.engine.startup.groups.map(({ status }) => status)).toEqual(["done", "done"]);
    expect(await instance.engine.store.workspaces.getBySlug("desk")).not.toBeNull();
  });

  it("does nothing where none is configured", async () => {
    const { engine } = await anInstance({ STARTUP_IMPORT_REPOSITORY: "", STARTUP_IMPORT_GROUPS: "" });
    expect(newStartupState(engine)).toEqual({ status: "none", groups: [] });
  });
});
