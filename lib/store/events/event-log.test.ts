import { expect, test } from "vitest";
import type { EventQuery } from "@/lib/store";
import { describeOnDatabases } from "@/lib/testing/database";
import { aNewWorkspace, anEvent } from "@/lib/testing/store-builders";

await describeOnDatabases("The event log", (database) => {
  test("an event comes back as it was given, with its cursor as id", async () => {
    const store = await database.open({ clock: () => new Date("2026-01-02T03:04:05.678Z") });
    const [stored] = await store.events.append([
      anEvent("workspaces.updated", {
        payload: { name: "Café ☕", list: [1, null, { deep: true }] },
        operationId: "op1",
        source: { userId: "ada", correlationId: "c1", sessionId: "s1" },
        error: { error: "Internal", message: "broke" },
      }),
    ]);
    expect(stored).toEqual({
      id: "1",
      type: "workspaces.updated",
      createdAt: "2026-01-02T03:04:05.678Z",
      payload: { name: "Café ☕", list: [1, null, { deep: true }] },
      source: { workspaceId: "shop", userId: "ada", correlationId: "c1", sessionId: "s1" },
      error: { error: "Internal", message: "broke" },
    });
    expect(await store.events.list({ page: 0, limit: 10 })).toEqual([stored]);
    expect(await store.events.lastCursor()).toBe("1");
  });

  test("an event of a megabyte comes back like every other, in its place between them", async () => {
    const store = await database.open();
    const names = Array.from({ length: 20_000 }, (_, n) => ({
      slug: `shop-${String(n)}`,
      says: 'é \u0000 "\\',
    }));
    const stored = await store.events.append([
      anEvent("before"),
      anEvent("workspaces.bulkImport.started", { payload: { names }, error: { error: "Internal" } }),
      anEvent("after", { workspaceId: "blog" }),
    ]);
    const listed = await store.events.list({ page: 0, limit: 10, sort: "asc" });
    const read = names.map(({ slug }) => ({ slug, says: 'é \ufffd "\\' }));
    expect(listed.map(({ id, type }) => [id, type])).toEqual(stored.map(({ id, type }) => [id, type]));
    expect(listed[1]).toEqual({ ...stored[1], payload: { names: read } });
  });

  test("text that one of the databases cannot hold does not stop an event", async () => {
    const store = await database.open();
    await store.events.append([
      anEvent("hostile", { payload: { message: "a\0b \ud800 c \\u0000", emoji: "😀", quote: 'say "\\"' } }),
    ]);
    const [event] = await store.events.list({ page: 0, limit: 1 });
    expect(event?.payload).toEqual({
      message: "a\ufffdb \ufffd c \\u0000",
      emoji: "😀",
      quote: 'say "\\"',
    });
  });

  test("every filter narrows the list, newest first unless asked otherwise", async () => {
    let now = new Date("2026-01-01T00:00:00Z");
    const store = await database.open({ clock: () => now });
    await store.events.append([
      anEvent("workspaces.created", { payload: { note: "100% done" } }),
      anEvent("workspaces.versions.published", { operationId: "op1", source: { correlationId: "c1" } }),
      anEvent("workspaces.versions.rollback", { workspaceId: "blog", payload: { note: "a_b" } }),
    ]);
    now = new Date("2026-01-02T00:00:00Z");
    await store.events.append([anEvent("workspaces.deleted", { payload: { note: "Äpfel" } })]);
    const ids = async (query: Partial<EventQuery>) =>
      (await store.events.list({ page: 0, limit: 10, ...query })).map((event) => event.id);
    expect(await ids({})).toEqual(["4", "3", "2", "1"]);
    expect(await ids({ sort: "asc", limit: 2, page: 1 })).toEqual(["3", "4"]);
    expect(await ids({ workspaceId: "blog" })).toEqual(["3"]);
    expect(await ids({ operationId: "op1" })).toEqual(["2"]);
    expect(await ids({ correlationId: "c1" })).toEqual(["2"]);
    expect(await ids({ types: ["workspaces.versions.*"] })).toEqual(["3", "2"]);
    expect(await ids({ types: ["workspaces.created", "*.deleted"] })).toEqual(["4", "1"]);
    expect(await ids({ types: ["workspaces_created"] })).toEqual([]);
    expect(await ids({ types: ["workspaces_*"] })).toEqual([]);
    expect(await ids({ types: [] })).toEqual([]);
    expect(await ids({ text: "100%" })).toEqual(["1"]);
    expect(await ids({ text: "_" })).toEqual(["3"]);
    expect(await ids({ text: "DONE" })).toEqual(["1"]);
    expect(await ids({ text: "Äpfel" })).toEqual(["4"]);
    expect(await ids({ afterDate: new Date("2026-01-01T12:00:00Z") })).toEqual(["4"]);
    expect(await ids({ beforeDate: new Date("2026-01-02T00:00:00Z") })).toEqual(["3", "2", "1"]);
    expect(await ids({ beforeId: "3" })).toEqual(["2", "1"]);
    expect(await ids({ beforeId: "nonsense" })).toEqual([]);
  });

  test("following from a cursor gives what came after it, oldest first", async () => {
    const store = await database.open();
    await store.events.append([
      anEvent("a", { operationId: "op1" }),
      anEvent("b"),
      anEvent("a", { operationId: "op1" }),
    ]);
    const after = async (cursor: string, filter = {}, limit = 10) =>
      (await store.events.after(cursor, filter, limit)).map((event) => event.id);
    expect(await after("0")).toEqual(["1", "2", "3"]);
    expect(await after("1", {}, 1)).toEqual(["2"]);
    expect(await after("1", { operationId: "op1" })).toEqual(["3"]);
    expect(await after("0", { types: ["b"], workspaceId: "shop" })).toEqual(["2"]);
    expect(await after("3")).toEqual([]);
  });

  test("a reader that follows the cursor misses nothing while several processes write at once", async () => {
    const writers = [await database.open(), await database.open(), await database.open()];
    const reader = await database.open();
    let isWriting = true;
    const seen: string[] = [];
    const following = (async () => {
      let cursor = "0";
      for (;;) {
        const last = !isWriting;
        const events = await reader.events.after(cursor, {}, 100);
        seen.push(...events.map((event) => event.id));
        cursor = events.at(-1)?.id ?? cursor;
        if (last && events.length === 0) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await Promise.all(
      writers.flatMap((store, writer) =>
        Array.from({ length: 15 }, async (_, index) => {
          // Transactions of very different length, so that commits overtake each other.
          if (index % 5 === 0) {
            const id = `w${String(writer)}x${String(index)}`;
            await store.workspaces.create(aNewWorkspace(id, { events: [anEvent("created")] }));
          } else await store.events.append([anEvent("one"), anEvent("two")]);
        }),
      ),
    );
    isWriting = false;
    await following;
    const total = Number(await reader.events.lastCursor());
    expect(total).toBe(3 * (3 + 12 * 2));
    expect(seen).toEqual(Array.from({ length: total }, (_, index) => String(index + 1)));
  });

  test("a transaction that is undone leaves no gap in the cursors", async () => {
    const store = await database.open();
    await store.workspaces.create(aNewWorkspace("shop", { events: [anEvent("created")] }));
    const twice = store.workspaces.create(aNewWorkspace("shop", { events: [anEvent("created")] }));
    await expect(twice).rejects.toThrow();
    const [event] = await store.events.append([anEvent("next")]);
    expect(event?.id).toBe("2");
  });

  test("listeners hear of events stored by this process and by others, until they stop", async () => {
    const here = await database.open();
    const there = await database.open();
    const heardFrom = (store: typeof here) =>
      new Promise<void>((resolve) => {
        const stop = here.events.onAppend(() => {
          stop();
          resolve();
        });
        void store.events.append([anEvent("news")]);
      });
    await heardFrom(here);
    let stoppedIsTold = false;
    here.events.onAppend(() => (stoppedIsTold = true))();
    // Give the listener a moment to know the present cursor, then write elsewhere.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await heardFrom(there);
    expect(stoppedIsTold).toBe(false);
  });
});
