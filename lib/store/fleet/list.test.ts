import { beforeEach, expect, test } from "vitest";
import type { Store, WorkspaceQuery } from "@/lib/store";
import type { Oid } from "@/lib/domain/workspace";
import { describeOnDatabases } from "@/lib/testing/database";
import { aNewWorkspace, aState } from "@/lib/testing/store-builders";

await describeOnDatabases("The fleet", (database) => {
  let store: Store;

  beforeEach(async () => {
    store = await database.open();
    await store.workspaces.create(aNewWorkspace("platform", { slug: "platform", labels: ["hidden"] }));
    await store.workspaces.create(
      aNewWorkspace("one", { slug: "shop", name: "Shop 100%", labels: ["production:app", "blue"] }),
    );
    await store.workspaces.create(
      aNewWorkspace("two", { slug: "blog", name: "Blog_1", labels: ["sandbox"], userId: "bob" }),
    );
    await store.workspaces.create(aNewWorkspace("three", { slug: "api", name: "Café", labels: ["blue"] }));
  });

  async function slugs(query: Partial<WorkspaceQuery>): Promise<string[]> {
    const found = await store.workspaces.list({ sort: "slug", page: 0, limit: 20, ...query });
    return found.map((workspace) => workspace.slug);
  }

  test("lists every workspace but the platform, which is there when asked for by id", async () => {
    expect(await slugs({})).toEqual(["api", "blog", "shop"]);
    expect(await slugs({ ids: ["platform", "one"] })).toEqual(["platform", "shop"]);
    expect((await store.workspaces.find({})).map(({ slug }) => slug)).toEqual(["api", "blog", "shop"]);
    expect((await store.workspaces.find({ ids: ["platform"] })).map(({ id }) => id)).toEqual(["platform"]);
    expect(await store.workspaces.labels()).toEqual(["blue", "hidden", "production:app", "sandbox"]);
  });

  test("sorts and pages", async () => {
    expect(await slugs({ sort: "-slug" })).toEqual(["shop", "blog", "api"]);
    expect(await slugs({ sort: "name" })).toEqual(["blog", "api", "shop"]);
    expect(await slugs({ limit: 2, page: 0 })).toEqual(["api", "blog"]);
    expect(await slugs({ limit: 2, page: 1 })).toEqual(["shop"]);
    expect(await slugs({ sort: "createdAt; DROP TABLE" })).toHaveLength(3);
  });

  test("every filter narrows the list", async () => {
    await store.workspaces.write([
      {
        workspaceId: "one",
        guard: {},
        userId: "ada",
        syncedTree: (await store.workspaces.get("one"))?.tree,
        state: aState("one", "a".repeat(40) as Oid, { behind: 2, status: "behind" }),
        events: [],
      },
    ]);
    await store.locks.set("two", { reason: "Freeze", userId: "eve", events: [] });
    expect(await slugs({ dirty: false })).toEqual(["shop"]);
    expect(await slugs({ dirty: true })).toEqual(["api", "blog"]);
    expect(await slugs({ labels: ["blue", "sandbox"] })).toEqual(["api", "blog", "shop"]);
    expect(await slugs({ labels: ["production"] })).toEqual([]);
    expect(await slugs({ name: "Café" })).toEqual(["api"]);
    expect(await slugs({ slug: "blog" })).toEqual(["blog"]);
    expect(await slugs({ createdBy: "bob" })).toEqual(["blog"]);
    expect(await slugs({ behind: true })).toEqual(["shop"]);
    expect(await slugs({ behind: false })).toEqual(["api", "blog"]);
    expect(await slugs({ locked: "any" })).toEqual(["blog"]);
    expect(await slugs({ locked: "merge_conflict" })).toEqual([]);
    expect(await slugs({ readable: ["one", "three"], labels: ["blue"], dirty: true })).toEqual(["api"]);
    expect(await slugs({ readable: [] })).toEqual([]);
    expect(await store.workspaces.counts()).toEqual({
      all: 3,
      synced: 0,
      dirty: 2,
      behind: 1,
      conflict: 0,
      locked: 1,
    });
    expect(await store.workspaces.counts([])).toEqual({
      all: 0,
      synced: 0,
      dirty: 0,
      behind: 0,
      conflict: 0,
      locked: 0,
    });
    expect(await store.workspaces.labels(["two"])).toEqual(["sandbox"]);
  });

  test("search finds parts of name, slug, id and labels in any case, and takes no character as a pattern", async () => {
    expect(await slugs({ search: "SHOP" })).toEqual(["shop"]);
    expect(await slugs({ search: "thre" })).toEqual(["api"]);
    expect(await slugs({ search: "duction:" })).toEqual(["shop"]);
    expect(await slugs({ search: "100%" })).toEqual(["shop"]);
    expect(await slugs({ search: "_1" })).toEqual(["blog"]);
    expect(await slugs({ search: "%" })).toEqual(["shop"]);
    expect(await slugs({ search: "\\" })).toEqual([]);
  });

  test("search knows the cases of letters beyond ASCII, and nothing there is a pattern either", async () => {
    const names = ["Änderung [x] *?", "ändern", "STRAẞE 1.0", "Ünal\\{2}", "Σigma"];
    for (const [at, name] of names.entries())
      await store.workspaces.create(aNewWorkspace(`n${String(at)}`, { slug: `n${String(at)}`, name }));
    expect(await slugs({ search: "äND" })).toEqual(["n0", "n1"]);
    expect(await slugs({ search: "ÄNDERUNG [X] *?" })).toEqual(["n0"]);
    expect(await slugs({ search: "ändeRn" })).toEqual(["n1"]);
    expect(await slugs({ search: "CAFÉ" })).toEqual(["api"]);
    expect(await slugs({ search: "aẞe 1.0" })).toEqual(["n2"]);
    expect(await slugs({ search: "aẞe 1x0" })).toEqual([]);
    expect(await slugs({ search: "ünal\\{2}" })).toEqual(["n3"]);
    expect(await slugs({ search: "ü*" })).toEqual([]);
    expect(await slugs({ search: "ü%l" })).toEqual([]);
    expect(await slugs({ search: "σIGMA" })).toEqual(["n4"]);
  });

  test("names and labels have the same order whatever the locale of the database", async () => {
    const names = ["zebra", "Zebra", "ähre", "alpha", "_first", "-second", "a b", "ab"];
    for (const [at, name] of names.entries())
      await store.workspaces.create(
        aNewWorkspace(`o${String(at)}`, { slug: `o-${String(at)}`, name, labels: [`l:${String(at)}`, "L"] }),
      );
    const listed = await store.workspaces.list({ sort: "name", page: 0, limit: 20, labels: ["L"] });
    expect(listed.map(({ name }) => name)).toEqual([...names].sort());
    expect(listed[0]?.labels[0]).toBe("L");
    expect((await store.workspaces.labels()).slice(0, 3)).toEqual(["L", "blue", "hidden"]);
  });

  test("find matches every given condition", async () => {
    const found = async (query: Parameters<Store["workspaces"]["find"]>[0]) =>
      (await store.workspaces.find(query)).map(({ slug }) => slug);
    expect(await found({ anyLabel: ["blue", "sandbox"] })).toEqual(["api", "blog", "shop"]);
    expect(await found({ anyLabel: ["blue"], slugs: ["shop", "blog"] })).toEqual(["shop"]);
    expect(await found({ slugs: [] })).toEqual([]);
    expect(await found({ slugs: ["shop", "\0", "\ud800"] })).toEqual(["shop"]);
  });
});
