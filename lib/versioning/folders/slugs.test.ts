import { expect, test } from "vitest";
import { describeOnDatabases, type TestDatabase } from "@/lib/testing/database";
import { failure, Fleet } from "@/lib/testing/fleet";
import { emptyFleet, remoteOf, serveGit } from "@/lib/testing/worlds/bulk";

serveGit();

const GROUPS = [{ name: "all", labels: ["all"] }];
const index = (slug: string, owner: string) => `name: ${owner}\nslug: ${slug}\nlabels: [all]\n`;

/** Workspaces whose ids are their first slugs, pushed together, and a second instance that has imported them. */
async function pushed(database: TestDatabase, ids: readonly string[]) {
  const { remote, repository } = await remoteOf();
  const fleet = await Fleet.open(await database.open(), { groups: GROUPS });
  for (const id of ids) {
    const page = `slug: home\ntitle: Page of ${id}\n`;
    await fleet.create(id, { "index.yml": index(id, id), "pages/home.yml": page }, ["all"]);
  }
  await fleet.bulkPush(repository, ["all"], { name: "v1" });
  const other = await emptyFleet(database);
  await other.fleet.bulkImport(repository);
  return { remote, repository, fleet, other };
}

/** Gives workspaces other slugs, as edits of their settings do, through names that are free. */
async function rename(fleet: Fleet, slugs: Record<string, string>) {
  const names = Object.entries(slugs);
  const change = (workspaceId: string, slug: string) =>
    fleet.store.workspaces.write([{ workspaceId, guard: {}, userId: "ada", settings: { slug }, events: [] }]);
  for (const [id] of names) await change(id, `aside-${id}`);
  for (const [id, slug] of names) {
    await change(id, slug);
    await fleet.edit(id, { "index.yml": index(slug, id) });
  }
}

const pageOf = async (fleet: Fleet, id: string) => (await fleet.texts(id)).get("pages/home.yml") ?? "";

