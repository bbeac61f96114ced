import { expect, test } from "vitest";
import { describeOnSqlite } from "@/lib/testing/database";
import { failure } from "@/lib/testing/fleet";
import { git, writeFiles, type TestRepository } from "@/lib/testing/git/git-server";
import { conflicting, DIRECTORY, HOME, INDEX, serveGit, world } from "@/lib/testing/worlds/shop-remote";

serveGit();

const PAGE = `${DIRECTORY}/pages/home.yml`;
const BRANCH = "prismeai/shop/main";
const OURS = HOME.replace("Welcome", "Ours");
const BOTH = HOME.replace("Welcome", "Both");

/** What a colleague does with a clone in which the target branch is checked out; the branch of the conflict is there. */
type Host = (clone: string) => Promise<void>;

async function resolve(clone: string, text = BOTH): Promise<void> {
  await writeFiles(clone, { [PAGE]: text });
  await git(clone, "add", "-A");
}

/** Merges the target into the branch of the conflict, as a host's own editor for conflicts does. */
async function resolveOnBranch(clone: string): Promise<void> {
  await git(clone, "checkout", "-q", BRANCH);
  await git(clone, "merge", "-q", "origin/main").catch(() => undefined);
  await resolve(clone);
  await git(clone, "commit", "-q", "-m", "Merge branch 'main'");
  await git(clone, "checkout", "-q", "main");
}

const mergeCommit: Host = async (clone) => {
  await git(clone, "merge", "-q", "--no-ff", "--allow-unrelated-histories", `origin/${BRANCH}`).catch(
    () => undefined,
  );
  await resolve(clone);
  await git(clone, "commit", "-q", "-m", "Merge request");
};

const squash: Host = async (clone) => {
  await resolveOnBranch(clone);
  await git(clone, "merge", "-q", "--squash", BRANCH);
  await git(clone, "commit", "-q", "-m", "Shop: the greeting (!7)");
};

const HOSTS: Record<string, Host> = {
  "a merge commit": mergeCommit,
  "a merge of the resolved branch": async (clone) => {
    await resolveOnBranch(clone);
    await git(clone, "merge", "-q", "--no-ff", "-m", "Merge request", BRANCH);
  },
  "a merge that keeps the target's side": async (clone) => {
    await git(clone, "merge", "-q", "-s", "ours", "-m", "Merge request", `origin/${BRANCH}`);
  },
  "a squash": squash,
  "a squash that keeps this side": async (clone) => {
    await git(clone, "checkout", "-q", `origin/${BRANCH}`, "--", PAGE);
    await git(clone, "commit", "-q", "-m", "Shop: the greeting (!7)");
  },
  "a rebase": async (clone) => {
    await git(clone, "checkout", "-q", BRANCH);
    await git(clone, "rebase", "-q", "origin/main").catch(() => undefined);
    await resolve(clone);
    await git(clone, "-c", "core.editor=true", "rebase", "--continue");
    await git(clone, "checkout", "-q", "main");
    await git(clone, "merge", "-q", "--ff-only", BRANCH);
  },
};

async function onHost(remote: TestRepository, host: Host, options: { deleted: boolean; later?: boolean }) {
  const clone = await remote.clone();
  await host(clone);
  await git(clone, "push", "-q", "origin", "main");
  const here = await git(clone, "branch", "--list", BRANCH);
  // A host resolves on the branch itself, so what it merged stands there until it is deleted.
  if (here !== "") await git(clone, "push", "-q", "-f", "origin", BRANCH);
  if (options.deleted) await git(clone, "push", "-q", "origin", `:${BRANCH}`);
  if (!options.later) return;
  await writeFiles(clone, { [`${DIRECTORY}/pages/later.yml`]: "slug: later\n", "README.md": "Later\n" });
  await git(clone, "add", "-A");
  await git(clone, "commit", "-q", "-m", "Later");
  await git(clone, "push", "-q", "origin", "main");
}

