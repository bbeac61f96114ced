import { expect, test } from "vitest";
import type { Oid } from "@/lib/domain/workspace";
import { describeOnDatabases } from "@/lib/testing/database";
import { failure } from "@/lib/testing/fleet";
import { conflicting, DIRECTORY, HOME, serveGit, world } from "@/lib/testing/worlds/shop-remote";

serveGit();

await describeOnDatabases("Conflicts between a workspace and its repository", (database) => {
  test("overlapping edits lock the workspace, name the file, and change nothing", async () => {
    const { error, fleet, remote, repository } = await conflicting(database);
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
    const { fleet, repository } = await conflicting(database);
    const error = await failure(fleet.pull("shop", { ...repository, id: "elsewhere" }));
    expect(error).toMatchObject({ code: "WorkspaceLocked", details: { repositoryId: "fleet" } });
  });

  test("a resolution made with a git client on the intermediate branch is imported by the next pull", async () => {
    const { fleet, remote, repository } = await conflicting(database);
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

  test("a resolution that keeps what is here changes no file, and the next push publishes it", async () => {
    const { fleet, remote, repository } = await conflicting(database);
    const { git } = await import("@/lib/testing/git/git-server");
    const clone = await remote.clone();
    await git(clone, "checkout", "-q", "prismeai/shop/main");
    await git(clone, "merge", "-q", "-X", "ours", "-m", "Keep ours", "origin/main");
    await git(clone, "push", "-q");

    expect((await fleet.pull("shop", repository)).imported).toEqual([]);
    await fleet.push("shop", repository, { name: "v2" });
    expect(await remote.read("main", `${DIRECTORY}/pages/home.yml`)).toContain("Ours");
    expect(await remote.fsck()).toBe("");
  });

  test("where the meeting point is not stored any more a push asks for a pull, which finds a new one", async () => {
    const { remote, repository, fleet } = await world(database);
    await fleet.push("shop", repository, { name: "v1" });
    const { workspaces } = fleet.store;
    const state = (await workspaces.states("fleet", ["shop"])).get("shop");
    if (!state) throw new Error("A push leaves a meeting point.");
    const lost = { ...state, workspaceTree: "1".repeat(40) as Oid };
    await workspaces.write([{ workspaceId: "shop", guard: {}, userId: "ada", events: [], state: lost }]);
    await fleet.edit("shop", { "pages/ours.yml": "slug: ours\n" });

    expect((await failure(fleet.push("shop", repository, { name: "v2" }))).code).toBe("RemoteAhead");
    await fleet.pull("shop", repository);
    await fleet.push("shop", repository, { name: "v2" });
    expect(await remote.read("main", `${DIRECTORY}/pages/ours.yml`)).toContain("ours");
    expect(await remote.fsck()).toBe("");
  });

  test("a conflict can be dismissed: clear the lock and pull with local changes discarded", async () => {
    const { fleet, remote, repository } = await conflicting(database);
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
    const { fleet, remote, repository } = await conflicting(database);
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
});