await describeOnDatabases("A slug that changes hands", (database) => {
  const stories: [string, Record<string, string>][] = [
    ["a chain", { a: "c", b: "a" }],
    ["a swap", { a: "b", b: "a" }],
    ["a cycle of three and a newcomer", { a: "b", b: "c", c: "a" }],
  ];
  test.each(stories)(
    "%s arrives with each content under its new slug, there and here",
    async (_name, slugs) => {
      const ids = Object.keys(slugs);
      const { remote, repository, fleet, other } = await pushed(database, ids);
      try {
        await rename(fleet, slugs);
        const summary = await fleet.bulkPush(repository, ["all"], { name: "v2" });
        expect([summary.errors, summary.pushedWorkspaceIds.sort()]).toEqual([[], ids]);
        const folders = (await remote.git("ls-tree", "--name-only", "main", "workspaces/"))
          .trim()
          .split("\n");
        expect(folders.sort()).toEqual(
          Object.values(slugs)
            .map((slug) => `workspaces/${slug}`)
            .sort(),
        );
        expect(await remote.fsck()).toBe("");

        const imported = await other.fleet.bulkImport(repository);
        expect([imported.errors, imported.warnings, imported.createdWorkspaceIds]).toEqual([[], [], []]);
        for (const [id, slug] of Object.entries(slugs)) {
          expect(await remote.read("main", `workspaces/${slug}/pages/home.yml`)).toContain(`Page of ${id}`);
          expect(await other.fleet.workspace(id)).toMatchObject({ slug, dirty: false });
          for (const one of [fleet, other.fleet]) expect(await pageOf(one, id)).toContain(`Page of ${id}`);
        }
        // Nothing is left to do on either side.
        expect((await fleet.bulkPush(repository, ["all"])).pushedWorkspaceIds).toEqual([]);
        expect((await other.fleet.bulkPush(repository, ["all"])).pushedWorkspaceIds).toEqual([]);
        expect((await other.fleet.bulkImport(repository)).skippedWorkspaceIds.sort()).toEqual(ids);
        for (const id of ids) expect((await fleet.pull(id, repository)).imported).toEqual([]);
      } finally {
        await other.close();
      }
    },
  );

  test.each([
    ["in their order", ["a", "b"]],
    ["against it", ["b", "a"]],
  ])("pushes one by one, %s", async (_name, order) => {
    const { remote, repository, fleet, other } = await pushed(database, ["a", "b"]);
    try {
      // A branch of the intermediate kind that is in nobody's target: what `a` saved before a pull.
      await remote.commit({ "workspaces/a/pages/theirs.yml": "slug: theirs\n" });
      await fleet.edit("a", { "pages/mine.yml": "slug: mine\n" });
      await fleet.pull("a", repository);
      await rename(fleet, { a: "b", b: "a" });
      const saved = (await remote.git("rev-parse", "prismeai/a/main")).trim();
      for (const id of order) await fleet.push(id, repository, { name: `${id}-2` });
      expect(await remote.read("main", "workspaces/b/pages/home.yml")).toContain("Page of a");
      expect(await remote.read("main", "workspaces/b/pages/mine.yml")).toContain("mine");
      expect(await remote.read("main", "workspaces/a/pages/home.yml")).toContain("Page of b");
      expect(await remote.git("ls-tree", "-r", "--name-only", "main", "workspaces/a/pages/")).toBe(
        "workspaces/a/pages/home.yml",
      );
      // Nothing was forced: the old owner's commits are still in the branch's history.
      await remote.git("merge-base", "--is-ancestor", saved, "prismeai/a/main");
      for (const id of order) {
        expect((await fleet.pull(id, repository)).imported).toEqual([]);
        await fleet.edit(id, { "pages/later.yml": `slug: later\ntitle: ${id}\n` });
        await fleet.push(id, repository);
      }
      expect((await other.fleet.bulkImport(repository)).errors).toEqual([]);
      expect(await other.fleet.workspace("a")).toMatchObject({ slug: "b" });
      expect((await other.fleet.texts("b")).get("pages/later.yml")).toContain("title: b");
    } finally {
      await other.close();
    }
  });

  test("a pull, a version and a rollback bring the workspace's own content, wherever its folder went", async () => {
    const { repository, fleet, other } = await pushed(database, ["a", "b"]);
    try {
      await rename(fleet, { a: "b", b: "a" });
      for (const id of ["a", "b"]) {
        await fleet.pull(id, repository);
        expect(await pageOf(fleet, id)).toContain(`Page of ${id}`);
      }
      await fleet.bulkPush(repository, ["all"], { name: "v2" });
      await other.fleet.edit("a", { "pages/mine.yml": "slug: mine\n" });
      for (const options of [{}, { discard: true }, { versionId: "v1" }, { versionId: "v2" }]) {
        for (const one of [fleet, other.fleet]) {
          await one.pull("a", repository, options);
          expect(await pageOf(one, "a")).toContain("Page of a");
        }
        if (!("discard" in options))
          expect((await other.fleet.texts("a")).has("pages/mine.yml")).toBe(!("versionId" in options));
      }
    } finally {
      await other.close();
    }
  });

  test("a new workspace under the old slug of another one makes room for it", async () => {
    const { remote, repository, fleet, other } = await pushed(database, ["a"]);
    try {
      await rename(fleet, { a: "c" });
      await fleet.create(
        "n",
        { "index.yml": index("a", "n"), "pages/home.yml": "slug: home\ntitle: Page of n\n" },
        ["all"],
      );
      await fleet.store.workspaces.write([
        { workspaceId: "n", guard: {}, userId: "ada", settings: { slug: "a" }, events: [] },
      ]);
      await fleet.push("n", repository);
      expect(await remote.read("main", "workspaces/c/pages/home.yml")).toContain("Page of a");
      await fleet.push("a", repository);
      const imported = await other.fleet.bulkImport(repository);
      expect([imported.errors, imported.createdWorkspaceIds]).toEqual([[], ["n"]]);
      expect(await other.fleet.workspace("n")).toMatchObject({ slug: "a" });
      expect(await other.fleet.workspace("a")).toMatchObject({ slug: "c" });
    } finally {
      await other.close();
    }
  });
});

