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
});
