import { afterAll, beforeAll, expect, test } from "vitest";
import type { AppError } from "@/lib/domain/error";
import type { Repository } from "@/lib/domain/repository";
import type { Way } from "@/lib/domain/wire/situation";
import { describeOnSqlite } from "@/lib/testing/database";
import { failure, type Fleet } from "@/lib/testing/fleet";
import { gitServer, type GitServer, type TestRepository } from "@/lib/testing/git/git-server";
import { conflicting, DIRECTORY, HOME, INDEX, serveGit, world } from "@/lib/testing/worlds/shop-remote";

serveGit();

interface World {
  fleet: Fleet;
  remote: TestRepository;
  repository: Repository;
}
type Outcome = "arrives" | "comes" | "clashes" | Way[];

const INTERMEDIATE = "refs/heads/prismeai/shop/main";
const THEIRS = HOME.replace("Welcome", "Theirs");

/** Each puts a workspace that was pushed as v1 into a state, and says what push, pull and discard answer there. */
const STATES: Record<
  string,
  {
    make: (world: World) => Promise<unknown>;
    push: Outcome;
    pull: Outcome;
    discard: Outcome;
    /** The way taken; default: the first that is offered. */
    way?: Way;
  }
> = {
  "nothing changed": { make: () => Promise.resolve(), push: "arrives", pull: "comes", discard: "comes" },
  "the target moved on": {
    make: ({ remote }) => remote.commit({ [`${DIRECTORY}/pages/home.yml`]: THEIRS }),
    push: ["pull", "discard", "startOver"],
    pull: "comes",
    discard: "comes",
  },
  "the target is gone, the intermediate branch is not": {
    make: ({ remote }) => remote.git("update-ref", "-d", "refs/heads/main"),
    push: "arrives",
    pull: ["push", "detach"],
    discard: ["push", "detach"],
  },
  "every branch is gone": {
    make: async ({ remote }) => {
      await remote.git("update-ref", "-d", "refs/heads/main");
      await remote.git("update-ref", "-d", INTERMEDIATE);
    },
    push: "arrives",
    pull: ["push", "detach"],
    discard: ["push", "detach"],
  },
  "the target is gone and somebody else's commits are on the intermediate branch": {
    make: async ({ remote }) => {
      await remote.git("update-ref", "-d", "refs/heads/main");
      await remote.commit({ [`${DIRECTORY}/pages/home.yml`]: THEIRS }, { branch: "prismeai/shop/main" });
    },
    push: ["startOver", "detach"],
    pull: ["startOver", "detach"],
    discard: ["startOver", "detach"],
  },
  "the folder was deleted in git": {
    make: deleteFolder,
    push: ["putBack", "detach"],
    pull: ["putBack", "detach"],
    discard: ["putBack", "detach"],
  },
  "index.yml was deleted in git": {
    make: ({ remote }) => remote.commit({ [`${DIRECTORY}/index.yml`]: null }),
    push: ["putBack", "detach"],
    pull: ["putBack", "detach"],
    discard: ["putBack", "detach"],
  },
  "the target was replaced by another history without the folder": {
    make: (world) => replaceHistory(world, { "README.md": "A new start\n" }),
    push: ["putBack", "detach"],
    pull: ["putBack", "detach"],
    discard: ["putBack", "detach"],
  },
  "the target was replaced by another history with other content": {
    make: (world) =>
      replaceHistory(world, {
        [`${DIRECTORY}/index.yml`]: INDEX,
        [`${DIRECTORY}/security.yml`]: "authorizations: {}\n",
        [`${DIRECTORY}/pages/home.yml`]: THEIRS,
      }),
    push: ["pull", "discard", "startOver", "detach"],
    pull: "clashes",
    discard: "comes",
    way: "discard",
  },
  "somebody put commits on the intermediate branch": {
    make: ({ remote }) =>
      remote.commit({ [`${DIRECTORY}/pages/extra.yml`]: "slug: extra\n" }, { branch: "prismeai/shop/main" }),
    push: ["pull", "discard", "startOver", "detach"],
    pull: "comes",
    discard: "comes",
  },
  "the declaration's branch is one that does not exist": {
    make: (world) => Promise.resolve(Object.assign(world.repository, { branch: "release" })),
    push: "arrives",
    pull: ["push", "detach"],
    discard: ["push", "detach"],
  },
  "the declaration's branch is one without the folder": {
    make: async (world) => {
      await world.remote.git("update-ref", "refs/heads/release", await emptyCommit(world.remote));
      Object.assign(world.repository, { branch: "release" });
    },
    push: ["putBack", "detach"],
    pull: ["putBack", "detach"],
    discard: ["putBack", "detach"],
  },
};

