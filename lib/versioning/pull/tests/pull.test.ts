import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { failure, Fleet } from "@/lib/testing/fleet";
import { DIRECTORY, HOME, INDEX, serveGit, SHOP, world } from "@/lib/testing/worlds/shop-remote";

serveGit();

await describeOnDatabases("Pulling a workspace", (database) => {
  test("disjoint edits on both sides merge, and the merge is pushed by the next push", async () => {
    const { remote, repository, fleet } = await world(database);
    await fleet.push("shop", repository, { name: "v1" });
    await remote.commit({ [`${DIRECTORY}/pages/home.yml`]: HOME.replace("six", "SIX") });
    await fleet.edit("shop", { "pages/home.yml": HOME.replace("Welcome", "Hello") });
    const result = await fleet.pull("shop", repository);
    expect(result.imported).toEqual(["pages/home.yml"]);
    const merged = HOME.replace("Welcome", "Hello").replace("six", "SIX");
    expect((await fleet.texts("shop")).get("pages/home.yml")).toBe(merged);
    expect(await remote.read("prismeai/shop/main", `${DIRECTORY}/pages/home.yml`)).toBe(merged);
    const record = await fleet.workspace("shop");
    expect(record.dirty).toBe(true);
    expect(record.lastPull).toMatchObject({ version: "v1", repositoryId: "fleet" });

    await fleet.push("shop", repository, { name: "v2" });
    expect(await remote.read("main", `${DIRECTORY}/pages/home.yml`)).toBe(merged);
    expect((await fleet.workspace("shop")).dirty).toBe(false);
    expect(await remote.fsck()).toBe("");
    await remote.git("merge-base", "--is-ancestor", "prismeai/shop/main", "main");
  });

  test("a pull that saves nothing and brings nothing writes nothing", async () => {
    const { remote, repository, fleet } = await world(database);
    await fleet.push("shop", repository);
    const refs = await remote.git("show-ref");
    const result = await fleet.pull("shop", repository);
    expect(result).toMatchObject({ imported: [], deleted: [], errors: [] });
    expect(await remote.git("show-ref")).toBe(refs);
  });

  test("a branch that someone moved without a conflict is merged, never overwritten", async () => {
    const { fleet, remote, repository } = await world(database);
    await fleet.push("shop", repository);
    await remote.commit(
      { [`${DIRECTORY}/pages/theirs.yml`]: "slug: theirs\n" },
      { branch: "prismeai/shop/main", message: "on the intermediate branch" },
    );
    await fleet.edit("shop", { "pages/mine.yml": "slug: mine\n" });
    expect((await failure(fleet.push("shop", repository))).code).toBe("RemoteAhead");
    await fleet.pull("shop", repository);
    const texts = await fleet.texts("shop");
    expect(texts.has("pages/theirs.yml")).toBe(true);
    expect(texts.has("pages/mine.yml")).toBe(true);
    await fleet.push("shop", repository);
    expect(await remote.read("main", `${DIRECTORY}/pages/theirs.yml`)).toBe("slug: theirs\n");
    expect(await remote.read("main", `${DIRECTORY}/pages/mine.yml`)).toBe("slug: mine\n");
  });

  test("a merge that cannot be read is refused with file and line; nothing is written and no lock stays", async () => {
    const { fleet, remote, repository } = await world(database);
    await fleet.push("shop", repository);
    await remote.commit({ [`${DIRECTORY}/pages/home.yml`]: `top: 1\n${HOME}` });
    await fleet.edit("shop", { "pages/home.yml": `${HOME}top: 2\n` });
    const refs = await remote.git("show-ref");
    const error = await failure(fleet.pull("shop", repository));
    expect(error.code).toBe("UnreadableContent");
    expect(error.details).toMatchObject({ path: "pages/home.yml", line: 12 });
    expect(await remote.git("show-ref")).toBe(refs);
    expect(await fleet.lock("shop")).toBeUndefined();
    expect((await fleet.texts("shop")).get("pages/home.yml")).toBe(`${HOME}top: 2\n`);
  });

  test("a rollback brings a version back, keeps a snapshot, and can itself be rolled back", async () => {
    const { fleet, remote, repository } = await world(database);
    await fleet.push("shop", repository, { name: "v1" });
    await fleet.edit("shop", { "pages/home.yml": null, "pages/next.yml": "slug: next\n" });
    await fleet.push("shop", repository, { name: "v2" });
    const result = await fleet.rollback("shop", repository, "v1", "broken login");
    expect(result).toMatchObject({ imported: ["pages/home.yml"], deleted: ["pages/next.yml"] });
    expect((await fleet.texts("shop")).get("pages/home.yml")).toBe(HOME);
    expect((await fleet.workspace("shop")).dirty).toBe(true);
    const [event] = await fleet.events("workspaces.versions.rollback", "shop");
    expect(event?.payload).toMatchObject({ version: { name: "v1" }, reason: "broken login" });

    await fleet.rollback("shop", null, result.snapshot?.name ?? "");
    expect((await fleet.texts("shop")).get("pages/next.yml")).toBe("slug: next\n");
    expect((await fleet.workspace("shop")).dirty).toBe(false);
    await fleet.rollback("shop", repository, "v1");
    await fleet.pull("shop", repository);
    expect((await fleet.texts("shop")).get("pages/home.yml")).toBe(HOME);
    await fleet.push("shop", repository, { name: "v3" });
    expect(await remote.read("main", `${DIRECTORY}/pages/home.yml`)).toBe(HOME);
  });

  test("a read-only repository is never written to; its updates and our edits merge here", async () => {
    const { fleet, remote, repository } = await world(database);
    await fleet.push("shop", repository);
    const readOnly = { ...repository, mode: "read-only" as const };
    await remote.commit({ [`${DIRECTORY}/pages/theirs.yml`]: "slug: theirs\n" });
    await fleet.edit("shop", { "pages/mine.yml": "slug: mine\n" });
    const refs = await remote.git("show-ref");
    await fleet.pull("shop", readOnly);
    expect(await remote.git("show-ref")).toBe(refs);
    expect([...(await fleet.texts("shop")).keys()]).toEqual(
      expect.arrayContaining(["pages/mine.yml", "pages/theirs.yml"]),
    );
    expect((await failure(fleet.push("shop", readOnly))).code).toBe("RepositoryModeMismatch");
  });

  test("excluded files keep their content here and are named", async () => {
    const { fleet, remote, repository } = await world(database);
    await fleet.push("shop", repository);
    await remote.commit({
      [`${DIRECTORY}/pages/home.yml`]: HOME.replace("Welcome", "Theirs"),
      [`${DIRECTORY}/automations/greet.yml`]: null,
    });
    const result = await fleet.pull("shop", { ...repository, exclude: ["pages/home", "automations/greet"] });
    expect(result).toMatchObject({
      imported: [],
      deleted: [],
      excluded: ["automations/greet.yml", "pages/home.yml"],
    });
    expect((await fleet.texts("shop")).get("pages/home.yml")).toBe(HOME);
  });

  test("links stay in git, are named, and survive a push", async () => {
    const { fleet, remote, repository } = await world(database);
    await fleet.push("shop", repository);
    const { git } = await import("@/lib/testing/git/git-server");
    const { symlink } = await import("node:fs/promises");
    const clone = await remote.clone();
    await symlink("index.yml", `${clone}/${DIRECTORY}/link.yml`);
    await git(clone, "add", "-A");
    await git(clone, "commit", "-q", "-m", "link");
    await git(clone, "push", "-q");
    const result = await fleet.pull("shop", repository);
    expect(result.errors).toEqual([expect.objectContaining({ err: "NotImported", path: "link.yml" })]);
    await fleet.edit("shop", { "pages/home.yml": HOME.replace("Welcome", "Hello") });
    await fleet.push("shop", repository);
    expect(await remote.git("ls-tree", "main", `${DIRECTORY}/link.yml`)).toContain("120000");
  });

  test("without the rights, security and repositories stay as they are here, and the result says so", async () => {
    const { remote, repository, fleet } = await world(database);
    await fleet.push("shop", repository);
    const theirs = `${INDEX}repositories:\n  evil:\n    name: Elsewhere\n`;
    await remote.commit({
      [`${DIRECTORY}/security.yml`]: "authorizations:\n  roles: {admin: {}}\n",
      [`${DIRECTORY}/index.yml`]: theirs.replace("Shop", "Shop 2"),
    });
    const limited = new Fleet(fleet.store, { denied: ["manage_security", "manage_repositories"] });
    const result = await limited.pull("shop", repository);
    expect(result.errors.map(({ err }) => err)).toEqual(["PermissionDenied", "PermissionDenied"]);
    const texts = await fleet.texts("shop");
    expect(texts.get("security.yml")).toBe(SHOP["security.yml"]);
    expect(texts.get("index.yml")).toBe(INDEX.replace("Shop", "Shop 2"));
    expect((await fleet.workspace("shop")).name).toBe("Shop 2");
  });
});
