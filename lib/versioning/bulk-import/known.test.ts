import { afterAll, beforeAll, expect, test } from "vitest";
import { database as openDatabase, describeOnDatabases } from "@/lib/testing/database";
import { Fleet } from "@/lib/testing/fleet";
import { gitServer, type GitServer } from "@/lib/testing/git/git-server";
import { aRepository } from "@/lib/testing/git/git-server-repository";

const GROUPS = [{ name: "all", labels: ["all"] }];
const NAMES = ["billing", "desk", "mail", "shop"];

let server: GitServer;
let count = 0;
beforeAll(async () => {
  server = await gitServer({ password: "s3cret" });
});
afterAll(() => server.close());

await describeOnDatabases("A bulk import of a repository that is known", (database) => {
  /** A remote that one instance pushed to, and another one that imported all of it. */
  async function imported() {
    const remote = await server.repository(`known-${String(++count)}`);
    const repository = aRepository({ url: remote.url, password: "s3cret" });
    const source = await Fleet.open(await database.open(), { groups: GROUPS });
    for (const slug of NAMES) {
      await source.create(
        slug,
        {
          "index.yml": `name: ${slug}\nslug: ${slug}\nlabels: [all]\n`,
          "pages/home.yml": `slug: home\ntitle: ${slug}\n`,
        },
        ["all"],
      );
    }
    await source.bulkPush(repository, ["all"], { name: "v1" });
    const other = await openDatabase(database.provider);
    const target = await Fleet.open(await other.open(), { groups: GROUPS });
    await target.bulkImport(repository, {});
    return { remote, repository, source, target, close: () => other.close() };
  }

  test("asks for the names of its directories and for nothing else when all is up to date", async () => {
    const { repository, target, close } = await imported();
    server.resetCounts();
    const summary = await target.bulkImport(repository, { groups: ["all"] });
    expect(summary.skippedWorkspaceIds.sort()).toEqual(NAMES);
    expect(server.requests.filter((request) => request.startsWith("POST"))).toHaveLength(2);
    await close();
  });

  test("knows what this instance pushed there itself", async () => {
    const { repository, source } = await imported();
    server.resetCounts();
    const plan = await source.bulkImport(repository, { groups: ["all"], dryRun: true });
    expect(plan.workspaces.map(({ slug }) => slug).sort()).toEqual(NAMES);
    expect(server.requests.filter((request) => request.startsWith("POST"))).toHaveLength(2);
  });

  test("looks into the directories that changed, and takes what their manifest says now", async () => {
    const { remote, repository, source, target, close } = await imported();
    await source.edit("mail", { "pages/home.yml": "slug: home\ntitle: New mail\n" });
    await source.bulkPush(repository, ["all"], { name: "v2" });
    await remote.commit({ "workspaces/desk/.import.yml": "groups: [elsewhere]\nversion: { name: v3 }\n" });
    const summary = await target.bulkImport(repository, { groups: ["all"] });
    expect(summary.updatedWorkspaceIds).toEqual(["mail"]);
    expect(summary.workspaces.map(({ slug }) => slug).sort()).toEqual(["billing", "mail", "shop"]);
    expect((await target.texts("mail")).get("pages/home.yml")).toContain("New mail");
    await close();
  });

  test("knows of directories without a manifest as well, until they have one", async () => {
    const remote = await server.repository(`known-${String(++count)}`);
    const repository = aRepository({ url: remote.url, password: "s3cret" });
    await remote.commit({
      "workspaces/desk/index.yml": "name: Desk\nslug: desk\n",
      "workspaces/shop/index.yml": "name: Shop\nslug: shop\n",
      "workspaces/shop/pages/home.yml": "slug: home\n",
    });
    const fleet = await Fleet.open(await database.open(), { groups: GROUPS });
    await fleet.bulkImport(repository, {});
    server.resetCounts();
    expect((await fleet.bulkImport(repository, {})).skippedWorkspaceIds).toHaveLength(2);
    expect(server.requests.filter((request) => request.startsWith("POST"))).toHaveLength(2);
    await remote.commit({ "workspaces/desk/.import.yml": "groups: [all]\nversion: { name: v3 }\n" });
    const summary = await fleet.bulkImport(repository, { groups: ["all"] });
    expect(summary.workspaces.map(({ slug, status }) => [slug, status])).toEqual([["desk", "imported"]]);
  });

  test("reads the files of all when all are to be imported again", async () => {
    const { repository, target, close } = await imported();
    await target.edit("shop", { "pages/home.yml": "slug: home\ntitle: Local edit\n" });
    const summary = await target.bulkImport(repository, { groups: ["all"], forceReimport: true });
    expect(summary.updatedWorkspaceIds.sort()).toEqual(NAMES);
    expect(summary.errors).toEqual([]);
    expect((await target.texts("shop")).get("pages/home.yml")).toBe("slug: home\ntitle: shop\n");
    await close();
  });
});
