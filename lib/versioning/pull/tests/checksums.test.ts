import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { emptyFleet } from "@/lib/testing/worlds/bulk";
import { DIRECTORY, HOME, serveGit, world } from "@/lib/testing/worlds/shop-remote";

serveGit();

const edited = (path: string) => ({
  path,
  message: `${path} was edited after the export, so it does not match the checksum in .import.yml.`,
});

await describeOnDatabases("A file that was edited in git after the export", (database) => {
  test("is a warning of every pull and import that brings it, and an error of none", async () => {
    const { fleet, remote, repository } = await world(database);
    await fleet.push("shop", repository, { name: "v1" });
    const commit = await remote.commit({ [`${DIRECTORY}/pages/home.yml`]: HOME.replace("Welcome", "Hi") });
    // A local edit of another file is no difference to what the manifest says of the branch.
    await fleet.edit("shop", { "automations/greet.yml": "slug: greet\ndo: [] # mine\n" });
    const first = await fleet.pull("shop", repository);
    expect(first).toMatchObject({ imported: ["pages/home.yml"], errors: [] });
    expect(first.warnings).toEqual([edited("pages/home.yml")]);
    const [event] = await fleet.events("workspaces.imported", "shop");
    expect(event?.payload).toMatchObject({ errors: [], warnings: [edited("pages/home.yml")] });

    // The file is here already now.
    for (const options of [{}, { discard: true }, { versionId: commit }]) {
      const again = await fleet.pull("shop", repository, options);
      expect([again.errors, again.warnings]).toEqual([[], [edited("pages/home.yml")]]);
    }
    const back = await fleet.rollback("shop", repository, commit);
    expect([back.errors, back.warnings]).toEqual([[], [edited("pages/home.yml")]]);
    expect((await fleet.saveVersion("shop", "native")).name).toBe("native");
    expect((await fleet.rollback("shop", null, "native")).warnings).toEqual([]);
  });

  test("is named with its workspace by bulk imports, and an excluded one is not", async () => {
    const { fleet, remote, repository } = await world(database);
    await fleet.push("shop", repository, { name: "v1" });
    await remote.commit({ [`${DIRECTORY}/pages/home.yml`]: HOME.replace("Welcome", "Hi") });
    const other = await emptyFleet(database);
    try {
      const warnings = [{ slug: "shop", message: edited("pages/home.yml").message }];
      for (const forceReimport of [false, true]) {
        const summary = await other.fleet.bulkImport(repository, { forceReimport });
        expect([summary.errors, summary.warnings]).toEqual([[], warnings]);
      }
      const events = await other.fleet.events("workspaces.imported", "shop");
      expect(events.map(({ payload }) => payload["warnings"])).toEqual([
        [edited("pages/home.yml")],
        [edited("pages/home.yml")],
      ]);
      const quiet = await other.fleet.bulkImport(
        { ...repository, exclude: ["pages/home"] },
        { forceReimport: true },
      );
      expect(quiet.warnings).toEqual([]);
    } finally {
      await other.close();
    }
  });

  test("is no error of the push that follows, which writes its checksum anew", async () => {
    const { fleet, remote, repository } = await world(database);
    await fleet.push("shop", repository, { name: "v1" });
    await remote.commit({ [`${DIRECTORY}/pages/home.yml`]: HOME.replace("Welcome", "Hi") });
    await fleet.pull("shop", repository);
    await fleet.edit("shop", { "pages/new.yml": "slug: new\n" });
    await fleet.push("shop", repository, { name: "v2" });
    expect((await fleet.pull("shop", repository)).warnings).toEqual([]);
  });
});