await describeOnDatabases("A folder whose manifest names another workspace", (database) => {
  test("is never pulled unless it is asked for by name, and the refusal says what is there", async () => {
    const { remote, repository, fleet, other } = await pushed(database, ["a", "b"]);
    try {
      // Somebody puts the content of another workspace where `a` was.
      await remote.commit({
        "workspaces/a/.import.yml": "workspaceId: b\nversion: {name: v9}\ngroups: [all]\n",
        "workspaces/a/pages/home.yml": "slug: home\ntitle: Page of b\n",
        "workspaces/b/.import.yml": null,
        "workspaces/b/index.yml": null,
        "workspaces/b/pages/home.yml": null,
      });
      const commit = (await remote.git("rev-parse", "main")).trim();
      for (const options of [{}, { discard: true }, { versionId: commit }]) {
        const error = await failure(fleet.pull("a", repository, options));
        expect(error).toMatchObject({
          code: "DirectoryAlreadyInUse",
          details: { directory: "workspaces/a", otherWorkspaceId: "b" },
          message: expect.stringMatching(
            /belongs to the workspace b .*another slug.*otherWorkspaceId b/,
          ) as string,
        });
        expect(await pageOf(fleet, "a")).toContain("Page of a");
      }
      expect((await failure(fleet.rollback("a", repository, commit))).code).toBe("DirectoryAlreadyInUse");
      expect((await failure(fleet.push("a", repository))).code).toBe("DirectoryAlreadyInUse");
      expect(await remote.read("main", "workspaces/a/pages/home.yml")).toContain("Page of b");
      expect(await fleet.lock("a")).toBeUndefined();
      expect(await pageOf(other.fleet, "a")).toContain("Page of a");

      // Another slug is a way forward, and so is the name.
      await rename(fleet, { a: "d" });
      await fleet.push("a", repository);
      expect(await remote.read("main", "workspaces/d/pages/home.yml")).toContain("Page of a");
      const taken = await fleet.pull("a", repository, { otherWorkspaceId: "b" });
      expect(taken.snapshot).toBeDefined();
      expect(await pageOf(fleet, "a")).toContain("Page of b");
    } finally {
      await other.close();
    }
  });

  test("is not imported in place of one that the repository knew there, though nobody here has its id", async () => {
    const { remote, repository, fleet, other } = await pushed(database, ["a"]);
    try {
      await remote.commit({
        "workspaces/a/.import.yml": "workspaceId: stranger\nversion: {name: v9}\ngroups: [all]\n",
        "workspaces/a/pages/home.yml": "slug: home\ntitle: Page of a stranger\n",
      });
      expect((await failure(fleet.pull("a", repository, { discard: true }))).details).toMatchObject({
        otherWorkspaceId: "stranger",
      });
      for (const dryRun of [true, false]) {
        const summary = await other.fleet.bulkImport(repository, { dryRun });
        expect(summary.errors).toMatchObject([
          { error: "DirectoryAlreadyInUse", details: { workspaceId: "a", otherWorkspaceId: "stranger" } },
        ]);
        expect(summary.workspaces).toMatchObject([{ slug: "a", status: "error", matchedBy: "folder" }]);
      }
      expect(await pageOf(other.fleet, "a")).toContain("Page of a");
      const named = await other.fleet.bulkImport(repository, { otherWorkspaceIds: ["stranger"] });
      expect([named.errors, named.updatedWorkspaceIds]).toEqual([[], ["a"]]);
      expect(await pageOf(other.fleet, "a")).toContain("Page of a stranger");
      // From now on that is its name there.
      await remote.commit({ "workspaces/a/pages/new.yml": "slug: new\n" });
      expect((await other.fleet.pull("a", repository)).imported).toEqual(["pages/new.yml"]);
    } finally {
      await other.close();
    }
  });
});
