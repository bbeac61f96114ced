import { expect, test } from "vitest";
import { parse } from "yaml";
import { describeOnDatabases } from "@/lib/testing/database";
import { failure, Fleet } from "@/lib/testing/fleet";
import { GROUPS, remoteOf, serveGit, server, sourceFleet } from "@/lib/testing/worlds/bulk";

serveGit();

await describeOnDatabases("Bulk push", (database) => {
  test("a bulk push commits each workspace once, in one conversation, with one tag on the last commit", async () => {
    const { remote, repository } = await remoteOf();
    const fleet = await sourceFleet(database);
    server.resetCounts();
    const summary = await fleet.bulkPush(repository, ["base", "extended"], { name: "v1" });
    expect(server.requests.length).toBeLessThanOrEqual(5);
    expect(summary).toMatchObject({
      errors: [],
      mergeConflictWorkspaceIds: [],
      alreadyPushedWorkspaceIds: [],
    });
    expect(summary.pushedWorkspaceIds.sort()).toEqual(["desk", "mail", "zz-log"]);
    expect(await remote.git("rev-list", "--count", "main")).toBe("3");
    expect(await remote.git("rev-parse", "v1")).toBe(await remote.git("rev-parse", "main"));
    expect(await remote.git("tag")).toBe("v1");
    expect(await remote.fsck()).toBe("");
    for (const slug of ["desk", "mail", "zz-log"]) {
      await remote.git("merge-base", "--is-ancestor", `prismeai/${slug}/main`, "main");
      expect((await fleet.workspace(slug)).dirty).toBe(false);
      expect(await fleet.lock(slug)).toBeUndefined();
    }
    expect(parse(await remote.read("main", "workspaces/desk/.import.yml"))).toMatchObject({
      workspaceId: "desk",
      version: { type: "export", name: "v1" },
      groups: ["extended"],
      dependsOn: ["app/absent", "app/mail"],
      checksums: {
        automations: {},
        pages: { home: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string },
      },
    });
    expect(parse(await remote.read("main", "workspaces/mail/.import.yml"))).toMatchObject({
      app: { slug: "mail", name: "App mail" },
    });
  });

  test("the events tell what starts, each workspace that the remote has, and the end", async () => {
    const { repository } = await remoteOf();
    const fleet = await sourceFleet(database);
    const summary = await fleet.bulkPush(repository, ["base"], { name: "v1" });
    const [started] = await fleet.events("workspaces.bulkPush.started", "platform");
    expect(started?.payload).toMatchObject({
      repositoryId: "fleet",
      groups: ["base"],
      workspaces: [
        { slug: "mail", workspaceId: "mail", name: "mail", status: "candidate" },
        { slug: "zz-log", workspaceId: "zz-log", name: "zz-log", status: "candidate" },
      ],
    });
    const progress = await fleet.events("workspaces.bulkPush.progress", "platform");
    expect(progress.map(({ payload }) => payload)).toMatchObject([
      { workspaceSlug: "mail", status: "pushed", current: 1, total: 2, percentage: 50, errors: [] },
      { workspaceSlug: "zz-log", status: "pushed", current: 2, total: 2, percentage: 100, errors: [] },
    ]);
    const [completed] = await fleet.events("workspaces.bulkPush.completed", "platform");
    expect(completed?.payload).toEqual(JSON.parse(JSON.stringify(summary)));
    expect(await fleet.events("workspaces.versions.published", "mail")).toHaveLength(1);
  });

  test("what did not change is skipped, unless forced; a changed group alone makes a candidate", async () => {
    const { remote, repository } = await remoteOf();
    const fleet = await sourceFleet(database);
    await fleet.bulkPush(repository, ["base", "extended"], { name: "v1" });
    await fleet.edit("mail", { "pages/home.yml": "slug: home\ntitle: new\n" });
    const plan = await fleet.bulkPush(repository, ["base", "extended"], { name: "v2", dryRun: true });
    expect(plan).toMatchObject({
      dryRun: true,
      alreadyPushedWorkspaceIds: ["desk", "zz-log"],
      pushedWorkspaceIds: [],
    });
    const second = await fleet.bulkPush(repository, ["base", "extended"], { name: "v2" });
    expect(second.pushedWorkspaceIds).toEqual(["mail"]);

    const third = await fleet.bulkPush(repository, ["base"], { name: "v3", force: true });
    expect(third.pushedWorkspaceIds).toEqual(["mail", "zz-log"]);
    expect(await remote.read("main", "workspaces/zz-log/.import.yml")).toContain("name: v3");

    const regrouped = new Fleet(fleet.store, {
      groups: [...GROUPS, { name: "mailers", labels: ["app:base"] }],
    });
    const fourth = await regrouped.bulkPush(repository, ["mailers"], { name: "v4", dryRun: true });
    expect(fourth.workspaces.map(({ status }) => status)).toEqual(["candidate", "candidate"]);
  });

  test("one workspace behind the remote fails alone; a conflicted and a locked one are left out", async () => {
    const { remote, repository } = await remoteOf();
    const fleet = await sourceFleet(database);
    await fleet.bulkPush(repository, ["base", "extended"], { name: "v1" });
    for (const id of ["mail", "zz-log", "desk"]) await fleet.edit(id, { "pages/new.yml": "slug: new\n" });
    await remote.commit({ "workspaces/mail/pages/theirs.yml": "slug: theirs\n" });
    await fleet.store.locks.set("desk", { reason: "hands off", userId: "bob", events: [] });
    const summary = await fleet.bulkPush(repository, ["base", "extended"], { name: "v2" });
    expect(summary.pushedWorkspaceIds).toEqual(["zz-log"]);
    expect(summary.errors).toMatchObject([
      { error: "RemoteAhead", details: { behind: 1, workspaceId: "mail", workspaceSlug: "mail" } },
    ]);
    expect(summary.workspaces.find(({ slug }) => slug === "desk")).toMatchObject({
      status: "inProgress",
      reason: expect.stringContaining("hands off") as string,
    });
    expect(await remote.read("main", "workspaces/mail/pages/theirs.yml")).toBe("slug: theirs\n");
    expect((await fleet.workspace("mail")).dirty).toBe(true);
  });

  test("a ref that the remote refuses fails only its workspace", async () => {
    const { remote, repository } = await remoteOf();
    await remote.hook(
      "update",
      '#!/bin/sh\ncase "$1" in *prismeai/mail/*) echo "mail is frozen" >&2; exit 1;; esac\n',
    );
    const fleet = await sourceFleet(database);
    const summary = await fleet.bulkPush(repository, ["base", "extended"], { name: "v1" });
    expect(summary.pushedWorkspaceIds.sort()).toEqual(["desk", "zz-log"]);
    expect(summary.errors).toMatchObject([{ error: "RemoteRejected", details: { workspaceSlug: "mail" } }]);
    expect(await remote.git("ls-tree", "--name-only", "main", "workspaces/")).toBe(
      "workspaces/desk\nworkspaces/zz-log",
    );
    expect(await remote.fsck()).toBe("");
  });

  test("a retry carries the tag of the first try on and pushes only what that one did not", async () => {
    const { remote, repository } = await remoteOf();
    await remote.hook("update", '#!/bin/sh\ncase "$1" in *prismeai/mail/*) exit 1;; esac\n');
    const fleet = await sourceFleet(database);
    await fleet.bulkPush(repository, ["base", "extended"], { name: "v1" });
    await remote.hook("update", "#!/bin/sh\n");
    expect((await failure(fleet.bulkPush(repository, ["base"], { name: "v1", force: true }))).code).toBe(
      "VersionAlreadyExists",
    );
    const trailer = /Operation-Id: (\S+)/.exec(await remote.git("log", "-1", "--format=%B", "v1"));
    const again = await fleet.bulkPush(repository, ["base", "extended"], {
      name: "v1",
      force: true,
      retryOf: [trailer?.[1] ?? ""],
    });
    expect(again).toMatchObject({ errors: [], pushedWorkspaceIds: ["mail"] });
    expect(await remote.git("rev-parse", "v1")).toBe(await remote.git("rev-parse", "main"));
    expect(await remote.git("rev-list", "--count", "v1")).toBe("3");
  });
});
