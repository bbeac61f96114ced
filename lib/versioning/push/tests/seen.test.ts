import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { failure, Fleet } from "@/lib/testing/fleet";
import { anAnswer, between, sayingOk } from "@/lib/testing/git/between";
import { DIRECTORY, HOME, serveGit, server, world } from "@/lib/testing/worlds/shop-remote";

serveGit();

const NO_MAIN = '#!/bin/sh\n[ "$1" != refs/heads/main ] || { echo closed; exit 1; }\n';
const NO_HOOK = "#!/bin/sh\n";

await describeOnDatabases("What a push did is what the remote's refs say", (database) => {
  const edited = { "pages/home.yml": HOME.replace("Welcome", "Hello") };

  test("a target branch that was refused at first takes the second push, on a server without atomic pushes", async () => {
    const { remote, repository, fleet } = await world(database);
    await remote.git("config", "receive.advertiseAtomic", "false");
    await remote.git("config", "receive.denyNonFastForwards", "true");
    for (const version of ["v1", "v2"]) {
      await fleet.edit("shop", { "pages/new.yml": `slug: new\ntitle: ${version}\n` });
      await remote.hook("update", NO_MAIN);
      expect((await failure(fleet.push("shop", repository, { name: version }))).code).toBe("RemoteRejected");
      expect(await remote.git("branch", "--list", "--format=%(refname:short)")).toContain(
        "prismeai/shop/main",
      );
      await remote.hook("update", NO_HOOK);
      await fleet.push("shop", repository, { name: version });
      expect(await remote.read("main", `${DIRECTORY}/pages/new.yml`)).toContain(version);
      expect((await fleet.workspace("shop")).dirty).toBe(false);
    }
    expect(await remote.fsck()).toBe("");
  });

  test("what moved is recorded as moved, and a hidden branch that was refused is named", async () => {
    const { remote, repository, fleet } = await world(database);
    await remote.git("config", "transfer.hideRefs", "refs/heads/prismeai");
    for (const version of ["v1", "v2"]) {
      await fleet.edit("shop", { "pages/new.yml": `slug: new\ntitle: ${version}\n` });
      const { missing } = await fleet.push("shop", repository, { name: version });
      expect(missing?.message).toContain("refs/heads/prismeai/shop/main: deny updating a hidden ref");
      expect(await remote.git("rev-parse", "main")).toBe(await remote.git("rev-parse", `shop@${version}`));
      expect(await fleet.workspace("shop")).toMatchObject({ dirty: false, lastPush: { version } });
    }
    // Pulls then merge here, and say how a conflict is settled without the branch.
    await remote.commit({ [`${DIRECTORY}/pages/theirs.yml`]: "slug: theirs\n" });
    await fleet.edit("shop", edited);
    await fleet.pull("shop", repository);
    await fleet.push("shop", repository, { name: "v3" });
    expect(await remote.read("shop@v3", `${DIRECTORY}/pages/theirs.yml`)).toBe("slug: theirs\n");
    expect(await remote.read("shop@v3", `${DIRECTORY}/pages/home.yml`)).toBe(edited["pages/home.yml"]);
    await remote.commit({ [`${DIRECTORY}/pages/home.yml`]: HOME.replace("Welcome", "Theirs") });
    await fleet.edit("shop", { "pages/home.yml": HOME.replace("Welcome", "Ours") });
    const conflict = await failure(fleet.pull("shop", repository));
    expect([conflict.code, conflict.message]).toEqual([
      "MergeConflict",
      expect.stringContaining("resolve them here"),
    ]);
    await fleet.pull("shop", repository, { discard: true });
    expect((await fleet.texts("shop")).get("pages/home.yml")).toContain("Theirs");
  });

  test("a tag that is refused alone fails the push, and the next under that name makes it", async () => {
    const { remote, repository, fleet } = await world(database);
    await remote.git("config", "transfer.hideRefs", "refs/tags");
    const error = await failure(fleet.push("shop", repository, { name: "v1" }));
    expect(error).toMatchObject({ code: "RemoteRejected", details: { version: "v1" } });
    expect(error.message).toContain("deny updating a hidden ref");
    expect((await fleet.workspace("shop")).dirty).toBe(false);
    expect(await fleet.store.workspaces.version("shop", "fleet", "v1")).toBeNull();
    await remote.git("config", "--unset", "transfer.hideRefs");
    const again = await fleet.push("shop", repository, { name: "v1" });
    expect(again).toMatchObject({ unchanged: true, missing: null });
    expect(await remote.git("rev-parse", "shop@v1")).toBe(await remote.git("rev-parse", "main"));
    expect(await fleet.store.workspaces.version("shop", "fleet", "v1")).not.toBeNull();
  });

  test.each([
    [1, "fails"],
    [2, "fails"],
    [3, "fails"],
    [1, "loses its reply"],
    [2, "loses its reply"],
    [3, "loses its reply"],
  ])("request %i of a push without atomic %s: the next push under the name finishes it", async (at, how) => {
    const { remote, repository, fleet } = await world(database);
    await remote.git("config", "receive.advertiseAtomic", "false");
    let pushes = 0;
    const url = await between(server.url, async ({ isPush, forward }) => {
      if (!isPush || ++pushes !== at) return forward();
      if (how === "fails") return anAnswer(500);
      await forward();
      return "drop";
    });
    const broken = { ...repository, url: `${url}/${remote.name}.git` };
    const first = fleet.push("shop", broken, { name: "v1" });
    // All is there after the last request, whatever became of its reply.
    if (at === 3 && how !== "fails") await first;
    else {
      await failure(first);
      await fleet.push("shop", repository, { name: "v1" });
    }
    expect(await remote.read("shop@v1", `${DIRECTORY}/pages/home.yml`)).toBe(HOME);
    expect(await fleet.workspace("shop")).toMatchObject({ dirty: false, lastPush: { version: "v1" } });
    await remote.git("merge-base", "--is-ancestor", "prismeai/shop/main", "main");
    await remote.git("merge-base", "--is-ancestor", "shop@v1", "main");
  });

  test("a server that says ok of what it did not move is not believed", async () => {
    const { remote, repository, fleet } = await world(database);
    await fleet.push("shop", repository, { name: "v1" });
    const url = await sayingOk(server.url);
    const odd = { ...repository, url: `${url}/${remote.name}.git` };
    await remote.hook("update", NO_MAIN);
    await fleet.edit("shop", edited);
    expect((await failure(fleet.push("shop", odd, { name: "v2" }))).code).toBe("RemoteRejected");
    expect((await fleet.workspace("shop")).dirty).toBe(true);
    expect(await remote.git("tag", "--list", "shop@v2")).toBe("");
    // The branch moves between our look and our push, once.
    await remote.hook(
      "pre-receive",
      `#!/bin/sh
[ "$(git rev-list --count main)" -lt 2 ] || exit 0
unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
export GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@shop.example GIT_COMMITTER_NAME=Ann GIT_COMMITTER_EMAIL=ann@shop.example
git update-ref refs/heads/main "$(git commit-tree -p main -m 'Another push' 'main^{tree}')"
`,
    );
    await remote.hook("update", NO_HOOK);
    await fleet.push("shop", odd, { name: "v2" });
    expect(await remote.read("main", `${DIRECTORY}/pages/home.yml`)).toContain("Hello");
    expect(await remote.read("shop@v2", `${DIRECTORY}/pages/home.yml`)).toContain("Hello");
    expect(await remote.git("log", "--format=%s", "main")).toContain("Another push");
    expect((await fleet.workspace("shop")).dirty).toBe(false);
  });

  test("a reply that is cut anywhere, lacks a line or says that the pack failed does not change what is there", async () => {
    const { remote, repository, fleet } = await world(database);
    type Spoil = (body: Buffer) => Buffer;
    const cuts = [0, 1, 5, 12, 30, 60, 90].map(
      (length): Spoil =>
        (body) =>
          body.subarray(0, length),
    );
    const without =
      (words: string, instead: string): Spoil =>
      (body) =>
        Buffer.from(body.toString("latin1").replace(words, instead), "latin1");
    const spoils = [
      ...cuts,
      // Lines of the same length, so that the packets stay as they are.
      without("ok refs/heads/main", "ok refs/heads/niam"),
      without("unpack ok", "unpack no"),
    ];
    let spoil: Spoil = (body) => body;
    const url = await between(server.url, async ({ isPush, forward }) => {
      const answer = await forward();
      return isPush ? { ...answer, body: spoil(answer.body) } : answer;
    });
    const odd = { ...repository, url: `${url}/${remote.name}.git` };
    for (const [index, one] of spoils.entries()) {
      const version = `v${String(index)}`;
      await fleet.edit("shop", { "pages/new.yml": `slug: new\ntitle: ${version}\n` });
      spoil = one;
      await fleet.push("shop", odd, { name: version });
      expect(await remote.git("rev-parse", `shop@${version}`)).toBe(await remote.git("rev-parse", "main"));
      expect(await fleet.workspace("shop")).toMatchObject({ dirty: false, lastPush: { version } });
    }
  });

  test("a push that arrives late is recorded by the next push, also with others' commits on top", async () => {
    const { remote, repository, fleet } = await world(database);
    let late: (() => Promise<unknown>) | undefined;
    const url = await between(server.url, ({ isPush, forward }) => {
      if (!isPush) return forward();
      late = forward;
      return Promise.resolve(anAnswer(500));
    });
    const broken = { ...repository, url: `${url}/${remote.name}.git` };
    for (const version of ["v1", "v2"]) {
      await fleet.edit("shop", { "pages/new.yml": `slug: new\ntitle: ${version}\n` });
      await failure(fleet.push("shop", broken, { name: version }));
      await late?.();
      await remote.commit({ "other/file.txt": version });
      await fleet.edit("shop", { "pages/more.yml": `slug: more\ntitle: ${version}\n` });
      await fleet.push("shop", repository, { name: `${version}.1` });
      expect(await remote.read("main", `${DIRECTORY}/pages/more.yml`)).toContain(version);
      expect(await fleet.store.workspaces.version("shop", "fleet", version)).not.toBeNull();
    }
    // Asked for once more, it is done.
    await fleet.edit("shop", edited);
    await failure(fleet.push("shop", broken, { name: "v3" }));
    await late?.();
    expect((await fleet.push("shop", repository, { name: "v3" })).version.name).toBe("v3");
    expect(await fleet.workspace("shop")).toMatchObject({ dirty: false, lastPush: { version: "v3" } });
    expect(await remote.fsck()).toBe("");
  });

  test("a pull records a push that arrived late, and merges what another instance put on top of it", async () => {
    const { remote, repository, fleet } = await world(database);
    let late: (() => Promise<unknown>) | undefined;
    const url = await between(server.url, ({ isPush, forward }) => {
      if (!isPush) return forward();
      late = forward;
      return Promise.resolve(anAnswer(500));
    });
    await failure(fleet.push("shop", { ...repository, url: `${url}/${remote.name}.git` }, { name: "v1" }));
    await late?.();
    await remote.commit({ [`${DIRECTORY}/pages/theirs.yml`]: "slug: theirs\n" });
    await fleet.edit("shop", edited);
    expect(await failure(fleet.push("shop", repository))).toMatchObject({ details: { behind: 1 } });
    await fleet.pull("shop", repository);
    const texts = await fleet.texts("shop");
    expect([texts.get("pages/theirs.yml"), texts.get("pages/home.yml")]).toEqual([
      "slug: theirs\n",
      edited["pages/home.yml"],
    ]);
    await fleet.push("shop", repository);
  });

  test("a cancelled push that the remote has is done", async () => {
    const { remote, repository, fleet } = await world(database);
    const stop = new AbortController();
    const url = await between(server.url, async ({ isPush, forward }) => {
      const answer = await forward();
      if (!isPush) return answer;
      stop.abort(new Error("cancelled"));
      return new Promise(() => undefined);
    });
    const broken = { ...repository, url: `${url}/${remote.name}.git` };
    const cancelled = new Fleet(fleet.store, { signal: stop.signal });
    await cancelled.push("shop", broken, { name: "v1" });
    expect(await fleet.workspace("shop")).toMatchObject({ dirty: false, lastPush: { version: "v1" } });
  });
});
