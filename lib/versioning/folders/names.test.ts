import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { Fleet } from "@/lib/testing/fleet";
import { emptyFleet, remoteOf, serveGit } from "@/lib/testing/worlds/bulk";

serveGit();

const GROUPS = [{ name: "all", labels: ["all"] }];
const FOLDER = "workspaces/my-product";
const INDEX = "name: My App\nslug: my-app\nlabels: [all]\n";
const MANIFEST = "workspaceId: theirs\ngroups: [all]\nversion: {name: v1}\n";
const page = (title: string) => `slug: home\ntitle: ${title}\n`;

await describeOnDatabases("A folder named differently from the slug of its workspace", (database) => {
  test.each([
    ["with a manifest", true],
    ["without one", false],
  ])("%s is one workspace and one folder, however often it is imported and pushed", async (_name, signed) => {
    const { remote, repository } = await remoteOf();
    await remote.commit({
      [`${FOLDER}/index.yml`]: INDEX,
      [`${FOLDER}/pages/home.yml`]: page("First"),
      ...(signed ? { [`${FOLDER}/.import.yml`]: MANIFEST } : {}),
    });
    const folders = async () => (await remote.git("ls-tree", "--name-only", "main", "workspaces/")).trim();
    const fleet = await Fleet.open(await database.open(), { groups: GROUPS });
    const other = await emptyFleet(database);
    try {
      const first = await fleet.bulkImport(repository);
      const [id = ""] = first.createdWorkspaceIds;
      expect(first).toMatchObject({
        errors: [],
        warnings: [],
        workspaces: [{ slug: "my-product", importedAs: "my-app", workspaceId: id }],
      });
      expect(await fleet.workspace(id)).toMatchObject({ slug: "my-app", dirty: false });

      await remote.commit({ [`${FOLDER}/pages/home.yml`]: page("Second") });
      for (const options of [{ dryRun: true }, {}, { forceReimport: true }]) {
        const again = await fleet.bulkImport(repository, { forceReimport: true, prune: true, ...options });
        expect(again).toMatchObject({
          errors: [],
          createdWorkspaceIds: [],
          updatedWorkspaceIds: "dryRun" in options ? [] : [id],
          workspaces: [{ workspaceId: id, matchedBy: "folder", importedAs: "my-app" }],
        });
        expect(again.deletedWorkspaceIds).toBeUndefined();
      }
      expect((await fleet.texts(id)).get("pages/home.yml")).toBe(page("Second"));

      await fleet.edit(id, { "pages/home.yml": page("Third") });
      const pushed = await fleet.bulkPush(repository, ["all"], { name: "v2" });
      expect([pushed.errors, pushed.pushedWorkspaceIds]).toEqual([[], [id]]);
      expect(await folders()).toBe(FOLDER);
      await fleet.edit(id, { "pages/home.yml": page("Fourth") });
      await fleet.push(id, repository, { name: "v3" });
      expect(await folders()).toBe(FOLDER);
      expect(await remote.read("main", `${FOLDER}/pages/home.yml`)).toBe(page("Fourth"));

      const elsewhere = await other.fleet.bulkImport(repository);
      const [there = ""] = elsewhere.createdWorkspaceIds;
      expect(elsewhere).toMatchObject({ errors: [], warnings: [] });
      expect(await other.fleet.workspace(there)).toMatchObject({
        slug: "my-app",
        lastPull: { version: "v3" },
      });
      expect(await other.fleet.texts(there)).toEqual(await fleet.texts(id));
      expect((await other.fleet.bulkImport(repository)).skippedWorkspaceIds).toEqual([there]);

      // Only when the folder itself is gone is the workspace.
      await remote.commit({
        [`${FOLDER}/index.yml`]: null,
        [`${FOLDER}/pages/home.yml`]: null,
        [`${FOLDER}/.import.yml`]: null,
        "workspaces/another/index.yml": "name: Another\n",
      });
      for (const dryRun of [true, false])
        expect((await fleet.bulkImport(repository, { dryRun, prune: true })).deletedWorkspaceIds).toEqual([
          id,
        ]);
    } finally {
      await other.close();
    }
  });

  test("is that of the workspace whose slug it gives, not of one that is called like the folder", async () => {
    const { remote, repository } = await remoteOf();
    await remote.commit({
      [`${FOLDER}/index.yml`]: INDEX,
      "workspaces/plain/index.yml": "name: Plain\nlabels: [all]\n",
    });
    const fleet = await Fleet.open(await database.open(), { groups: GROUPS });
    for (const slug of ["my-app", "my-product", "plain"])
      await fleet.create(slug, { "index.yml": `name: ${slug}\nslug: ${slug}\n` });
    const { errors, workspaces } = await fleet.bulkImport(repository);
    expect(errors).toEqual([]);
    expect(workspaces).toMatchObject([
      { slug: "my-product", workspaceId: "my-app", matchedBy: "slug", importedAs: "my-app" },
      { slug: "plain", workspaceId: "plain", matchedBy: "slug" },
    ]);
    expect((await fleet.texts("my-product")).get("index.yml")).toContain("name: my-product");
  });
});