async function emptyCommit(remote: TestRepository): Promise<string> {
  const tree = await remote.git("mktree", "--missing");
  return remote.git("commit-tree", "-m", "Start", tree);
}

async function deleteFolder({ remote }: World) {
  await remote.commit({ [DIRECTORY]: null, "README.md": "Cleaned up\n" });
}

async function replaceHistory({ remote }: World, files: Record<string, string>) {
  await remote.git("update-ref", "refs/heads/main", await emptyCommit(remote));
  await remote.commit(files);
}

async function pushed(world: World): Promise<World> {
  await world.fleet.push("shop", world.repository, { name: "v1" });
  return world;
}

function waysOf(error: AppError) {
  return error.details?.ways;
}

async function outcome(work: Promise<unknown>, done: "arrives" | "comes"): Promise<unknown> {
  try {
    await work;
    return done;
  } catch (error) {
    return waysOf(error as AppError);
  }
}

/** Both sides hold the same, no lock stands, and the next push goes through. */
async function expectInSync({ fleet, remote, repository }: World) {
  expect(await fleet.lock("shop")).toBeUndefined();
  await fleet.edit("shop", { "pages/last.yml": "slug: last\n" });
  await fleet.push("shop", repository, { name: "last" });
  expect((await fleet.workspace("shop")).dirty).toBe(false);
  for (const [path, text] of await fleet.texts("shop"))
    expect(await remote.read(repository.branch, `${DIRECTORY}/${path}`)).toBe(text);
  expect(await remote.fsck()).toBe("");
}

async function take(way: Way, { fleet, repository }: World): Promise<void> {
  switch (way) {
    case "push":
      await fleet.push("shop", repository, { name: "v2" });
      return;
    case "pull":
      await fleet.pull("shop", repository);
      return;
    case "discard":
      await fleet.pull("shop", repository, { discard: true });
      return;
    case "putBack":
    case "startOver":
      await fleet.push("shop", repository, { name: "v2", [way]: true });
      return;
    case "detach":
      await fleet.detach("shop", repository.id);
  }
}

describeOnSqlite("From every state of a workspace and its repository there is a way forward", (database) => {
  for (const [state, { make, ...expected }] of Object.entries(STATES)) {
    test(`where ${state}, push, pull and discard do their work or say which ways there are`, async () => {
      const all = await pushed(await world(database));
      await make(all);
      for (const action of ["pull", "discard", "push"] as const) {
        if (!Array.isArray(expected[action])) continue;
        expect([action, await outcome(take(action, all), "arrives")]).toEqual([action, expected[action]]);
      }
      const [first = "push"] = Array.isArray(expected.push) ? expected.push : [];
      await take(expected.way ?? first, all);
      await expectInSync(all);
    });
  }

  test("every way that is offered leads back, saying nothing else is lost", async () => {
    const all = await pushed(await world(database));
    const { fleet, remote, repository } = all;
    await deleteFolder(all);
    await fleet.detach("shop", repository.id);
    await fleet.push("shop", repository, { name: "v2" });
    expect(await remote.read("main", "README.md")).toBe("Cleaned up\n");
    await expectInSync(all);
  });

  test("writing over what is there keeps it in history, with the links of the folder and every other folder", async () => {
    const all = await pushed(await world(database));
    const { fleet, remote, repository } = all;
    await remote.commit({ [`${DIRECTORY}/pages/home.yml`]: THEIRS, "other/file": "kept\n" });
    const theirs = await remote.git("rev-parse", "main");
    await fleet.push("shop", repository, { name: "v2", startOver: true });
    expect(await remote.read("main", `${DIRECTORY}/pages/home.yml`)).toBe(HOME);
    expect(await remote.read("main", "other/file")).toBe("kept\n");
    await remote.git("merge-base", "--is-ancestor", theirs, "main");
    await expectInSync(all);
  });

  test("a conflict can be settled by writing over what is there; putting back does not do that", async () => {
    const all = await conflicting(database);
    const { fleet, repository, remote } = all;
    const error = await failure(fleet.push("shop", repository, { name: "v2", putBack: true }));
    expect(waysOf(error)).toEqual(["pull", "discard", "startOver"]);
    await fleet.push("shop", repository, { name: "v2", startOver: true });
    expect(await remote.read("main", `${DIRECTORY}/pages/home.yml`)).toContain("Ours");
    await expectInSync(all);
  });

  test("the same remote under another id is no stranger: what was pushed or pulled under the first is common", async () => {
    const all = await pushed(await world(database));
    const { fleet, remote, repository } = all;
    const second = { ...repository, id: "second" };
    await fleet.edit("shop", { "pages/home.yml": HOME.replace("Welcome", "Ours") });
    await fleet.pull("shop", second);
    expect((await fleet.texts("shop")).get("pages/home.yml")).toContain("Ours");
    await fleet.push("shop", second, { name: "v2" });
    // And back: the first id knows what the second one did.
    await fleet.edit("shop", { "pages/home.yml": HOME.replace("Welcome", "Ours again") });
    await fleet.pull("shop", repository);
    await fleet.push("shop", repository, { name: "v3" });
    expect(await remote.read("main", `${DIRECTORY}/pages/home.yml`)).toContain("Ours again");
    await expectInSync(all);
  });
});

