import { afterAll, beforeAll, expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { failure, Fleet } from "@/lib/testing/fleet";
import { gitServer, type GitServer } from "@/lib/testing/git/git-server";
import { aRepository } from "@/lib/testing/git/git-server-repository";

const INDEX = "# the shop\nname: Shop\nslug: shop\nlabels:\n  - production\n";
const HOME =
  "slug: home\n# greeting\ntitle: Welcome\nbody: |\n  one\n  two\n  three\n  four\n  five\n  six\n";
const SHOP = {
  "index.yml": INDEX,
  "security.yml": "authorizations: {}\n",
  "pages/home.yml": HOME,
  "automations/greet.yml": "slug: greet\ndo: []\n",
};
const DIRECTORY = "workspaces/shop";

let server: GitServer;
let count = 0;
beforeAll(async () => {
  server = await gitServer({ password: "s3cret" });
});
afterAll(() => server.close());

await describeOnDatabases("A workspace and its repository", (database) => {
  async function world(differences: Parameters<typeof aRepository>[0] = {}) {
    const remote = await server.repository(`shop-${String(++count)}`);
    const repository = aRepository({ url: remote.url, password: "s3cret", ...differences });
    const fleet = await Fleet.open(await database.open());
    await fleet.create("shop", SHOP);
    return { remote, repository, fleet };
  }

  test("a push makes the target and the intermediate branch, one tag and a linear history", async () => {
    const { remote, repository, fleet } = await world();
    const first = await fleet.push("shop", repository, { name: "v1", description: "First release" });
    expect(first.unchanged).toBe(false);
    await fleet.edit("shop", { "pages/home.yml": HOME.replace("Welcome", "Hello") });
    expect((await fleet.workspace("shop")).dirty).toBe(true);
    await fleet.push("shop", repository, { name: "v2" });

    expect(await remote.git("rev-parse", "main", "prismeai/shop/main", "shop@v2")).toMatch(
      /^(\w{40})\n\1\n\1$/,
    );
    expect((await remote.git("log", "--format=%s|%an|%ae", "main")).trim().split("\n")).toEqual([
      "shop: version v2|Ada Admin|ada@example.com",
      "shop: version v1|Ada Admin|ada@example.com",
    ]);
    for (const [path, text] of await fleet.texts("shop"))
      expect(await remote.read("main", `${DIRECTORY}/${path}`)).toBe(text);
    const record = await fleet.workspace("shop");
    expect(record.dirty).toBe(false);
    expect(record.lastPush).toMatchObject({ version: "v2", repositoryId: "fleet", createdBy: "ada" });
    expect(await remote.fsck()).toBe("");
    expect(await fleet.lock("shop")).toBeUndefined();
    const [published] = await fleet.events("workspaces.versions.published", "shop");
    expect(published?.payload).toMatchObject({
      version: { name: "v1", description: "First release" },
      changes: { created: 4, deleted: 0, insertions: 18, deletions: 0 },
    });
  });

  test("an unchanged workspace makes no empty commit and leaves its manifest alone", async () => {
    const { remote, repository, fleet } = await world();
    await fleet.push("shop", repository, { name: "v1" });
    const manifest = await remote.read("main", `${DIRECTORY}/.import.yml`);
    const { unchanged } = await fleet.push("shop", repository, { name: "v2" });
    expect(unchanged).toBe(true);
    expect(await remote.git("rev-list", "--count", "main")).toBe("1");
    expect(await remote.read("shop@v2", `${DIRECTORY}/.import.yml`)).toBe(manifest);
  });

  test("a version's name that is taken is refused before anything is written", async () => {
    const { remote, repository, fleet } = await world();
    await fleet.push("shop", repository, { name: "v1" });
    await fleet.edit("shop", { "pages/new.yml": "slug: new\n" });
    const refs = await remote.git("show-ref");
    expect((await failure(fleet.push("shop", repository, { name: "v1" }))).code).toBe("VersionAlreadyExists");
    expect(await remote.git("show-ref")).toBe(refs);
    expect((await fleet.workspace("shop")).dirty).toBe(true);
  });

  test("a push behind the remote is refused with the number of commits, and nothing changes", async () => {
    const { remote, repository, fleet } = await world();
    await fleet.push("shop", repository);
    await remote.commit({ [`${DIRECTORY}/pages/a.yml`]: "slug: a\n" });
    await remote.commit({ [`${DIRECTORY}/pages/b.yml`]: "slug: b\n" });
    await remote.commit({ "other/file.txt": "not ours" });
    await fleet.edit("shop", { "pages/mine.yml": "slug: mine\n" });
    const refs = await remote.git("show-ref");
    const error = await failure(fleet.push("shop", repository));
    expect(error.code).toBe("RemoteAhead");
    expect(error.details).toMatchObject({ behind: 2 });
    expect(await remote.git("show-ref")).toBe(refs);
  });

  test("commits of others outside the workspace's directory do not stand in the way and survive", async () => {
    const { remote, repository, fleet } = await world();
    await fleet.push("shop", repository);
    await remote.commit({ "other/file.txt": "not ours" });
    await fleet.edit("shop", { "pages/mine.yml": "slug: mine\n" });
    await fleet.push("shop", repository);
    expect(await remote.read("main", "other/file.txt")).toBe("not ours");
    expect(await remote.read("main", `${DIRECTORY}/pages/mine.yml`)).toBe("slug: mine\n");
  });

  test("disjoint edits on both sides merge, and the merge is pushed by the next push", async () => {
    const { remote, repository, fleet } = await world();
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
    const { remote, repository, fleet } = await world();
    await fleet.push("shop", repository);
    const refs = await remote.git("show-ref");
    const result = await fleet.pull("shop", repository);
    expect(result).toMatchObject({ imported: [], deleted: [], errors: [] });
    expect(await remote.git("show-ref")).toBe(refs);
  });

  async function conflicting() {
    const all = await world();
    await all.fleet.push("shop", all.repository, { name: "v1" });
    await all.remote.commit({ [`${DIRECTORY}/pages/home.yml`]: HOME.replace("Welcome", "Theirs") });
    await all.fleet.edit("shop", { "pages/home.yml": HOME.replace("Welcome", "Ours") });
    const error = await failure(all.fleet.pull("shop", all.repository));
    return { ...all, error };
  }

  test("overlapping edits lock the workspace, name the file, and change nothing", async () => {
    const { error, fleet, remote, repository } = await conflicting();
    expect(error.code).toBe("MergeConflict");
    expect(error.details).toEqual({
      targetBranch: "main",
      intermediateBranch: "prismeai/shop/main",
      files: [{ path: "pages/home.yml", kind: "content" }],
    });
    expect((await fleet.texts("shop")).get("pages/home.yml")).toContain("Ours");
    expect(await fleet.lock("shop")).toMatchObject({ reason: "merge_conflict", expiresAt: undefined });
    expect(await remote.read("main", `${DIRECTORY}/pages/home.yml`)).toContain("Theirs");
    expect(await remote.read("prismeai/shop/main", `${DIRECTORY}/pages/home.yml`)).toContain("Ours");
    expect((await failure(fleet.edit("shop", { "pages/x.yml": "slug: x\n" }))).code).toBe("WorkspaceLocked");
    expect((await failure(fleet.push("shop", repository))).code).toBe("WorkspaceLocked");
    const again = await failure(fleet.pull("shop", repository));
    expect(again.details).toEqual(error.details);
    expect(await fleet.lock("shop")).toMatchObject({ reason: "merge_conflict" });
  });

  test("a conflict with one repository is not hidden by a pull from another", async () => {
    const { fleet, repository } = await conflicting();
    const error = await failure(fleet.pull("shop", { ...repository, id: "elsewhere" }));
    expect(error).toMatchObject({ code: "WorkspaceLocked", details: { repositoryId: "fleet" } });
  });

  test("a resolution made with a git client on the intermediate branch is imported by the next pull", async () => {
    const { fleet, remote, repository } = await conflicting();
    const { git, writeFiles } = await import("@/lib/testing/git/git-server");
    const clone = await remote.clone();
    await git(clone, "checkout", "-q", "prismeai/shop/main");
    await expect(git(clone, "merge", "--no-ff", "origin/main")).rejects.toThrow();
    const resolved = HOME.replace("Welcome", "Both");
    await writeFiles(clone, { [`${DIRECTORY}/pages/home.yml`]: resolved });
    await git(clone, "commit", "-q", "-a", "-m", "Resolve");
    await git(clone, "push", "-q");

    const result = await fleet.pull("shop", repository);
    expect(result.imported).toEqual(["pages/home.yml"]);
    expect((await fleet.texts("shop")).get("pages/home.yml")).toBe(resolved);
    expect(await fleet.lock("shop")).toBeUndefined();
    await fleet.push("shop", repository, { name: "v2" });
    expect(await remote.read("main", `${DIRECTORY}/pages/home.yml`)).toBe(resolved);
    expect(await remote.fsck()).toBe("");
  });

  test("a conflict can be dismissed: clear the lock and pull with local changes discarded", async () => {
    const { fleet, remote, repository } = await conflicting();
    await fleet.store.locks.clear("shop", []);
    const result = await fleet.pull("shop", repository, { discard: true });
    expect((await fleet.texts("shop")).get("pages/home.yml")).toContain("Theirs");
    expect(result.snapshot?.name).toMatch(/^before\./);
    const record = await fleet.workspace("shop");
    expect(record.dirty).toBe(false);

    await fleet.edit("shop", { "pages/home.yml": HOME.replace("Welcome", "Later") });
    await fleet.push("shop", repository, { name: "v2" });
    expect(await remote.read("main", `${DIRECTORY}/pages/home.yml`)).toContain("Later");
    // The state that was given up stays in history, and nothing was forced.
    expect(await remote.git("log", "--format=%s", "main")).toContain("shop: save before pulling main");
    expect(await remote.fsck()).toBe("");
  });

  test("after a discard, edits on both sides merge from where the discard left them", async () => {
    const { fleet, remote, repository } = await conflicting();
    await fleet.store.locks.clear("shop", []);
    await fleet.pull("shop", repository, { discard: true });
    const theirs = HOME.replace("Welcome", "Theirs");
    await remote.commit({ [`${DIRECTORY}/pages/home.yml`]: theirs.replace("six", "SIX") });
    await fleet.edit("shop", { "pages/home.yml": theirs.replace("one", "ONE") });
    await fleet.pull("shop", repository);
    expect((await fleet.texts("shop")).get("pages/home.yml")).toBe(
      theirs.replace("six", "SIX").replace("one", "ONE"),
    );
  });

  test("a branch that someone moved without a conflict is merged, never overwritten", async () => {
    const { fleet, remote, repository } = await world();
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
    const { fleet, remote, repository } = await world();
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
    const { fleet, remote, repository } = await world();
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
    const { fleet, remote, repository } = await world();
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
    const { fleet, remote, repository } = await world();
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
    const { fleet, remote, repository } = await world();
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

  test("a renamed workspace moves its directory with the next push", async () => {
    const { fleet, remote, repository } = await world();
    await fleet.push("shop", repository);
    await fleet.store.workspaces.write([
      { workspaceId: "shop", guard: {}, userId: "ada", settings: { slug: "store" }, events: [] },
    ]);
    await fleet.push("shop", repository);
    expect(await remote.read("main", "workspaces/store/index.yml")).toBe(INDEX);
    expect(await remote.git("ls-tree", "--name-only", "main", "workspaces/")).toBe("workspaces/store");
  });

  test("without the rights, security and repositories stay as they are here, and the result says so", async () => {
    const { remote, repository, fleet } = await world();
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
