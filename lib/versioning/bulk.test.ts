import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { Group } from "@/lib/domain/bulk";
import { describeOnDatabases } from "@/lib/testing/database";
import { failure, Fleet } from "@/lib/testing/fleet";
import { gitServer, type GitServer } from "@/lib/testing/git/git-server";
import { aRepository } from "@/lib/testing/git/git-server-repository";

const GROUPS: Group[] = [
  { name: "base", labels: ["app:base"] },
  { name: "extended", labels: ["app:extended", "product"] },
];

function texts(slug: string, label: string, uses: string[] = []): Record<string, string> {
  return {
    "index.yml": `# ${slug}\nname: ${slug}\nslug: ${slug}\nlabels: [${label}]\n`,
    "security.yml": "authorizations: {}\n",
    "pages/home.yml": `slug: home\ntitle: '${slug}'\n`,
    "README.md": `# ${slug}\n`,
    ...Object.fromEntries(uses.map((app) => [`imports/${app}.yml`, `appSlug: ${app}\nslug: ${app}\n`])),
  };
}

let server: GitServer;
let count = 0;
beforeAll(async () => {
  server = await gitServer({ password: "s3cret" });
});
afterAll(() => server.close());

await describeOnDatabases("Bulk push and bulk import", (database) => {
  async function remoteOf(differences: Parameters<typeof aRepository>[0] = {}) {
    const remote = await server.repository(`fleet-${String(++count)}`);
    return { remote, repository: aRepository({ url: remote.url, password: "s3cret", ...differences }) };
  }

  /** `desk` uses `mail`, which uses `log`: apps in three levels, named against the alphabet. */
  async function sourceFleet() {
    const fleet = await Fleet.open(await database.open(), { groups: GROUPS });
    await fleet.create("zz-log", texts("zz-log", "app:base"), ["app:base"]);
    await fleet.create("mail", texts("mail", "app:base", ["log"]), ["app:base"]);
    await fleet.create("desk", texts("desk", "product", ["mail", "absent"]), ["product"]);
    await fleet.create("other", texts("other", "elsewhere"), ["elsewhere"]);
    for (const [id, slug] of [
      ["zz-log", "log"],
      ["mail", "mail"],
    ] as const) {
      await fleet.store.workspaces.write([
        { workspaceId: id, guard: {}, userId: "ada", app: { slug, name: `App ${slug}` }, events: [] },
      ]);
    }
    return fleet;
  }

  async function emptyFleet() {
    const other = await import("@/lib/testing/database").then(({ database: make }) =>
      make(database.provider),
    );
    return { fleet: await Fleet.open(await other.open(), { groups: GROUPS }), close: () => other.close() };
  }

  test("a bulk push commits each workspace once, in one conversation, with one tag on the last commit", async () => {
    const { remote, repository } = await remoteOf();
    const fleet = await sourceFleet();
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
    const fleet = await sourceFleet();
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
    const fleet = await sourceFleet();
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
    const fleet = await sourceFleet();
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
    const fleet = await sourceFleet();
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
    const fleet = await sourceFleet();
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

  test("an import brings every file byte for byte, after its dependencies, publishes apps, and skips the next time", async () => {
    const { repository } = await remoteOf();
    const source = await sourceFleet();
    await source.bulkPush(repository, ["base", "extended"], { name: "v1" });
    const { fleet, close } = await emptyFleet();
    try {
      const summary = await fleet.bulkImport(repository);
      expect(summary.errors).toEqual([]);
      expect(summary.workspaces.map(({ slug }) => slug)).toEqual(["zz-log", "mail", "desk"]);
      expect(summary.createdWorkspaceIds.sort()).toEqual(["desk", "mail", "zz-log"]);
      expect(summary.warnings).toEqual([
        { slug: "desk", message: expect.stringContaining("app/absent") as string },
      ]);
      for (const slug of ["zz-log", "mail", "desk"]) {
        expect(await fleet.texts(slug)).toEqual(await source.texts(slug));
        expect((await fleet.workspace(slug)).tree).toBe((await source.workspace(slug)).tree);
        expect(await fleet.workspace(slug)).toMatchObject({ dirty: false, lastPull: { version: "v1" } });
      }
      expect(await fleet.store.workspaces.app("log")).toMatchObject({
        workspaceId: "zz-log",
        name: "App log",
      });

      const again = await fleet.bulkImport(repository);
      expect(again.skippedWorkspaceIds.sort()).toEqual(["desk", "mail", "zz-log"]);
      expect(again.importedFilesCount).toBe(0);
      const forced = await fleet.bulkImport(repository, { forceReimport: true });
      expect(forced.updatedWorkspaceIds.sort()).toEqual(["desk", "mail", "zz-log"]);
      // What was just imported is what the repository holds, so nothing is a candidate there.
      const back = await fleet.bulkPush(repository, ["base", "extended"], { dryRun: true });
      expect(back.workspaces.map(({ status }) => status)).toEqual([
        "alreadyPushed",
        "alreadyPushed",
        "alreadyPushed",
      ]);
    } finally {
      await close();
    }
  });

  test("groups filter an import, local changes are kept in a snapshot, and prune alone removes", async () => {
    const { remote, repository } = await remoteOf();
    const source = await sourceFleet();
    await source.bulkPush(repository, ["base", "extended"], { name: "v1" });
    const { fleet, close } = await emptyFleet();
    try {
      const first = await fleet.bulkImport(repository, { groups: ["base"] });
      expect(first.createdWorkspaceIds.sort()).toEqual(["mail", "zz-log"]);
      await fleet.edit("mail", { "pages/home.yml": "slug: home\ntitle: mine\n" });
      await source.edit("mail", { "pages/home.yml": "slug: home\ntitle: theirs\n" });
      await source.bulkPush(repository, ["base"], { name: "v2" });
      const second = await fleet.bulkImport(repository, { groups: ["base"] });
      expect(second.updatedWorkspaceIds).toEqual(["mail"]);
      expect((await fleet.texts("mail")).get("pages/home.yml")).toContain("theirs");
      const versions = await fleet.store.workspaces.versions("mail", { page: 0, limit: 10 });
      const snapshot = versions.find(({ kind }) => kind === "snapshot");
      await fleet.rollback("mail", null, snapshot?.name ?? "");
      expect((await fleet.texts("mail")).get("pages/home.yml")).toContain("mine");

      const clone = await remote.clone();
      const { git } = await import("@/lib/testing/git/git-server");
      await git(clone, "rm", "-rq", "workspaces/zz-log");
      await git(clone, "commit", "-qm", "Retire the log");
      await git(clone, "push", "-q");
      await fleet.bulkImport(repository, { groups: ["base"] });
      expect(await fleet.store.workspaces.get("zz-log")).not.toBeNull();
      const pruned = await fleet.bulkImport(repository, { groups: ["base"], prune: true });
      expect(pruned.deletedWorkspaceIds).toEqual(["zz-log"]);
      expect(await fleet.store.workspaces.get("zz-log")).toBeNull();
      expect(await fleet.store.workspaces.get("mail")).not.toBeNull();
    } finally {
      await close();
    }
  });

  test("a directory of files is a repository too; a cycle is named and what cannot be read fails alone", async () => {
    const folder = await mkdtemp(join(tmpdir(), "switchyard-release-"));
    try {
      const release: Record<string, Record<string, string>> = {
        a: { "index.yml": "name: A\nslug: a\n", ".import.yml": "dependsOn: [app/b]\napp: {slug: a}\n" },
        b: { "index.yml": "name: B\nslug: b\n", ".import.yml": "dependsOn: [app/a]\napp: {slug: b}\n" },
        c: { "index.yml": "name: C\nslug: c\n", "pages/x.yml": "a: 1\na: 2\n" },
        z: { "index.yml": "name: Z\nslug: z\n" },
        empty: { "notes.md": "nothing here" },
        ".hidden": { "index.yml": "name: Hidden\n" },
      };
      for (const [slug, files] of Object.entries(release)) {
        for (const [path, text] of Object.entries(files)) {
          await mkdir(dirname(join(folder, slug, path)), { recursive: true });
          await writeFile(join(folder, slug, path), text);
        }
      }
      const repository = aRepository({
        id: "release",
        type: "filesystem",
        mode: "read-only",
        dirpath: folder,
      });
      const fleet = await Fleet.open(await database.open(), { groups: GROUPS });
      const summary = await fleet.bulkImport(repository);
      expect(summary.workspaces.map(({ slug, status }) => [slug, status])).toEqual([
        ["c", "error"],
        ["z", "imported"],
        ["a", "imported"],
        ["b", "imported"],
      ]);
      expect(summary.cycles).toEqual([["a", "b"]]);
      expect(summary.warnings.map(({ slug }) => slug)).toEqual(["empty"]);
      expect(summary.errors).toMatchObject([
        { error: "UnreadableContent", details: { path: "pages/x.yml", line: 2, workspaceSlug: "c" } },
      ]);
      expect(await fleet.store.workspaces.getBySlug("c")).toBeNull();
      expect((await failure(fleet.bulkPush(repository, ["base"]))).code).toBe("RepositoryModeMismatch");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("a slug in use elsewhere is reported and the rest of the workspace is imported", async () => {
    const { remote, repository } = await remoteOf();
    const fleet = await sourceFleet();
    await fleet.bulkPush(repository, ["base"], { name: "v1" });
    await remote.commit({
      "workspaces/mail/index.yml": "name: Renamed\nslug: desk\nlabels: [app:base]\n",
      "workspaces/mail/.import.yml": "version: {name: v2}\ngroups: [base]\n",
    });
    const summary = await fleet.bulkImport(repository, { groups: ["base"] });
    expect(summary.errors).toEqual([
      {
        error: "SlugAlreadyInUse",
        message:
          "Could not rename workspace slug from mail to desk as it is already used by workspaceId desk",
        details: { conflictingWorkspaceId: "desk", workspaceId: "mail", workspaceSlug: "mail" },
      },
    ]);
    expect(await fleet.workspace("mail")).toMatchObject({ slug: "mail", name: "Renamed" });
  });

  test("a remote that is down, refuses the password or lacks the repository is told in the summary", async () => {
    const { remote, repository } = await remoteOf();
    const fleet = await sourceFleet();
    const wrong = aRepository({ url: remote.url, password: "guess" });
    const absent = aRepository({ url: `${server.url}/absent.git`, password: "s3cret" });
    for (const [target, code] of [
      [wrong, "RemoteAuthFailed"],
      [absent, "RemoteNotFound"],
    ] as const) {
      const summary = await fleet.bulkPush(target, ["base"]);
      expect(summary.errors).toMatchObject([{ error: code }]);
      expect(summary.pushedWorkspaceIds).toEqual([]);
      expect((await failure(fleet.bulkImport(target))).code).toBe(code);
    }
    server.mood = "down";
    try {
      const summary = await fleet.bulkPush(repository, ["base"]);
      expect(summary.errors).toMatchObject([{ error: "RemoteUnreachable" }]);
    } finally {
      server.mood = "up";
    }
    expect(await fleet.lock("mail")).toBeUndefined();
    expect((await fleet.bulkPush(repository, ["base"])).pushedWorkspaceIds.sort()).toEqual([
      "mail",
      "zz-log",
    ]);
  });
});
