import { expect, test } from "vitest";
import type { Oid } from "@/lib/domain/workspace";
import { describeOnDatabases } from "@/lib/testing/database";
import { aNewWorkspace, aState, anEvent } from "@/lib/testing/store-builders";
import { openShop } from "@/lib/testing/worlds/shop-store";

await describeOnDatabases("Creating workspaces", (database) => {
  test("a new workspace is dirty, has its files, labels and objects, and tells its event", async () => {
    const store = await database.open();
    const workspace = aNewWorkspace("shop", {
      slug: "shop",
      labels: ["b", "a"],
      description: { en: "A shop" },
      photo: "https://example.org/shop.png",
      events: [anEvent("workspaces.created")],
    });
    await store.workspaces.create(workspace);
    const record = await store.workspaces.get("shop");
    expect(record).toMatchObject({
      slug: "shop",
      labels: ["a", "b"],
      description: { en: "A shop" },
      dirty: true,
      syncedTree: null,
      revision: 0,
      customDomains: [],
      createdBy: "ada",
    });
    expect((await store.workspaces.files(["shop"])).get("shop")).toEqual(workspace.contents.files);
    const oids = [...workspace.contents.objects.keys()];
    expect([...(await store.workspaces.readObjects(oids)).keys()].sort()).toEqual(oids.sort());
    expect((await store.events.list({ page: 0, limit: 5 })).map((event) => event.type)).toEqual([
      "workspaces.created",
    ]);
  });

  test("objects come back byte for byte", async () => {
    const store = await database.open();
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256));
    const oid = "1".repeat(40) as Oid;
    await store.workspaces.putObjects(new Map([[oid, { type: "blob", bytes }]]));
    await store.workspaces.putObjects(new Map([[oid, { type: "blob", bytes }]]));
    const found = (await store.workspaces.readObjects([oid, "2".repeat(40) as Oid])).get(oid);
    expect(Buffer.from(found?.bytes ?? []).equals(bytes)).toBe(true);
    expect(found?.type).toBe("blob");
  });

  test("a slug or id that is taken refuses the creation and leaves nothing behind", async () => {
    const store = await openShop(database);
    await expect(
      store.workspaces.create(aNewWorkspace("other", { slug: "shop", events: [anEvent("created")] })),
    ).rejects.toMatchObject({ code: "SlugAlreadyInUse", details: { conflictingWorkspaceId: "shop" } });
    await expect(store.workspaces.create(aNewWorkspace("shop", { slug: "new" }))).rejects.toMatchObject({
      code: "PreconditionFailed",
    });
    expect(await store.workspaces.get("other")).toBeNull();
    expect(await store.events.lastCursor()).toBe("0");
  });

  test("of two processes that create the same slug at once, one is refused by name", async () => {
    const here = await database.open();
    const there = await database.open();
    const results = await Promise.allSettled([
      here.workspaces.create(aNewWorkspace("one", { slug: "same" })),
      there.workspaces.create(aNewWorkspace("two", { slug: "same" })),
    ]);
    const refused = results.filter((result) => result.status === "rejected");
    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toMatchObject({ code: "SlugAlreadyInUse" });
  });

  test("workspaces are created together or not at all, with what an import knows of them", async () => {
    const store = await database.open();
    await store.workspaces.create(aNewWorkspace("taken"));
    const both = [aNewWorkspace("one"), aNewWorkspace("two", { slug: "slug-taken" })];
    await expect(store.workspaces.createAll(both)).rejects.toMatchObject({ code: "SlugAlreadyInUse" });
    await expect(
      store.workspaces.createAll([aNewWorkspace("one"), aNewWorkspace("one")]),
    ).rejects.toMatchObject({
      code: "PreconditionFailed",
    });
    expect(await store.workspaces.get("one")).toBeNull();

    const lastPull = {
      createdAt: "2026-01-01T00:00:00.000Z",
      createdBy: "ann",
      version: "v1",
      repositoryId: "origin",
    };
    const one = aNewWorkspace("one");
    const state = aState("one", one.contents.tree);
    const app = { slug: "one-app", name: "One" };
    const record = { lastPull, syncedTree: one.contents.tree, state, app };
    await store.workspaces.createAll([{ ...one, record }, aNewWorkspace("three")]);
    expect(await store.workspaces.get("one")).toMatchObject({ lastPull, dirty: false, app });
    expect((await store.workspaces.states("origin", ["one"])).get("one")).toEqual(state);
    expect(await store.workspaces.get("three")).toMatchObject({ dirty: true, lastPull: undefined });
    const again = { ...aNewWorkspace("four"), record: { app: { ...app, name: "Four" } } };
    await expect(store.workspaces.create(again)).rejects.toMatchObject({ code: "SlugAlreadyInUse" });
  });
});
