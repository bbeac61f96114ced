import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "./lock.mjs";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "switchyard-lock-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("the lock of a checkout", () => {
  it("lets one worker in at a time", async () => {
    const file = path.join(folder, "a.lock");
    const inside = [];
    let most = 0;
    const work = (name) => async () => {
      inside.push(name);
      most = Math.max(most, inside.length);
      await new Promise((resolve) => setImmediate(resolve));
      inside.splice(inside.indexOf(name), 1);
      return name;
    };
    expect(await Promise.all(["x", "y", "z"].map((name) => withLock(file, work(name))))).toEqual([
      "x",
      "y",
      "z",
    ]);
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it("is taken over from a process that died", async () => {
    const file = path.join(folder, "b.lock");
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    await writeFile(file, String(dead));
    expect(await withLock(file, async () => "in")).toBe("in");
  });

  it("is released when the work fails", async () => {
    const file = path.join(folder, "c.lock");
    await expect(
      withLock(file, async () => {
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    expect(await readdir(folder)).toEqual([]);
  });
});
