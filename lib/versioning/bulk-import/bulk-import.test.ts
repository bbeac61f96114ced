import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { failure, Fleet } from "@/lib/testing/fleet";
import { aRepository } from "@/lib/testing/git/git-server-repository";
import { emptyFleet, GROUPS, remoteOf, serveGit, server, sourceFleet } from "@/lib/testing/worlds/bulk";

serveGit();

await describeOnDatabases("Bulk import", (database) => {
  test("an import brings every file byte for byte, after its dependencies, publishes apps, and skips the next time", async () => {
    const { repository } = await remoteOf();
    const source = await sourceFleet(database);
    await source.bulkPush(repository, ["base", "extended"], { name: "v1" });
    const { fleet, close } = await emptyFleet(database);
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
    const source = await sourceFleet(database);
    await source.bulkPush(repository, ["base", "extended"], { name: "v1" });
    const { fleet, close } = await emptyFleet(database);
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
    const fleet = await sourceFleet(database);
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
    const fleet = await sourceFleet(database);
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
