import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bootstrapAccounts } from "../access/bootstrap";
import { createEngine } from "../compose/create-engine";
import type { Engine } from "../engine";
import { parseEnv } from "../env";
import { planBulkImport, planBulkPush } from "../operations/start-bulk";
import { systemViewer } from "../viewer";
import { seedDemo } from ".";

const viewer = systemViewer("startup", "test");
const GROUPS = ["base1", "base2", "extended"];

let dataDir = "";
let engine: Engine;

async function open(): Promise<Engine> {
  return createEngine(parseEnv({ SWITCHYARD_DATA_DIR: dataDir, LOG_LEVEL: "warn" }));
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "switchyard-demo-"));
  engine = await open();
  await bootstrapAccounts(engine);
});
afterEach(async () => {
  await engine.close(1000);
  await rm(dataDir, { recursive: true, force: true });
});

async function workspace(slug: string) {
  const found = await engine.store.workspaces.getBySlug(slug);
  if (!found) throw new Error(`${slug} is missing.`);
  return found;
}

describe("the demo of an instance with nothing configured", () => {
  it("has three groups, a repository to push to, a release to import, and every state a fleet can be in", async () => {
    await seedDemo(engine);

    expect(engine.env.groups.map((group) => group.name)).toEqual(GROUPS);
    expect(engine.env.platformRepositories.map(({ id, mode }) => [id, mode])).toEqual([
      ["demo", "read-write"],
      ["release", "read-only"],
    ]);
    const counts = await engine.store.workspaces.counts();
    expect(counts).toMatchObject({ all: 13, behind: 1, conflict: 1 });
    const plan = await planBulkPush(engine, viewer, { groups: GROUPS });
    const status = Object.fromEntries(plan.workspaces.map((row) => [row.slug, row.status]));
    expect(status).toMatchObject({
      "customer-support-desk": "candidate",
      "email-triage": "candidate",
      "it-helpdesk": "candidate",
      "analytics-dashboard": "candidate",
      "sales-assistant": "mergeConflict",
      "knowledge-base": "alreadyPushed",
    });
    const { versions } = engine.store.workspaces;
    const names = async (slug: string) =>
      (await versions((await workspace(slug)).id, { page: 0, limit: 10 })).map((version) => version.name);
    expect(await names("invoice-extraction")).toEqual(["v2.3.1", "v2.2.0"]);
    expect(await names("knowledge-base")).toEqual(["v2.3.0", "v2.2.0"]);
    expect(await names("it-helpdesk")).toContain("before-equipment");
  });

  it("imports its release after what each workspace depends on", async () => {
    await seedDemo(engine);

    const plan = await planBulkImport(engine, viewer, { repository: { id: "release" } });

    const rows = plan.workspaces.map((row) => [row.slug, row.status]);
    expect(Object.fromEntries(rows)).toMatchObject({
      "identity-provider": "update",
      "translation-service": "create",
      "travel-desk": "create",
    });
    const order = plan.workspaces.map((row) => row.slug);
    expect(order.indexOf("translation-service")).toBeLessThan(order.indexOf("travel-desk"));
    expect(order.indexOf("knowledge-base")).toBeLessThan(order.indexOf("translation-service"));
    expect(plan.cycles).toEqual([]);
    expect(plan.warnings.filter((warning) => /checksum/i.test(warning.message))).toEqual([]);
  });

  it("is made once: a restart finds it again and adds nothing", async () => {
    await seedDemo(engine);
    const before = await engine.store.events.lastCursor();
    await engine.close(1000);
    engine = await open();

    await seedDemo(engine);

    expect(engine.env.platformRepositories).toHaveLength(2);
    expect(await engine.store.events.lastCursor()).toBe(before);
  });

  it("stays away when it is switched off", async () => {
    await engine.close(1000);
    await rm(dataDir, { recursive: true });
    engine = await createEngine(parseEnv({ SWITCHYARD_DATA_DIR: dataDir, SWITCHYARD_DEMO: "false" }));
    expect(engine.env.platformRepositories).toEqual([]);
    expect(engine.env.groups).toEqual([]);
  });
});
