import { expect, test } from "vitest";
import type { Oid } from "@/lib/domain/workspace";
import { describeOnDatabases } from "@/lib/testing/database";
import { aNewWorkspace, anEvent, contentsOf } from "@/lib/testing/store-builders";
import { aChange, edited, openShop } from "@/lib/testing/worlds/shop-store";

await describeOnDatabases("Editing the files of a workspace", (database) => {
  test("an edit replaces the files, counts the revision and leaves unchanged content alone", async () => {
    const store = await openShop(database);
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
    const store = await openShop(database);
    const files = edited.files.map((file) => ({ ...file, mode: "100755" as const }));
    await store.workspaces.write([
      aChange("shop", { contents: { ...edited, files, tree: "e".repeat(40) as Oid } }),
    ]);
    const stored = (await store.workspaces.files(["shop"])).get("shop");
    expect(stored?.map((file) => file.mode)).toEqual(["100755", "100755"]);
  });

  test("an edit on a passed revision is refused with PreconditionFailed", async () => {
    const store = await openShop(database);
    await store.workspaces.write([aChange("shop", { guard: { revision: 0 }, contents: edited })]);
    await expect(
      store.workspaces.write([
        aChange("shop", { guard: { revision: 0 }, contents: contentsOf({ "index.yml": "late\n" }) }),
      ]),
    ).rejects.toMatchObject({ code: "PreconditionFailed", details: { revision: 1 } });
  });

  test("of many edits at once on the same revision, one is accepted", async () => {
    const here = await openShop(database);
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
    const store = await openShop(database);
    await expect(
      store.workspaces.write([aChange("shop", { contents: { ...edited, objects: new Map() } })]),
    ).rejects.toMatchObject({ code: "PreconditionFailed" });
    expect((await store.workspaces.get("shop"))?.revision).toBe(0);
  });

  test("dirty compares the content with what is known to be in git", async () => {
    const store = await openShop(database);
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
});
