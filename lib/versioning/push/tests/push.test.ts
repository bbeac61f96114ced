import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { failure, Fleet } from "@/lib/testing/fleet";
import { between } from "@/lib/testing/git/between";
import { loopbackRepositories } from "@/lib/testing/git/git-server-repository";
import { DIRECTORY, HOME, INDEX, serveGit, server, world } from "@/lib/testing/worlds/shop-remote";

serveGit();

/** Of the answer to a push only these words come back. */
function garbledPushes(lastWords: string): Promise<string> {
  return between(server.url, async ({ isPush, forward }) => {
    const answer = await forward();
    return isPush ? { ...answer, body: Buffer.from(lastWords) } : answer;
  });
}

await describeOnDatabases("Pushing a workspace", (database) => {
  test("a push makes the target and the intermediate branch, one tag and a linear history", async () => {
    const { remote, repository, fleet } = await world(database);
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
    const { remote, repository, fleet } = await world(database);
    await fleet.push("shop", repository, { name: "v1" });
    const manifest = await remote.read("main", `${DIRECTORY}/.import.yml`);
    const { unchanged } = await fleet.push("shop", repository, { name: "v2" });
    expect(unchanged).toBe(true);
    expect(await remote.git("rev-list", "--count", "main")).toBe("1");
    expect(await remote.read("shop@v2", `${DIRECTORY}/.import.yml`)).toBe(manifest);
  });

  test("a version's name that is taken is refused before anything is written", async () => {
    const { remote, repository, fleet } = await world(database);
    await fleet.push("shop", repository, { name: "v1" });
    await fleet.edit("shop", { "pages/new.yml": "slug: new\n" });
    const refs = await remote.git("show-ref");
    expect((await failure(fleet.push("shop", repository, { name: "v1" }))).code).toBe("VersionAlreadyExists");
    expect(await remote.git("show-ref")).toBe(refs);
    expect((await fleet.workspace("shop")).dirty).toBe(true);
  });

  test("a push that the remote took counts, whatever its last words are", async () => {
    const { remote, repository, fleet } = await world(database);
    for (const [version, words] of Object.entries({ v1: "0011\u0003out of disk0000", v2: "not git" })) {
      const url = `${await garbledPushes(words)}/${remote.name}.git`;
      await fleet.edit("shop", { "pages/new.yml": `slug: new\ntitle: ${version}\n` });
      await fleet.push("shop", { ...repository, url }, { name: version });
      expect(await remote.git("rev-parse", "main")).toBe(await remote.git("rev-parse", `shop@${version}`));
      expect((await fleet.workspace("shop")).lastPush).toMatchObject({ version });
    }
  });

  test("without atomic pushes nothing is tagged that the target branch did not take", async () => {
    const { remote, repository, fleet } = await world(database);
    await remote.git("config", "receive.advertiseAtomic", "false");
    await remote.hook("update", '#!/bin/sh\n[ "$1" != refs/heads/main ] || { echo closed; exit 1; }\n');
    const error = await failure(fleet.push("shop", repository, { name: "v1" }));
    expect(error).toMatchObject({ code: "RemoteRejected", message: expect.stringContaining("closed") });
    expect(await remote.git("tag", "--list")).toBe("");
  });

  test("a history that was rewritten around the same content takes the next push", async () => {
    const { remote, repository, fleet } = await world(database);
    await fleet.push("shop", repository, { name: "v1" });
    await remote.git(
      "update-ref",
      "refs/heads/main",
      await remote.git("commit-tree", "-m", "new", "main^{tree}"),
    );
    await fleet.edit("shop", { "pages/home.yml": HOME.replace("Welcome", "Hello") });
    await fleet.push("shop", repository, { name: "v2" });
    expect(await remote.read("main", `${DIRECTORY}/pages/home.yml`)).toContain("Hello");
    expect(await remote.fsck()).toBe("");
  });

  test("a repository on disk keeps no lock of a push that was given up", async () => {
    const { remote, repository, fleet } = await world(database);
    const timeouts = { connectMs: 1000, idleMs: 1000, totalMs: 5000 };
    const impatient = new Fleet(fleet.store, { repositories: loopbackRepositories({ timeouts }) });
    await remote.hook("reference-transaction", '#!/bin/sh\n[ "$1" != prepared ] || exec sleep 30\n');
    const onDisk = { ...repository, url: remote.fileUrl };
    expect((await failure(impatient.push("shop", onDisk, { name: "v1" }))).code).toBe("RemoteUnreachable");
    await remote.hook("reference-transaction", "#!/bin/sh\n");
    await fleet.push("shop", onDisk, { name: "v1" });
    expect(await remote.fsck()).toBe("");
  });

  test("a push behind the remote is refused with the number of commits, and nothing changes", async () => {
    const { remote, repository, fleet } = await world(database);
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
    const { remote, repository, fleet } = await world(database);
    await fleet.push("shop", repository);
    await remote.commit({ "other/file.txt": "not ours" });
    await fleet.edit("shop", { "pages/mine.yml": "slug: mine\n" });
    await fleet.push("shop", repository);
    expect(await remote.read("main", "other/file.txt")).toBe("not ours");
    expect(await remote.read("main", `${DIRECTORY}/pages/mine.yml`)).toBe("slug: mine\n");
  });

  test("a push arrives although others push to the branch again and again meanwhile", async () => {
    const { remote, repository, fleet } = await world(database);
    await fleet.push("shop", repository);
    await fleet.edit("shop", { "pages/mine.yml": "slug: mine\n" });
    await remote.hook(
      "pre-receive",
      `#!/bin/sh
[ "$(git rev-list --count main)" -lt 8 ] || exit 0
unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
export GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@shop.example GIT_COMMITTER_NAME=Ann GIT_COMMITTER_EMAIL=ann@shop.example
git update-ref refs/heads/main "$(git commit-tree -p main -m 'Another push' 'main^{tree}')"
`,
    );
    await fleet.push("shop", repository, { name: "v2" });
    expect(await remote.git("log", "--format=%s", "main")).toMatch(/^shop: version v2\n(Another push\n){7}/);
    expect(await remote.read("main", `${DIRECTORY}/pages/mine.yml`)).toBe("slug: mine\n");
  });

  test("a renamed workspace moves its directory with the next push", async () => {
    const { fleet, remote, repository } = await world(database);
    await fleet.push("shop", repository);
    await fleet.store.workspaces.write([
      { workspaceId: "shop", guard: {}, userId: "ada", settings: { slug: "store" }, events: [] },
    ]);
    await fleet.push("shop", repository);
    expect(await remote.read("main", "workspaces/store/index.yml")).toBe(INDEX);
    expect(await remote.git("ls-tree", "--name-only", "main", "workspaces/")).toBe("workspaces/store");
  });
});
