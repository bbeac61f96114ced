import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { INDEX, serveGit, world } from "@/lib/testing/worlds/shop-remote";

serveGit();

const declaring = (...ids: string[]) =>
  `${INDEX}repositories:\n${ids.map((id) => `  ${id}:\n    config:\n      url: https://git.example.com/${id}.git\n`).join("")}`;

await describeOnDatabases("The repositories that a workspace declares", (database) => {
  test("stay through a pull with discard, a version and a bulk import of a text without them, and the result says so", async () => {
    const { fleet, repository } = await world(database, { id: "team" });
    await fleet.push("shop", repository, { name: "v1" });
    await fleet.edit("shop", { "index.yml": declaring("team", "mirror") });
    const kept = [
      { path: "index.yml", message: expect.stringContaining("were kept: team, mirror") as string },
    ];
    for (const options of [{ discard: true }, { versionId: "v1" }]) {
      const { warnings, errors } = await fleet.pull("shop", repository, options);
      expect([warnings, errors]).toEqual([kept, []]);
      expect((await fleet.texts("shop")).get("index.yml")).toContain("git.example.com/team.git");
    }
    const summary = await fleet.bulkImport(repository, { forceReimport: true });
    expect(summary.warnings).toEqual([{ slug: "shop", message: kept[0]?.message }]);
    expect((await fleet.texts("shop")).get("index.yml")).toContain("git.example.com/team.git");
  });

  test("are named where a version that declares others removes them", async () => {
    const { fleet } = await world(database);
    await fleet.edit("shop", { "index.yml": declaring("team") });
    await fleet.saveVersion("shop", "one");
    await fleet.edit("shop", { "index.yml": declaring("team", "mirror") });
    const { warnings } = await fleet.rollback("shop", null, "one");
    expect(warnings).toEqual([{ path: "index.yml", message: expect.stringContaining("mirror") as string }]);
  });

  test("stay where the text declares others than the one it came from, and those come in beside them", async () => {
    const { fleet, remote, repository } = await world(database, {
      id: "team",
      scope: "workspace",
      dirpath: "",
    });
    const own = declaring("team", "mirror").replace("  team:", "  # Ours.\n  team:");
    await fleet.edit("shop", { "index.yml": declaring("team", "mirror") });
    await fleet.push("shop", repository, { name: "v1" });
    await fleet.edit("shop", { "index.yml": own });
    const theirs = declaring("new", "mirror").replace("mirror.git", "theirs.git");
    const stories = [
      [theirs, "team, mirror. New ones were added: new."],
      [`x: &x 1\n${declaring("later")}`, "team, mirror, new. New ones were added: later."],
    ] as const;
    for (const [text, kept] of stories) {
      await remote.commit({ "index.yml": text });
      const { warnings, errors } = await fleet.pull("shop", repository, { discard: true });
      const message = `index.yml does not declare the repository it came from; those of this workspace were kept: ${kept}`;
      expect([errors, warnings]).toEqual([[], [{ path: "index.yml", message }]]);
      const index = (await fleet.texts("shop")).get("index.yml") ?? "";
      for (const line of ["# Ours.", "/team.git", "/mirror.git", "/new.git"]) expect(index).toContain(line);
      expect(index).not.toContain("/theirs.git");
    }
    expect((await fleet.pull("shop", repository)).imported).toEqual([]);
    await fleet.edit("shop", { "pages/new.yml": "slug: new\n" });
    await fleet.push("shop", repository);
  });
});
