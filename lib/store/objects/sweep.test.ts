import { expect, test } from "vitest";
import { buildTree, hashObject } from "@/lib/archive/objects";
import type { Oid } from "@/lib/domain/workspace";
import type { Store } from "@/lib/store";
import type { NewContents } from "@/lib/versioning/ports";
import { describeOnDatabases } from "@/lib/testing/database";
import { aNewWorkspace, aState, aVersion, contentsOf } from "@/lib/testing/store-builders";

const LATER = new Date(Date.now() + 24 * 3600_000);

async function stored(store: Store, contents: NewContents): Promise<number> {
  return (await store.workspaces.readObjects([...contents.objects.keys()])).size;
}

function commitOf(tree: Oid): { oid: Oid; bytes: Uint8Array } {
  const bytes = Buffer.from(`tree ${tree}\nauthor Ada <a@example.org> 0 +0000\n\nText ${"f".repeat(41)}\n`);
  return { oid: hashObject("commit", bytes), bytes };
}

await describeOnDatabases("Sweeping objects", (database) => {
  test("content that nothing names any more goes, the present content of every workspace stays", async () => {
    const store = await database.open();
    const first = contentsOf({ "index.yml": "one\n", "pages/a.yml": "page\n" });
    const second = contentsOf({ "index.yml": "two\n", "pages/a.yml": "page\n" });
    await store.workspaces.create(aNewWorkspace("shop", { contents: first }));
    await store.workspaces.write([
      { workspaceId: "shop", guard: {}, userId: "ada", contents: second, events: [] },
    ]);
    // The old text and the old root; page and folder are shared.
    expect(await store.workspaces.sweepObjects(LATER)).toBe(2);
    expect(await stored(store, second)).toBe(second.objects.size);
  });

  test("versions, repository states and the last synchronised tree keep their content", async () => {
    const store = await database.open();
    const [versioned, agreed, synced, present] = ["v", "s", "t", "p"].map((text) =>
      contentsOf({ "index.yml": text, [`pages/${text}.yml`]: `page ${text}` }),
    ) as [NewContents, NewContents, NewContents, NewContents];
    await store.workspaces.create(aNewWorkspace("shop", { contents: present }));
    const objects = new Map([...versioned.objects, ...agreed.objects, ...synced.objects]);
    await store.workspaces.putObjects(objects);
    await store.workspaces.write([
      {
        workspaceId: "shop",
        guard: {},
        userId: "ada",
        syncedTree: synced.tree,
        state: aState("shop", agreed.tree),
        versions: [aVersion("shop", versioned.tree)],
        events: [],
      },
    ]);
    expect(await store.workspaces.sweepObjects(LATER)).toBe(0);
    const [version] = await store.workspaces.versions("shop", { page: 0, limit: 1 });
    await store.workspaces.deleteVersion(version?.id ?? "", []);
    expect(await store.workspaces.sweepObjects(LATER)).toBe(versioned.objects.size);
    await store.workspaces.delete("shop", { userId: "ada", events: [] });
    expect(await store.workspaces.sweepObjects(LATER)).toBe(
      present.objects.size + agreed.objects.size + synced.objects.size,
    );
  });

  test("what the journal of an unfinished operation names stays, with the trees below its commits", async () => {
    const store = await database.open();
    const contents = contentsOf({ "index.yml": "journal\n", "pages/a.yml": "page\n" });
    const commit = commitOf(contents.tree);
    await store.workspaces.putObjects(contents.objects);
    await store.workspaces.putObjects(new Map([[commit.oid, { type: "commit", bytes: commit.bytes }]]));
    await store.operations.start({
      id: "op1",
      kind: "push",
      workspaceId: "shop",
      initiator: "user",
      userId: "ada",
      correlationId: "c1",
      input: {},
      owner: "here",
      createdAt: new Date(),
    });
    await store.operations.appendJournal("op1", "here", "committed", { commit: commit.oid }, new Date());
    expect(await store.workspaces.sweepObjects(LATER)).toBe(0);
    await store.operations.finish("op1", "here", {
      outcome: "succeeded",
      errors: [],
      events: [],
      at: new Date(),
    });
    expect(await store.workspaces.sweepObjects(LATER)).toBe(contents.objects.size + 1);
  });

  test("objects younger than the grace period stay, and using an old one again makes it young", async () => {
    const start = new Date("2026-01-01T00:00:00Z");
    let now = start;
    const store = await database.open({ clock: () => now });
    const contents = contentsOf({ "index.yml": "again\n" });
    await store.workspaces.putObjects(contents.objects);
    expect(await store.workspaces.sweepObjects(start)).toBe(0);
    now = new Date("2026-01-03T00:00:00Z");
    await store.workspaces.putObjects(contents.objects);
    expect(await store.workspaces.sweepObjects(new Date("2026-01-02T00:00:00Z"))).toBe(0);
    expect(await store.workspaces.sweepObjects(new Date("2026-01-04T00:00:00Z"))).toBe(contents.objects.size);
  });

  test("thousands of objects are swept, in slices", async () => {
    const store = await database.open();
    const texts = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`f${String(index)}`, `text ${String(index)}`]),
    );
    const contents = contentsOf(texts);
    await store.workspaces.putObjects(contents.objects);
    const kept = contents.files[0];
    if (!kept) throw new Error("There are files.");
    const { tree, objects } = buildTree([kept]);
    await store.workspaces.create(aNewWorkspace("shop", { contents: { tree, files: [kept], objects } }));
    expect(await store.workspaces.sweepObjects(LATER)).toBe(5000);
    expect((await store.workspaces.readObjects([kept.oid, tree])).size).toBe(2);
  });
});
