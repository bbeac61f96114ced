import { expect, test } from "vitest";
import type { Lease } from "@/lib/versioning/ports";
import type { Oid } from "@/lib/domain/workspace";
import { describeOnDatabases } from "@/lib/testing/database";
import { aState, aVersion, anEvent, contentsOf } from "@/lib/testing/store-builders";
import { aChange, edited, leaseOf, openShop } from "@/lib/testing/worlds/shop-store";

await describeOnDatabases("Writing workspaces", (database) => {
  test("one change that is refused undoes the whole batch, its objects and its events", async () => {
    const store = await openShop(database);
    const lost: Lease = { workspaceId: "blog", fence: 99, operationId: "op9" };
    await expect(
      store.workspaces.write([
        aChange("shop", {
          contents: edited,
          settings: { name: "Changed", labels: ["z"] },
          versions: [aVersion("shop", edited.tree)],
          state: aState("shop", edited.tree),
          app: { slug: "shop-app", name: "Shop" },
          events: [anEvent("updated")],
        }),
        aChange("blog", { guard: { lease: lost }, contents: edited }),
      ]),
    ).rejects.toMatchObject({ code: "LockLost" });
    expect(await store.workspaces.get("shop")).toMatchObject({
      name: "Workspace shop",
      labels: ["a", "b"],
      revision: 0,
      app: undefined,
    });
    expect(await store.workspaces.versions("shop", { page: 0, limit: 5 })).toEqual([]);
    expect(await store.workspaces.statesOf(["shop"])).toEqual([]);
    expect((await store.workspaces.readObjects([edited.tree])).size).toBe(0);
    expect(await store.events.lastCursor()).toBe("0");
  });

  test("settings, sync records, state, version and app are kept as written", async () => {
    const store = await openShop(database);
    const lastPush = {
      createdAt: "2026-01-01T00:00:00.000Z",
      createdBy: "ada",
      version: "1.0",
      repositoryId: "origin",
    };
    const state = aState("shop", edited.tree, {
      intermediate: null,
      behind: null,
      conflictTip: "d".repeat(40),
    });
    await store.workspaces.write([
      aChange("shop", {
        settings: {
          name: "Shop",
          slug: "the-shop",
          description: "All of it",
          labels: ["z", "z", "y"],
          photo: null,
          customDomains: ["shop.example.org"],
        },
        lastPush,
        state,
        versions: [aVersion("shop", edited.tree, { description: "First" })],
        app: { slug: "shop-app", name: "Shop app", description: { en: "Sells" } },
      }),
    ]);
    expect(await store.workspaces.getBySlug("the-shop")).toMatchObject({
      id: "shop",
      name: "Shop",
      description: "All of it",
      labels: ["y", "z"],
      customDomains: ["shop.example.org"],
      lastPush,
      lastPull: undefined,
      app: { slug: "shop-app", name: "Shop app", description: { en: "Sells" } },
      revision: 0,
    });
    expect((await store.workspaces.states("origin", ["shop", "blog"])).get("shop")).toEqual(state);
    expect(await store.workspaces.version("shop", "origin", "1.0")).toMatchObject({
      description: "First",
      tree: edited.tree,
      kind: "version",
    });
    expect(await store.workspaces.workspacesWithVersion("origin", "1.0", ["shop", "blog"])).toEqual(
      new Set(["shop"]),
    );
    expect(await store.workspaces.app("shop-app")).toMatchObject({ workspaceId: "shop" });
    await store.workspaces.write([aChange("shop", { app: null, settings: { description: null } })]);
    expect(await store.workspaces.get("shop")).toMatchObject({ description: undefined, app: undefined });
  });

  test("a slug, an app's slug and a version's name that are taken are refused by name", async () => {
    const store = await openShop(database);
    const version = aVersion("shop", edited.tree);
    await store.workspaces.write([
      aChange("shop", { app: { slug: "shop-app", name: "Shop" }, versions: [version] }),
    ]);
    await expect(
      store.workspaces.write([aChange("blog", { settings: { slug: "shop" } })]),
    ).rejects.toMatchObject({
      code: "SlugAlreadyInUse",
      message: "Could not rename workspace slug from blog to shop as it is already used by workspaceId shop",
      details: { conflictingWorkspaceId: "shop" },
    });
    await expect(
      store.workspaces.write([aChange("blog", { app: { slug: "shop-app", name: "Mine" } })]),
    ).rejects.toMatchObject({ code: "SlugAlreadyInUse", details: { conflictingWorkspaceId: "shop" } });
    await expect(store.workspaces.write([aChange("shop", { versions: [version] })])).rejects.toMatchObject({
      code: "VersionAlreadyExists",
    });
    await store.workspaces.write([aChange("blog", { versions: [aVersion("blog", edited.tree)] })]);
  });

  test("the lock is released or becomes a merge conflict in the same transaction", async () => {
    const store = await openShop(database);
    const released = await leaseOf(store, "blog");
    await store.workspaces.write([aChange("blog", { guard: { lease: released }, lock: "release" })]);
    expect(await store.locks.current(["blog"])).toEqual(new Map());
    const lease = await leaseOf(store, "shop");
    await store.workspaces.write([
      aChange("shop", {
        guard: { lease },
        state: aState("shop", edited.tree, { status: "conflict" }),
        lock: "merge_conflict",
      }),
    ]);
    expect((await store.locks.current(["shop"])).get("shop")).toMatchObject({
      kind: "merge_conflict",
      repositoryId: "origin",
      expiresAt: undefined,
    });
    await expect(
      store.workspaces.write([aChange("shop", { guard: { lease }, contents: edited })]),
    ).rejects.toMatchObject({ code: "LockLost" });
  });

  test("what a look at the remote found is noted in spite of a lock, if the state is still the same", async () => {
    const store = await openShop(database);
    const state = aState("shop", edited.tree);
    await store.workspaces.write([aChange("shop", { state })]);
    await leaseOf(store, "shop");
    await store.workspaces.noteCheck({ ...state, behind: 3, status: "behind" });
    expect(await store.workspaces.statesOf(["shop"])).toMatchObject([{ behind: 3, status: "behind" }]);
    await store.workspaces.noteCheck({ ...state, commit: "d".repeat(40) as Oid, behind: 9 });
    expect(await store.workspaces.statesOf(["shop"])).toMatchObject([{ behind: 3 }]);
    await store.workspaces.write([aChange("shop", { state: { ...state, version: "2.0" } })]);
    expect(await store.workspaces.statesOf(["shop"])).toMatchObject([{ version: "2.0" }]);
  });

  test("a deleted workspace takes its files, versions and lock along, and its events stay", async () => {
    const store = await openShop(database);
    await store.workspaces.write([
      aChange("shop", { versions: [aVersion("shop", edited.tree)], events: [anEvent("updated")] }),
    ]);
    const lease = await leaseOf(store, "shop");
    await expect(store.workspaces.delete("shop", { userId: "bob", events: [] })).rejects.toMatchObject({
      code: "WorkspaceLocked",
    });
    await store.workspaces.delete("shop", {
      lease,
      userId: "ada",
      events: [anEvent("workspaces.deleted")],
    });
    expect(await store.workspaces.get("shop")).toBeNull();
    expect(await store.workspaces.versions("shop", { page: 0, limit: 5 })).toEqual([]);
    expect((await store.workspaces.files(["shop"])).get("shop")).toEqual([]);
    expect(await store.events.list({ workspaceId: "shop", page: 0, limit: 5 })).toHaveLength(2);
    await expect(
      store.workspaces.write([aChange("shop", { guard: { lease }, contents: edited })]),
    ).rejects.toMatchObject({ code: "NotFound" });
  });

  test("several changes of one workspace in a batch build on each other", async () => {
    const store = await openShop(database);
    await store.workspaces.write([
      aChange("shop", { contents: edited }),
      aChange("shop", { contents: contentsOf({ "index.yml": "last\n" }), settings: { name: "Last" } }),
    ]);
    expect(await store.workspaces.get("shop")).toMatchObject({ revision: 2, name: "Last" });
    expect((await store.workspaces.files(["shop"])).get("shop")).toHaveLength(1);
  });
});
