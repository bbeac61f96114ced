import { describe, expect, it } from "vitest";
import { database } from "@/lib/testing/database";

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
