import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { failure, Fleet } from "@/lib/testing/fleet";
import { anAnswer, between } from "@/lib/testing/git/between";
import { emptyFleet, GROUPS, remoteOf, serveGit, server, sourceFleet } from "@/lib/testing/worlds/bulk";

serveGit();

const ALL = ["base", "extended"];

/** The address of the git server whose `at`th push fails, or arrives and loses its reply. */
function failingAt(at: number, how: "fails" | "loses its reply"): Promise<string> {
  let pushes = 0;
  return between(server.url, async ({ isPush, forward }) => {
    if (!isPush || ++pushes !== at) return forward();
    if (how === "fails") return anAnswer(500);
    await forward();
    return "drop";
  });
}

await describeOnDatabases("The tag of a bulk push", (database) => {
  test("that could not be made is told, and the same name or a retry makes it on the commit it belongs to", async () => {
    for (const again of ["name", "retry"]) {
      const { remote, repository } = await remoteOf();
      const fleet =
        again === "name" ? await sourceFleet(database) : new Fleet(await database.open(), { groups: GROUPS });
      const url = `${await failingAt(2, "fails")}/${remote.name}.git`;
      const first = await fleet.bulkPush({ ...repository, id: again, url }, ALL, { name: "v1" });
      expect(first).toMatchObject({ errors: [{ details: { version: "v1" } }] });
      expect(first.pushedWorkspaceIds).toHaveLength(3);
      expect(await remote.git("tag")).toBe("");
      const commit = await remote.git("rev-parse", "main");
      await remote.commit({ "workspaces/desk/pages/new.yml": "slug: new\n" });

      const trailer = /Operation-Id: (\S+)/.exec(await remote.git("log", "-1", "--format=%B", commit));
      const retryOf = again === "retry" ? [trailer?.[1] ?? ""] : [];
      const second = await fleet.bulkPush({ ...repository, id: again }, ALL, { name: "v1", retryOf });
      expect(second).toMatchObject({ errors: [], pushedWorkspaceIds: [] });
      expect(await remote.git("rev-parse", "v1")).toBe(commit);
      const third = await fleet.bulkPush({ ...repository, id: again }, ALL, { name: "v1" });
      expect(third.errors).toEqual([]);
    }
  });

  test("whose reply was lost is there, and the push has succeeded", async () => {
    const { remote, repository } = await remoteOf();
    const fleet = await sourceFleet(database);
    const url = `${await failingAt(2, "loses its reply")}/${remote.name}.git`;
    const summary = await fleet.bulkPush({ ...repository, url }, ALL, { name: "v1" });
    expect(summary.errors).toEqual([]);
    expect(await remote.git("rev-parse", "v1")).toBe(await remote.git("rev-parse", "main"));
  });

  test("is never missing where a push without a name answers with success", async () => {
    const { remote, repository } = await remoteOf();
    const fleet = await sourceFleet(database);
    const url = `${await failingAt(2, "fails")}/${remote.name}.git`;
    const first = await fleet.bulkPush({ ...repository, url }, ALL);
    expect(first.errors).toHaveLength(1);
    const { fleet: other, close } = await emptyFleet(database);
    try {
      const versions = new Set<string>();
      for (let count = 0; count < 3; count++) {
        const { errors, version = "" } = await fleet.bulkPush(repository, ALL);
        expect(errors).toEqual([]);
        await remote.git("rev-parse", `refs/tags/${version}`);
        versions.add(version);
        if (count === 0) await other.bulkImport(repository);
        await other.pull("mail", repository, { versionId: version });
      }
      // What is tagged already is not tagged again.
      expect(versions.size).toBe(1);
    } finally {
      await close();
    }
  });

  test("has a name of its own where two pushes without one begin within a second", async () => {
    const { remote, repository } = await remoteOf();
    const fleet = await sourceFleet(database);
    const versions = new Set<string>();
    for (let count = 0; count < 3; count++) {
      await fleet.edit("mail", { "pages/new.yml": `slug: new\ntitle: ${String(count)}\n` });
      const { errors, version = "" } = await fleet.bulkPush(repository, ALL);
      expect(errors).toEqual([]);
      expect(await remote.git("rev-parse", `refs/tags/${version}`)).toBe(
        await remote.git("rev-parse", "main"),
      );
      versions.add(version);
    }
    expect(versions.size).toBe(3);
  });

  test("sits on the last commit that the remote took, not on one that it refused", async () => {
    const { remote, repository } = await remoteOf();
    await remote.hook("update", '#!/bin/sh\ncase "$1" in *prismeai/zz-log/*) exit 1;; esac\n');
    const fleet = await sourceFleet(database);
    const { pushedWorkspaceIds } = await fleet.bulkPush(repository, ALL, { name: "v1" });
    expect(pushedWorkspaceIds.sort()).toEqual(["desk", "mail"]);
    expect(await remote.git("rev-parse", "v1")).toBe(await remote.git("rev-parse", "main"));
  });

  test("is refused a name that a branch or another version has, before anything is written", async () => {
    const { remote, repository } = await remoteOf();
    const fleet = await sourceFleet(database);
    await remote.commit({ "README.md": "ours\n" });
    await remote.git("branch", "release", "main");
    await remote.git("tag", "taken", "main");
    const refs = await remote.git("show-ref");
    for (const name of ["release", "main", "MAIN", "taken"]) {
      const error = await failure(fleet.bulkPush(repository, ALL, { name }));
      expect([name, error.code]).toEqual([name, "VersionAlreadyExists"]);
    }
    expect(await remote.git("show-ref")).toBe(refs);
    expect(await fleet.events("workspaces.bulkPush.started")).toEqual([]);
  });
});

