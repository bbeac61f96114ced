import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { database } from "@/lib/testing/database";
import type { Oid } from "@/lib/domain/workspace";
import { Fleet } from "@/lib/testing/fleet";
import { git, writeFiles } from "@/lib/testing/git/git-server";
import { aRepository, loopbackRepositories } from "@/lib/testing/git/git-server-repository";
import { openSession } from "@/lib/testing/git/repository-contract";
import { readCheckout } from "./checkout";

let folder = "";
let work = "";
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "switchyard-checkout-")));
  work = join(folder, "work");
  await mkdir(work);
  await git(work, "init", "-q");
  await writeFiles(work, { "workspaces/shop/index.yml": "name: Shop\nslug: shop\n", "run.sh": "exit 0\n" });
  await commit("Open the shop\n\nWith one page.");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function commit(message: string): Promise<string> {
  await git(work, "add", "--all");
  await git(work, "commit", "-q", "-m", message);
  return git(work, "rev-parse", "HEAD");
}

const named = async () => {
  const checkout = await readCheckout(work);
  return checkout.kind === "commit" ? checkout.commit.oid : checkout;
};
const unnamed = (reason: RegExp) => ({ kind: "unknown", reason: expect.stringMatching(reason) as unknown });

describe("The commit of a checkout", () => {
  test("is found whether git has it loose or packed, on a branch or detached", async () => {
    const oid = await git(work, "rev-parse", "HEAD");
    expect(await readCheckout(work)).toMatchObject({
      kind: "commit",
      commit: { oid, authorName: "Pat Client", message: "Open the shop\n\nWith one page.\n", parents: [] },
    });
    await writeFiles(work, { "run.sh": "exit 1\n" });
    const next = await commit("Fail");
    await git(work, "gc", "-q");
    expect(await named()).toBe(next);
    await git(work, "checkout", "-q", "--detach", oid);
    expect(await named()).toBe(oid);
    await git(folder, "clone", "-q", "--depth=1", `file://${work}`, "shallow");
    work = join(folder, "shallow");
    expect(await named()).toBe(oid);
  });

  test("is not looked for outside the folder: no linked worktree, no link, no path that leads out", async () => {
    const linked = join(folder, "linked");
    await git(work, "worktree", "add", "-q", linked);
    expect(await readCheckout(linked)).toEqual(unnamed(/linked worktree/));
    const elsewhere = join(folder, "elsewhere");
    await writeFile(join(folder, "secret"), `${await git(work, "rev-parse", "HEAD")}\n`);
    await writeFile(join(work, ".git/HEAD"), "ref: ../../secret\n");
    expect(await named()).toEqual(unnamed(/no commit that can be read/));
    await writeFile(join(work, ".git/HEAD"), "ref: refs/heads/out\n");
    await symlink(join(folder, "secret"), join(work, ".git/refs/heads/out"));
    expect(await named()).toEqual(unnamed(/no commit that can be read/));
    await writeFile(join(work, ".git/HEAD"), "ref: refs/heads/main\n");
    await rename(join(work, ".git/objects"), elsewhere);
    await symlink(elsewhere, join(work, ".git/objects"));
    expect(await named()).toEqual(unnamed(/no commit that can be read/));
    await rename(join(work, ".git"), join(folder, "moved"));
    await symlink(join(folder, "moved"), join(work, ".git"));
    expect(await named()).toEqual(unnamed(/a file or a link/));
    await rm(join(work, ".git"));
    expect(await named()).toEqual({ kind: "none" });
  });

  test("is left unnamed where there is none, or where the repository is damaged or too large", async () => {
    expect(await readCheckout(work, { bytes: 100, indexBytes: 100 })).toEqual(unnamed(/too large/));
    await git(work, "gc", "-q");
    expect(await readCheckout(work, { bytes: 1e6, indexBytes: 100 })).toEqual(unnamed(/too large/));
    await git(work, "checkout", "-q", "--orphan", "empty");
    expect(await named()).toEqual(unnamed(/no commit that can be read/));
    await writeFile(join(work, ".git/HEAD"), `${"1".repeat(40)}\n`);
    expect(await named()).toEqual(unnamed(/no commit that can be read/));
  });
});

describe("A filesystem repository that is a checkout", () => {
  const repository = () =>
    aRepository({ id: "disk", type: "filesystem", mode: "read-only", url: "", dirpath: join(work) });
  const opened = () => openSession({ repository: repository(), repositories: loopbackRepositories() });

  test("is at the real commit as long as its files are those of the commit, and else says what it was changed since", async () => {
    const oid = await git(work, "rev-parse", "HEAD");
    const session = await opened();
    expect(session.ref("refs/heads/main")).toBe(oid);
    expect(await session.findCommit(oid as Oid)).toMatchObject({
      authorName: "Pat Client",
      message: "Open the shop\n\nWith one page.\n",
    });
    expect(session.origin).toBe(`Checked out at commit ${oid.slice(0, 7)} by Pat Client: Open the shop`);
    await session.close();
    await writeFiles(work, { "run.sh": "exit 2\n" });
    const changed = await opened();
    expect(changed.ref("refs/heads/main")).not.toBe(oid);
    expect(changed.origin).toBe(`Changed since commit ${oid.slice(0, 7)} by Pat Client: Open the shop`);
    await changed.close();
  });

  test("gives its commit as the version of a pull, and every pull names it while it runs", async () => {
    const data = await database();
    try {
      const fleet = await Fleet.open(await data.open());
      await fleet.create("shop", { "index.yml": "name: Old\nslug: shop\n" });
      const own = { ...repository(), dirpath: work };
      await rename(join(work, "workspaces/shop"), join(work, "shop"));
      const oid = await commit("Move it");
      await fleet.pull("shop", own, { discard: true });
      expect((await fleet.texts("shop")).get("index.yml")).toBe("name: Shop\nslug: shop\n");
      expect((await fleet.workspace("shop")).lastPull?.version).toBe(oid);
      const progress = await fleet.events("workspaces.versions.progress", "shop");
      const messages = progress.map(({ payload }) => (payload as { message?: string }).message);
      expect(messages).toContain(`Checked out at commit ${oid.slice(0, 7)} by Pat Client: Move it`);
      await writeFiles(work, { "shop/pages/home.yml": "slug: home\n" });
      const next = await commit("Add a page");
      await fleet.pull("shop", own);
      expect((await fleet.workspace("shop")).lastPull?.version).toBe(next);
      expect((await fleet.texts("shop")).get("pages/home.yml")).toBe("slug: home\n");
    } finally {
      await data.close();
    }
  });
});
