import { expect, test } from "vitest";
import type { Store } from "@/lib/store";
import type { Lease, WorkspaceWrite } from "@/lib/versioning/ports";
import type { Oid } from "@/lib/domain/workspace";
import { describeOnDatabases } from "@/lib/testing/database";
import { aNewWorkspace, aState, aVersion, anEvent, contentsOf } from "@/lib/testing/store-builders";

function aChange(workspaceId: string, differs: Partial<WorkspaceWrite> = {}): WorkspaceWrite {
  return { workspaceId, guard: {}, userId: "bob", events: [], ...differs };
}

async function leaseOf(store: Store, workspaceId: string, operationId = "op1"): Promise<Lease> {
  const { leases } = await store.locks.acquire({
    workspaceIds: [workspaceId],
    purpose: "push",
    operationId,
    userId: "ada",
  });
  const lease = leases.get(workspaceId);
  if (!lease) throw new Error("The lock was refused.");
  return lease;
}

const edited = contentsOf({ "index.yml": "id: shop\nname: Shop\n", "pages/home.yml": "slug: home\n" });

await describeOnDatabases("Writing a workspace", (database) => {
  async function opened(): Promise<Store> {
    const store = await database.open();
    await store.workspaces.create(aNewWorkspace("shop", { slug: "shop", labels: ["b", "a"] }));
    await store.workspaces.create(aNewWorkspace("blog", { slug: "blog" }));
    return store;
  }

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
    const store = await opened();
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

  test("an edit replaces the files, counts the revision and leaves unchanged content alone", async () => {
    const store = await opened();
    await store.workspaces.write([
      aChange("shop", { guard: { revision: 0 }, contents: edited, events: [anEvent("updated")] }),
    ]);
    expect((await store.workspaces.files(["shop"])).get("shop")).toEqual(edited.files);
    expect(await store.workspaces.get("shop")).toMatchObject({
      revision: 1,
      tree: edited.tree,
      updatedBy: "bob",
    });
    await store.workspaces.write([aChange("shop", { guard: { revision: 1 }, contents: edited })]);
    expect((await store.workspaces.get("shop"))?.revision).toBe(1);
    const fewer = contentsOf({ "index.yml": "id: shop\n", "automations/new.yml": "slug: new\n" });
    await store.workspaces.write([aChange("shop", { contents: fewer })]);
    expect((await store.workspaces.files(["shop"])).get("shop")?.map((file) => file.path)).toEqual([
      "automations/new.yml",
      "index.yml",
    ]);
  });

  test("a changed executable bit alone is a change of the file", async () => {
    const store = await opened();
    const files = edited.files.map((file) => ({ ...file, mode: "100755" as const }));
    await store.workspaces.write([
      aChange("shop", { contents: { ...edited, files, tree: "e".repeat(40) as Oid } }),
    ]);
    const stored = (await store.workspaces.files(["shop"])).get("shop");
    expect(stored?.map((file) => file.mode)).toEqual(["100755", "100755"]);
  });

  test("an edit on a passed revision is refused with PreconditionFailed", async () => {
    const store = await opened();
    await store.workspaces.write([aChange("shop", { guard: { revision: 0 }, contents: edited })]);
    await expect(
      store.workspaces.write([
        aChange("shop", { guard: { revision: 0 }, contents: contentsOf({ "index.yml": "late\n" }) }),
      ]),
    ).rejects.toMatchObject({ code: "PreconditionFailed", details: { revision: 1 } });
  });

  test("of many edits at once on the same revision, one is accepted", async () => {
    const here = await opened();
    const there = await database.open();
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        (index % 2 ? here : there).workspaces.write([
          aChange("shop", {
            guard: { revision: 0 },
            contents: contentsOf({ "index.yml": `edit: ${String(index)}\n` }),
          }),
        ]),
      ),
    );
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect((await here.workspaces.get("shop"))?.revision).toBe(1);
  });

  test("content that is not stored cannot be named by a file", async () => {
    const store = await opened();
    await expect(
      store.workspaces.write([aChange("shop", { contents: { ...edited, objects: new Map() } })]),
    ).rejects.toMatchObject({ code: "PreconditionFailed" });
    expect((await store.workspaces.get("shop"))?.revision).toBe(0);
  });

  test("dirty compares the content with what is known to be in git", async () => {
    const store = await opened();
    const first = (await store.workspaces.get("shop"))?.tree as Oid;
    await store.workspaces.write([aChange("shop", { syncedTree: first })]);
    expect(await store.workspaces.get("shop")).toMatchObject({ dirty: false, revision: 0, updatedBy: "ada" });
    await store.workspaces.write([aChange("shop", { contents: edited })]);
    expect((await store.workspaces.get("shop"))?.dirty).toBe(true);
    // A push that began before the edit acknowledges the content it had sent.
    await store.workspaces.write([aChange("shop", { syncedTree: first })]);
    expect((await store.workspaces.get("shop"))?.dirty).toBe(true);
    const original = aNewWorkspace("shop").contents;
    await store.workspaces.write([aChange("shop", { contents: original })]);
    expect((await store.workspaces.get("shop"))?.dirty).toBe(false);
  });

  test("one change that is refused undoes the whole batch, its objects and its events", async () => {
    const store = await opened();
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
    const store = await opened();
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
    const store = await opened();
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
    const store = await opened();
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
    const store = await opened();
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
    const store = await opened();
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
    const store = await opened();
    await store.workspaces.write([
      aChange("shop", { contents: edited }),
      aChange("shop", { contents: contentsOf({ "index.yml": "last\n" }), settings: { name: "Last" } }),
    ]);
    expect(await store.workspaces.get("shop")).toMatchObject({ revision: 2, name: "Last" });
    expect((await store.workspaces.files(["shop"])).get("shop")).toHaveLength(1);
  });
});