await describeOnDatabases("A bulk push of which refs are refused or replies lost", (database) => {
  test("counts as pushed what the target has, and names the branches that were refused", async () => {
    const { remote, repository } = await remoteOf();
    await remote.git("config", "transfer.hideRefs", "refs/heads/prismeai");
    const fleet = await sourceFleet(database);
    for (const name of ["v1", "v2"]) {
      for (const id of ["desk", "mail"])
        await fleet.edit(id, { "pages/new.yml": `slug: new\ntitle: ${name}\n` });
      const summary = await fleet.bulkPush(repository, ALL, { name });
      expect(summary.pushedWorkspaceIds).toHaveLength(name === "v1" ? 3 : 2);
      expect(summary.errors.map(({ details }) => details?.ref)).toContain("refs/heads/prismeai/mail/main");
      expect(await remote.git("rev-parse", name)).toBe(await remote.git("rev-parse", "main"));
    }
  });

  test("fails only the workspace at fault, also without atomic pushes", async () => {
    const { remote, repository } = await remoteOf();
    await remote.git("config", "receive.advertiseAtomic", "false");
    await remote.hook("update", '#!/bin/sh\ncase "$1" in *prismeai/mail/*) exit 1;; esac\n');
    const fleet = await sourceFleet(database);
    const summary = await fleet.bulkPush(repository, ALL, { name: "v1" });
    expect(summary.pushedWorkspaceIds.sort()).toEqual(["desk", "zz-log"]);
    expect(summary.errors).toMatchObject([{ error: "RemoteRejected", details: { workspaceSlug: "mail" } }]);
    expect(await remote.fsck()).toBe("");
  });

  test("takes the second push after a protected target, without atomic pushes", async () => {
    const { remote, repository } = await remoteOf();
    await remote.git("config", "receive.advertiseAtomic", "false");
    await remote.git("config", "receive.denyNonFastForwards", "true");
    await remote.hook("update", '#!/bin/sh\n[ "$1" != refs/heads/main ]\n');
    const fleet = await sourceFleet(database);
    const first = await fleet.bulkPush(repository, ALL, { name: "v1" });
    expect(first.pushedWorkspaceIds).toEqual([]);
    expect(first.errors.map(({ error }) => error)).toEqual(Array(3).fill("RemoteRejected"));
    await remote.hook("update", "#!/bin/sh\n");
    const second = await fleet.bulkPush(repository, ALL, { name: "v1" });
    expect(second).toMatchObject({ errors: [] });
    expect(second.pushedWorkspaceIds).toHaveLength(3);
  });

  test("that arrives late is recorded by the next one, by an import, and needs no pull", async () => {
    for (const next of ["push", "import"]) {
      const { remote, repository } = await remoteOf({ id: next });
      const fleet =
        next === "push" ? await sourceFleet(database) : new Fleet(await database.open(), { groups: GROUPS });
      let late: (() => Promise<unknown>) | undefined;
      const url = await between(server.url, ({ isPush, forward }) => {
        if (!isPush) return forward();
        late = forward;
        return Promise.resolve(anAnswer(500));
      });
      const broken = { ...repository, url: `${url}/${remote.name}.git` };
      const first = await fleet.bulkPush(broken, ALL, { name: "v1", force: true });
      expect(first.pushedWorkspaceIds).toEqual([]);
      await late?.();
      await remote.commit({ "README.md": "another instance's push\n" });
      await fleet.edit("mail", { "pages/edited.yml": `slug: edited\ntitle: ${next}\n` });
      if (next === "import") {
        await fleet.bulkImport(repository, { groups: ["extended"] });
        const states = await fleet.store.workspaces.states(next, ["desk", "zz-log"]);
        expect([...states.values()].map(({ version }) => version)).toEqual(["v1", "v1"]);
      }
      const second = await fleet.bulkPush(repository, ALL, { name: "v2" });
      expect(second).toMatchObject({ errors: [], pushedWorkspaceIds: ["mail"] });
      expect(second.alreadyPushedWorkspaceIds.sort()).toEqual(["desk", "zz-log"]);
      expect(await fleet.store.workspaces.version("desk", next, "v1")).not.toBeNull();
    }
  });

  test("splits for a limit of the server in front until the workspace at fault stands alone", async () => {
    const { remote, repository } = await remoteOf();
    const fleet = await sourceFleet(database);
    let seed = 7;
    const noise = Array.from({ length: 60_000 }, () =>
      (seed = (seed * 1103515245 + 12345) % 2 ** 31).toString(36),
    );
    await fleet.edit("mail", { "notes.md": `${noise.join("\n")}\n` });
    for (const how of ["says so", "closes"]) {
      const url = await between(server.url, ({ isPush, body, forward }) => {
        if (!isPush || body.length < 200_000) return forward();
        return Promise.resolve(how === "says so" ? anAnswer(413) : "drop");
      });
      const limited = { ...repository, url: `${url}/${remote.name}.git` };
      const force = how === "closes";
      const summary = await fleet.bulkPush(limited, ALL, { name: `v-${String(force)}`, force });
      expect(summary.pushedWorkspaceIds.sort()).toEqual(["desk", "zz-log"]);
      expect(summary.errors).toMatchObject([{ details: { workspaceSlug: "mail" } }]);
      if (!force)
        expect(summary.errors[0]?.message).toMatch(/413.*client_max_body_size.*The push had \d+ KiB/);
    }
    const { code, message } = await failure(
      fleet.push("mail", {
        ...repository,
        url: `${await between(server.url, ({ isPush, forward }) => (isPush ? Promise.resolve(anAnswer(413)) : forward()))}/${remote.name}.git`,
      }),
    );
    expect([code, message]).toEqual(["RemoteRejected", expect.stringContaining("client_max_body_size")]);
  });
});
