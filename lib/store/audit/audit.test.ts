import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";

const NOW = new Date("2026-01-01T00:00:00Z");
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const WINDOW = 15 * 60_000;

await describeOnDatabases("Audit", (database) => {
  test("attempts are counted by all server processes together, and anew after their window", async () => {
    const [here, there] = [await database.open(), await database.open()];
    const counted = await Promise.all(
      [here, there, here, there].map((store) => store.attempts.count("ada", WINDOW, NOW)),
    );
    expect(counted.map(({ count }) => count).sort()).toEqual([1, 2, 3, 4]);
    expect(counted[0]?.since).toEqual(NOW);
    expect(await there.attempts.count("ada", WINDOW, later(14))).toMatchObject({ count: 5 });
    expect(await there.attempts.count("ada", WINDOW, later(15))).toMatchObject({
      count: 1,
      since: later(15),
    });
    await here.attempts.forget("ada");
    expect(await here.attempts.count("ada", WINDOW, later(16))).toMatchObject({ count: 1 });
    await here.attempts.count("eve", WINDOW, NOW);
    expect(await here.attempts.prune(later(20))).toBe(1);
  });

  test("audit entries are read newest first, by filter and page after page, and deleted by age alone", async () => {
    let minute = 0;
    const store = await database.open({ clock: () => later(minute) });
    for (; minute < 5; minute++)
      await store.audit.append({
        userId: minute % 2 ? "ada" : "eve",
        email: "ada@example.org",
        action: minute === 3 ? "session.created" : "secret.updated",
        outcome: minute === 4 ? "refused" : "succeeded",
        target: `t${String(minute)}`,
        details: { names: ["1"] },
      });
    const targets = async (query: object) =>
      (await store.audit.list({ limit: 10, ...query })).map(({ target }) => target);
    expect(await targets({})).toEqual(["t4", "t3", "t2", "t1", "t0"]);
    expect(await targets({ userId: "ada" })).toEqual(["t3", "t1"]);
    expect(await targets({ action: "secret.*" })).toEqual(["t4", "t2", "t1", "t0"]);
    expect(await targets({ action: "session.created", email: "ADA@example.org" })).toEqual(["t3"]);
    expect(await targets({ outcome: "refused" })).toEqual(["t4"]);
    expect(await targets({ afterDate: later(1), beforeDate: later(3) })).toEqual(["t2", "t1"]);
    const [first, second] = await store.audit.list({ limit: 2 });
    expect(first).toMatchObject({ userId: "eve", outcome: "refused", details: { names: ["1"] } });
    if (!second) throw new Error("There are five entries.");
    const after = { createdAt: new Date(second.createdAt), id: second.id };
    expect(await targets({ limit: 2, after })).toEqual(["t2", "t1"]);
    expect(await store.audit.prune(later(2))).toBe(2);
    expect(await targets({})).toEqual(["t4", "t3", "t2"]);
    // Whatever somebody tried is written down, in characters that a database can keep.
    await store.audit.append({
      userId: "eve",
      action: "secret.deleted",
      outcome: "refused",
      target: "a\0b\ud800",
      details: {},
    });
    expect(await targets({ limit: 1 })).toEqual(["a\ufffdb\ufffd"]);
  });

  test("a key belongs to one request; its answer is kept, a dead request's key is free again", async () => {
    const [here, there] = [await database.open(), await database.open()];
    const request = { key: "k", userId: "ada", requestHash: "h" };
    const times = (minute: number) => ({
      now: later(minute),
      expiredBefore: later(minute - 60),
      deadBefore: later(minute - 15),
    });
    const claims = await Promise.all(
      [here, there].map((store) => store.idempotency.claim(request, times(0))),
    );
    expect(claims.map(({ kind }) => kind).sort()).toEqual(["running", "started"]);
    expect(await here.idempotency.claim({ ...request, requestHash: "x" }, times(1))).toEqual({
      kind: "other",
    });
    expect(await there.idempotency.claim(request, times(16))).toEqual({ kind: "started" });
    const answer = { status: 200, headers: { "x-operation-id": "o1" }, text: '"12"' };
    await there.idempotency.finish("k", answer);
    await there.idempotency.release("k");
    expect(await here.idempotency.claim(request, times(40))).toEqual({ kind: "done", answer });
    expect(await here.idempotency.claim(request, times(77))).toEqual({ kind: "started" });
    await here.idempotency.release("k");
    expect(await here.idempotency.prune(later(1000))).toBe(0);
  });

  test("the figures tell what is locked and running, and when the newest event came", async () => {
    const store = await database.open({ clock: () => NOW });
    expect(await store.figures()).toMatchObject({ locks: {}, operations: {}, lastEventAt: null });
    await store.events.append([{ type: "test", workspaceId: "w", payload: {}, source: {} }]);
    expect(await store.figures()).toMatchObject({ workspaces: 0, lastEventAt: NOW.toISOString() });
  });
});
