import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { emptyFleet } from "@/lib/testing/worlds/bulk";
import { DIRECTORY, serveGit, world } from "@/lib/testing/worlds/shop-remote";

serveGit();

const NAMES = ["__proto__", "constructor", "hasOwnProperty", "toString", "valueOf"];

await describeOnDatabases("Files named like JavaScript's own objects", (database) => {
  test("come with a pull, go with a push, and arrive elsewhere by a bulk import", async () => {
    const { fleet, remote, repository } = await world(database);
    await fleet.push("shop", repository, { name: "v1" });
    const files = NAMES.flatMap((name) => [
      [`pages/${name}.yml`, `name: ${name}\n`],
      [`imports/${name}.yml`, `appSlug: ${name}\n`],
      [`${name}/${name}`, name],
    ]);
    const inGit = files.map(([path = "", text = ""]) => [`${DIRECTORY}/${path}`, text]);
    await remote.commit(Object.fromEntries(inGit) as Record<string, string>);
    const pulled = await fleet.pull("shop", repository);
    expect([pulled.errors, pulled.imported]).toEqual([[], files.map(([path]) => path).sort()]);
    await fleet.edit("shop", Object.fromEntries(NAMES.map((name) => [`pages/${name}.yml`, "name: Mine\n"])));
    await fleet.push("shop", repository, { name: "toString" });
    expect(await remote.read("main", `${DIRECTORY}/pages/__proto__.yml`)).toBe("name: Mine\n");
    expect((await fleet.pull("shop", repository)).errors).toEqual([]);
    expect((await fleet.pull("shop", repository, { versionId: "toString" })).warnings).toEqual([]);

    const other = await emptyFleet(database);
    try {
      const summary = await other.fleet.bulkImport(repository);
      expect([summary.errors, summary.workspaces.map(({ status }) => status)]).toEqual([[], ["imported"]]);
      expect(await other.fleet.texts("shop")).toEqual(await fleet.texts("shop"));
    } finally {
      await other.close();
    }
  });
});
