import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SecretValue } from "@/lib/domain/repository";
import { describeOnDatabases } from "@/lib/testing/database";
import { aNewWorkspace } from "@/lib/testing/store-builders";
import { parseEnv } from "../env";
import { loadMasterKey, MasterKey, masterKeyPath } from "../env/master-key";
import { openSecret, sealSecret, secretValues } from "./secrets";

const KEY = new MasterKey(Buffer.alloc(32, 7));
const value = new SecretValue("canary ✓ value");

describe("a sealed secret", () => {
  const sealed = sealSecret(KEY, "shop", { name: "token", version: 3, value });

  it("opens in its own row and shows nothing of its value at rest", () => {
    expect(openSecret(KEY, "shop", sealed).reveal()).toBe("canary ✓ value");
    expect(Buffer.from(sealed.ciphertext).toString("latin1")).not.toContain("canary");
    expect(Buffer.from(sealSecret(KEY, "shop", { name: "token", version: 3, value }).ciphertext)).not.toEqual(
      Buffer.from(sealed.ciphertext),
    );
  });

  it("does not open in another workspace, under another name, version or key, or when changed", () => {
    const flipped = Buffer.from(sealed.ciphertext);
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    const attempts = [
      () => openSecret(KEY, "desk", sealed),
      () => openSecret(KEY, "shop", { ...sealed, name: "other" }),
      () => openSecret(KEY, "shop", { ...sealed, version: 4 }),
      () => openSecret(new MasterKey(Buffer.alloc(32, 8)), "shop", sealed),
      () => openSecret(KEY, "shop", { ...sealed, ciphertext: flipped }),
      () => openSecret(KEY, "shop", { ...sealed, ciphertext: sealed.ciphertext.slice(0, 8) }),
    ];
    for (const attempt of attempts) expect(attempt).toThrow(/cannot be decrypted/);
  });
});

await describeOnDatabases("the master key", (database) => {
  let dataDir: string;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "switchyard-key-"));
  });
  afterEach(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("is made at the first start, readable by its owner only, and found again", async () => {
    const { jobs } = await database.open();
    const first = await loadMasterKey({ dataDir, masterKey: undefined }, jobs);
    expect(statSync(masterKeyPath(dataDir)).mode & 0o777).toBe(0o600);
    expect((await loadMasterKey({ dataDir, masterKey: undefined }, jobs)).id).toBe(first.id);
    const hex = readFileSync(masterKeyPath(dataDir), "utf8").trim();
    const given = { dataDir: join(dataDir, "elsewhere"), masterKey: new SecretValue(hex) };
    expect((await loadMasterKey(given, jobs)).id).toBe(first.id);
  });

  it("is the same for processes that start at once", async () => {
    const { jobs } = await database.open();
    const starts = Array.from({ length: 8 }, () => loadMasterKey({ dataDir, masterKey: undefined }, jobs));
    expect(new Set((await Promise.all(starts)).map(({ id }) => id)).size).toBe(1);
  });

  it("is found by a process that looked for it just before another one made it", async () => {
    const { jobs } = await database.open();
    let made = "";
    const late = {
      setting: async (name: string) => {
        made ||= (await loadMasterKey({ dataDir, masterKey: undefined }, jobs)).id;
        return jobs.setting(name);
      },
      settleSetting: (name: string, value: { keyId: string }) => jobs.settleSetting(name, value),
    };
    expect((await loadMasterKey({ dataDir, masterKey: undefined }, late)).id).toBe(made);
  });

  it("stops the start with a clear message when it is wrong, missing or damaged", async () => {
    const { jobs } = await database.open();
    const right = await loadMasterKey({ dataDir, masterKey: undefined }, jobs);
    const wrong = new SecretValue("ab".repeat(32));
    await expect(loadMasterKey({ dataDir, masterKey: wrong }, jobs)).rejects.toThrow(
      new RegExp(`SWITCHYARD_MASTER_KEY is the master key .* belongs to the master key ${right.id}`),
    );
    const elsewhere = { dataDir: join(dataDir, "empty"), masterKey: undefined };
    await expect(loadMasterKey(elsewhere, jobs)).rejects.toThrow(/is missing, but this database/);
    writeFileSync(masterKeyPath(dataDir), "not a key");
    await expect(loadMasterKey({ dataDir, masterKey: undefined }, jobs)).rejects.toThrow(/does not contain/);
  });
});

await describeOnDatabases("a workspace's secrets", (database) => {
  it("come from the environment, and a stored value wins", async () => {
    const store = await database.open();
    await store.workspaces.create(aNewWorkspace("shop", { slug: "my-shop" }));
    const env = parseEnv({
      "WORKSPACE_SECRET_my-shop_token": "from the environment",
      "WORKSPACE_SECRET_my-shop_other": "only there",
      WORKSPACE_SECRET_desk_token: "another workspace's",
    });
    const engine = { store, env, masterKey: KEY };
    const read = async () =>
      Object.fromEntries(
        [...(await secretValues(engine, "shop"))].map(([name, one]) => [name, one.reveal()]),
      );
    expect(await read()).toEqual({ token: "from the environment", other: "only there" });
    await store.secrets.put(
      "shop",
      [sealSecret(KEY, "shop", { name: "token", version: 1, value })],
      "ada",
      [],
    );
    expect(await read()).toEqual({ token: "canary ✓ value", other: "only there" });
  });
});
