import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "@/lib/store";
import { database } from "@/lib/testing/database";

describe("A new database file", () => {
  it("is readable by its owner alone, with the files beside it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "switchyard-mode-"));
    const before = process.umask(0o022);
    try {
      const store = await openStore({ url: `file:${join(folder, "new.db")}`, lockTimeoutMinutes: 30 });
      await store.jobs.settleSetting("any", true);
      const names = await readdir(folder);
      expect(names).toContain("new.db-wal");
      for (const name of names) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
      await store.close();
    } finally {
      process.umask(before);
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("A row of writes", () => {
  it("leaves turns to requests and timers, so that leases can be renewed meanwhile", async () => {
    const sqlite = await database("sqlite");
    try {
      const { jobs } = await sqlite.open();
      let turns = 0;
      const timer = setInterval(() => turns++, 0);
      for (let write = 0; write < 20; write++) await jobs.settleSetting(`setting-${String(write)}`, true);
      clearInterval(timer);
      expect(turns).toBeGreaterThan(0);
    } finally {
      await sqlite.close();
    }
  });
});