describeOnSqlite("A server without atomic pushes", (database) => {
  let server: GitServer;
  let count = 0;
  beforeAll(async () => {
    server = await gitServer({ password: "s3cret", atomic: false });
  });
  afterAll(() => server.close());

  test("that refused the target and took the intermediate branch gets the push once it allows it", async () => {
    const remote = await server.repository(`protected-${String(++count)}`);
    const { fleet, repository } = await world(database, { url: remote.url });
    await remote.hook("update", '#!/bin/sh\n[ "$1" != refs/heads/main ]\n');
    expect((await failure(fleet.push("shop", repository, { name: "v1" }))).code).toBe("RemoteRejected");
    expect(await remote.git("for-each-ref", "--format=%(refname)", "refs/heads")).toBe(INTERMEDIATE);
    await fleet.edit("shop", { "pages/more.yml": "slug: more\n" });
    await remote.hook("update", "#!/bin/sh\n");
    await remote.git("config", "receive.denyNonFastForwards", "true");
    await fleet.push("shop", repository, { name: "v1" });
    await expectInSync({ fleet, remote, repository });
  });
});

describeOnSqlite("A bulk push", (database) => {
  const group = { name: "all", labels: ["all"] };

  test("pushes all of it anew where the remote is empty, and puts a folder back only when asked to", async () => {
    const { fleet, remote, repository } = await world(
      database,
      {},
      { groups: [group], workspacesPerPush: 1 },
    );
    await fleet.create("blog", { "index.yml": "name: Blog\nslug: blog\nlabels: [all]\n" }, ["all"]);
    await fleet.create("news", { "index.yml": "name: News\nslug: news\nlabels: [all]\n" }, ["all"]);
    const statuses = async (options: Parameters<Fleet["bulkPush"]>[2]) =>
      (await fleet.bulkPush(repository, ["all"], options)).workspaces.map(({ slug, status }) => [
        slug,
        status,
      ]);
    await statuses({ name: "v1" });
    for (const ref of (await remote.git("for-each-ref", "--format=%(refname)")).split("\n"))
      await remote.git("update-ref", "-d", ref);

    expect(await statuses({ dryRun: true })).toEqual([
      ["blog", "candidate"],
      ["news", "candidate"],
    ]);
    expect(await statuses({ name: "v2" })).toEqual([
      ["blog", "pushed"],
      ["news", "pushed"],
    ]);
    expect(await remote.read("main", "workspaces/blog/index.yml")).toContain("Blog");

    await remote.commit({ "workspaces/blog": null, "README.md": "Cleaned up\n" });
    const summary = await fleet.bulkPush(repository, ["all"], { name: "v3" });
    expect(summary.workspaces.map(({ slug, status }) => [slug, status])).toEqual([
      ["blog", "error"],
      ["news", "alreadyPushed"],
    ]);
    expect(summary.errors[0]?.details?.ways).toEqual(["putBack", "detach"]);
    expect(await statuses({ name: "v4", putBack: true })).toEqual([
      ["blog", "pushed"],
      ["news", "alreadyPushed"],
    ]);
    expect(await remote.read("main", "workspaces/blog/index.yml")).toContain("Blog");
    expect(await remote.fsck()).toBe("");
  });
});
