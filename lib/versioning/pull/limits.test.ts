import { afterAll, beforeAll, expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { failure, Fleet } from "@/lib/testing/fleet";
import { gitServer, type GitServer } from "@/lib/testing/git/git-server";
import { aRepository } from "@/lib/testing/git/git-server-repository";

let server: GitServer;
let count = 0;
beforeAll(async () => {
  server = await gitServer({ password: "s3cret" });
});
afterAll(() => server.close());

await describeOnDatabases("What a workspace may hold", (database) => {
  test("is the operator's to say, for a pull as for an edit", async () => {
    const remote = await server.repository(`limits-${String(++count)}`);
    const repository = aRepository({ url: remote.url, password: "s3cret" });
    const store = await database.open();
    const fleet = await Fleet.open(store);
    const index = "name: Desk\nslug: desk\n";
    await fleet.create("desk", { "index.yml": index, "notes.md": "x".repeat(200), "more.md": "y" });
    await fleet.push("desk", repository, { name: "v1" });
    await fleet.edit("desk", { "notes.md": "short", "more.md": null });
    await fleet.push("desk", repository, { name: "v2" });

    const before = (await fleet.workspace("desk")).tree;
    const small = new Fleet(store, { limits: { fileBytes: 100, filesPerWorkspace: 10 } });
    const left = await small.pull("desk", repository, { versionId: "v1" });
    expect(left.errors).toMatchObject([{ err: "TooLarge", path: "notes.md" }]);
    expect([...(await fleet.texts("desk")).keys()].sort()).toEqual(["index.yml", "more.md"]);
    await fleet.edit("desk", { "pages/home.yml": `slug: home # ${"x".repeat(200)}\n` });
    await fleet.push("desk", repository, { name: "v3" });
    await fleet.edit("desk", { "pages/home.yml": null, "more.md": null, "notes.md": "short" });
    expect(await failure(small.pull("desk", repository, { versionId: "v3" }))).toMatchObject({
      code: "TooLarge",
      details: { path: "pages/home.yml", limit: 100 },
    });
    const few = new Fleet(store, { limits: { fileBytes: 1000, filesPerWorkspace: 2 } });
    expect(await failure(few.pull("desk", repository, { versionId: "v1" }))).toMatchObject({
      code: "TooLarge",
      details: { files: 3, limit: 2 },
    });
    expect((await fleet.workspace("desk")).tree).toBe(before);
    await fleet.pull("desk", repository, { versionId: "v1" });
    expect((await fleet.texts("desk")).get("notes.md")).toBe("x".repeat(200));
  });
});
