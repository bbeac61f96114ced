import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { failure } from "@/lib/testing/fleet";
import { GROUPS } from "@/lib/testing/worlds/bulk";
import { DIRECTORY, serveGit, world } from "@/lib/testing/worlds/shop-remote";

serveGit();

await describeOnDatabases("Names that differ in letter case or Unicode form only", (database) => {
  test("are a conflict that names both where one is here and the other comes, and neither is lost", async () => {
    const { fleet, remote, repository } = await world(database);
    await fleet.push("shop", repository, { name: "v1" });
    await remote.commit({ [`${DIRECTORY}/pages/Case.yml`]: "slug: Case\n" });
    await fleet.edit("shop", { "pages/case.yml": "slug: case\n" });
    for (let attempt = 0; attempt < 2; attempt++) {
      const error = await failure(fleet.pull("shop", repository));
      expect(error).toMatchObject({
        code: "MergeConflict",
        details: {
          files: [
            { path: "pages/Case.yml", kind: "name" },
            { path: "pages/case.yml", kind: "name" },
          ],
        },
      });
      expect((await fleet.texts("shop")).get("pages/case.yml")).toBe("slug: case\n");
    }
    expect(await fleet.lock("shop")).toMatchObject({ kind: "merge_conflict" });
    await remote.commit(
      { [`${DIRECTORY}/pages/case.yml`]: null, [`${DIRECTORY}/pages/case-2.yml`]: "slug: case-2\n" },
      { branch: "prismeai/shop/main" },
    );
    await fleet.pull("shop", repository);
    const texts = await fleet.texts("shop");
    expect([texts.has("pages/Case.yml"), texts.has("pages/case-2.yml")]).toEqual([true, true]);
  });

  test("stand in git side by side: what is here stays, and the other stays in git through pulls and pushes", async () => {
    const { fleet, remote, repository } = await world(database);
    await fleet.push("shop", repository, { name: "v1" });
    await remote.commit({ [`${DIRECTORY}/pages/Home.yml`]: "slug: Home\n" });
    const { deleted, errors } = await fleet.pull("shop", repository);
    expect([deleted, errors]).toMatchObject([[], [{ err: "PathCollision", path: "pages/Home.yml" }]]);
    await fleet.edit("shop", { "pages/new.yml": "slug: new\n" });
    await fleet.push("shop", repository, { name: "v2" });
    expect(await remote.read("main", `${DIRECTORY}/pages/Home.yml`)).toBe("slug: Home\n");
  });

  test("in decomposed form are the same file", async () => {
    const { fleet, remote, repository } = await world(database);
    const [name, decomposed] = ["pages/é.yml", "pages/e\u0301.yml"];
    await fleet.edit("shop", { [name]: "slug: é\n" });
    await fleet.push("shop", repository, { name: "v1" });
    await remote.commit({
      [`${DIRECTORY}/${name}`]: null,
      [`${DIRECTORY}/${decomposed}`]: "slug: é\ntitle: From a Mac\n",
    });
    const pulled = await fleet.pull("shop", repository);
    expect([pulled.imported, pulled.deleted, pulled.errors]).toEqual([[name], [], []]);
    await fleet.edit("shop", { [name]: "slug: é\ntitle: From here\n" });
    await fleet.push("shop", repository, { name: "v2" });
    const list = await remote.git(
      "-c",
      "core.quotePath=false",
      "ls-tree",
      "--name-only",
      "main",
      `${DIRECTORY}/pages/`,
    );
    expect(list.trim().split("\n").sort()).toEqual([`${DIRECTORY}/pages/home.yml`, `${DIRECTORY}/${name}`]);
    expect((await fleet.pull("shop", repository)).imported).toEqual([]);
  });

  test("are a conflict that names both where a write-only push would bring the second", async () => {
    const { fleet, remote, repository } = await world(database, { mode: "write-only" });
    await fleet.push("shop", repository, { name: "v1" });
    await remote.commit({
      [`${DIRECTORY}/pages/Case.yml`]: "slug: Case\n",
      [`${DIRECTORY}/pages/ﬁ.yml`]: "slug: ﬁ\n",
    });
    await fleet.edit("shop", { "pages/case.yml": "slug: case\n", "pages/fi.yml": "slug: fi\n" });
    const before = await remote.git("rev-parse", "main");
    const error = await failure(fleet.push("shop", repository, { name: "v2" }));
    const names = ["pages/Case.yml", "pages/case.yml", "pages/fi.yml", "pages/ﬁ.yml"];
    expect([error.code, error.details?.files]).toEqual([
      "MergeConflict",
      expect.arrayContaining(names.map((path) => ({ path, kind: "name" }))),
    ]);
    for (const name of names) expect(error.message).toContain(name);
    expect(await remote.git("rev-parse", "main")).toBe(before);
    await fleet.edit("shop", {
      "pages/case.yml": null,
      "pages/fi.yml": null,
      "pages/case-2.yml": "slug: case-2\n",
    });
    await fleet.push("shop", repository, { name: "v2" });
    const list = await remote.git(
      "-c",
      "core.quotePath=false",
      "ls-tree",
      "--name-only",
      "main",
      `${DIRECTORY}/pages/`,
    );
    for (const name of ["Case", "case-2", "ﬁ"]) expect(list).toContain(`/pages/${name}.yml`);
  });

  test("come one at a time with a bulk import, which names the other, and a bulk push leaves that in git", async () => {
    const { fleet, remote, repository } = await world(database, {}, { groups: GROUPS });
    const [folder, index] = ["workspaces/mail", "name: Mail\nslug: mail\nlabels: [product]\n"];
    const twins = { Case: "slug: Case\n", case: "slug: case\n" };
    await remote.commit({
      [`${folder}/index.yml`]: index,
      [`${folder}/pages/Case.yml`]: twins.Case,
      [`${folder}/pages/case.yml`]: twins.case,
    });
    for (const options of [{}, { forceReimport: true }]) {
      const { errors, warnings, deletedFilesCount, workspaces } = await fleet.bulkImport(repository, options);
      const message = expect.stringMatching(/pages\/case\.yml differs from pages\/Case\.yml/) as string;
      expect([errors, warnings, deletedFilesCount]).toEqual([[], [{ slug: "mail", message }], 0]);
      const id = workspaces[0]?.workspaceId ?? "";
      expect((await fleet.texts(id)).get("pages/Case.yml")).toBe(twins.Case);
      await fleet.edit(id, { "pages/Case.yml": `${twins.Case}title: New\n` });
      await fleet.bulkPush(repository, ["extended"]);
      twins.Case = await remote.read("main", `${folder}/pages/Case.yml`);
      expect(twins.Case).toContain("title: New");
      expect(await remote.read("main", `${folder}/pages/case.yml`)).toBe(twins.case);
    }
  });
});