describeOnSqlite("A conflict that was resolved by the host's merge request", (database) => {
  for (const [how, host] of Object.entries(HOSTS)) {
    for (const deleted of [true, false]) {
      test(`with ${how}, the branch ${deleted ? "deleted" : "left"}, is resolved for the next pull`, async () => {
        const { fleet, remote, repository } = await conflicting(database);
        await onHost(remote, host, { deleted, later: !deleted });
        await fleet.pull("shop", repository);
        const texts = await fleet.texts("shop");
        expect(texts.get("pages/home.yml")).toBe(await remote.read("main", PAGE));
        expect(texts.has("pages/later.yml")).toBe(!deleted);
        expect(await fleet.lock("shop")).toBeUndefined();
        expect((await fleet.workspace("shop")).dirty).toBe(false);

        await fleet.edit("shop", { "pages/next.yml": "slug: next\n" });
        await fleet.push("shop", repository, { name: "v2" });
        expect(await remote.read("main", `${DIRECTORY}/pages/next.yml`)).toBe("slug: next\n");
        expect(await remote.fsck()).toBe("");
      });
    }
  }

  test("leaves a snapshot of this side where git's history does not show it", async () => {
    const { fleet, remote, repository } = await conflicting(database);
    await onHost(remote, squash, { deleted: true });
    await remote.git("gc", "--quiet", "--prune=now");
    const { snapshot } = await fleet.pull("shop", repository);
    if (!snapshot) throw new Error("There should be a snapshot.");
    await fleet.rollback("shop", null, snapshot.name);
    expect((await fleet.texts("shop")).get("pages/home.yml")).toContain("Ours");
  });

  test("is resolved as well where a squash was made by hand, which names the commit, and the branch stayed", async () => {
    const { fleet, remote, repository } = await conflicting(database);
    const byHand: Host = async (clone) => {
      await git(clone, "merge", "-q", "--squash", `origin/${BRANCH}`).catch(() => undefined);
      await resolve(clone);
      await git(clone, "commit", "-q", "--no-edit");
    };
    await onHost(remote, byHand, { deleted: false });
    await fleet.pull("shop", repository);
    expect((await fleet.texts("shop")).get("pages/home.yml")).toBe(BOTH);
  });

  for (const mode of ["read-write", "read-only"] as const) {
    test(`is seen in a ${mode} repository by what else arrived, where nothing but the content shows it`, async () => {
      const edits = { "pages/other.yml": "slug: other\n" };
      const { fleet, remote, repository } = await conflicting(database, { mode, edits });
      await remote.commit({ [PAGE]: BOTH, [`${DIRECTORY}/pages/other.yml`]: "slug: other\n" });
      await fleet.pull("shop", repository);
      expect((await fleet.texts("shop")).get("pages/home.yml")).toBe(BOTH);
      expect(await fleet.lock("shop")).toBeUndefined();
    });
  }

  for (const [host, deleted] of [
    [squash, true],
    [mergeCommit, true],
    [squash, false],
    [mergeCommit, false],
  ] as const) {
    const what = `${host === squash ? "a squash" : "a merge commit"}, the branch ${deleted ? "deleted" : "left"}`;
    test(`with ${what}, keeps what was edited here since the lock was cleared`, async () => {
      const { fleet, remote, repository } = await conflicting(database);
      await fleet.store.locks.clear("shop", []);
      await fleet.edit("shop", { "pages/home.yml": OURS.replace("six", "SIX") });
      await onHost(remote, host, { deleted });
      await fleet.pull("shop", repository);
      expect((await fleet.texts("shop")).get("pages/home.yml")).toBe(BOTH.replace("six", "SIX"));
      await fleet.push("shop", repository, { name: "v2" });
      expect(await remote.read("main", PAGE)).toBe(BOTH.replace("six", "SIX"));
      expect(await remote.fsck()).toBe("");
    });
  }

  test("of a first pull is resolved the same way", async () => {
    const { fleet, remote, repository } = await world(database);
    await remote.commit({ [PAGE]: HOME.replace("Welcome", "Theirs"), [`${DIRECTORY}/index.yml`]: INDEX });
    expect((await failure(fleet.pull("shop", repository))).code).toBe("MergeConflict");
    await onHost(remote, mergeCommit, { deleted: true });
    await fleet.pull("shop", repository);
    expect((await fleet.texts("shop")).get("pages/home.yml")).toBe(BOTH);
    expect((await fleet.texts("shop")).has("automations/greet.yml")).toBe(true);
  });
});

describeOnSqlite("A conflict that nobody resolved", (database) => {
  test("stands whatever else is done to the target or to the branch", async () => {
    const { fleet, remote, repository } = await conflicting(database);
    const stands = async () => {
      expect((await failure(fleet.pull("shop", repository))).code).toBe("MergeConflict");
      expect((await fleet.texts("shop")).get("pages/home.yml")).toBe(OURS);
    };
    const deleteBranch = () => remote.git("update-ref", "-d", `refs/heads/${BRANCH}`);
    await remote.commit({ [PAGE]: HOME.replace("Welcome", "Theirs again") });
    await stands();
    await remote.commit({ [`${DIRECTORY}/pages/later.yml`]: "slug: later\n", "README.md": "Later\n" });
    await stands();
    await remote.git("update-ref", `refs/heads/${BRANCH}`, `refs/heads/${BRANCH}~1`);
    await stands();
    await deleteBranch();
    await stands();
  });

  test("stands where the branch was deleted and another line of the same file was edited", async () => {
    const { fleet, remote, repository } = await conflicting(database);
    await remote.commit({ [PAGE]: HOME.replace("Welcome", "Theirs").replace("six", "SIX") });
    await remote.git("update-ref", "-d", `refs/heads/${BRANCH}`);
    expect((await failure(fleet.pull("shop", repository))).code).toBe("MergeConflict");
    expect(await remote.read(BRANCH, PAGE)).toBe(OURS);
  });
});
