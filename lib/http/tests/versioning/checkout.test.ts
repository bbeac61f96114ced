import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEngine } from "@/lib/testing/engine";
import { git, writeFiles } from "@/lib/testing/git/git-server";

test("A check and a pull from a directory that is a git checkout name its commit, author and message", async () => {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-mounted-"));
  const prefix = "WORKSPACES_STORAGE_GIT_PLATFORM_mounted_";
  const instance = await startEngine({
    env: { [`${prefix}TYPE`]: "filesystem", [`${prefix}DIRPATH`]: folder, [`${prefix}MODE`]: "read-only" },
  });
  try {
    await writeFiles(folder, { "shop/index.yml": "name: Shop\nslug: shop\n" });
    await git(folder, "init", "-q");
    await git(folder, "add", ".");
    await git(folder, "commit", "-q", "-m", "Open the shop");
    const commit = await git(folder, "rev-parse", "HEAD");
    const path = "/v2/workspaces/slug:shop";
    expect(
      (await instance.call("POST", "/v2/workspaces", { json: { name: "Shop", slug: "shop" } })).status,
    ).toBe(200);
    const look = () => instance.call("GET", `${path}/sync?repository=mounted&check=true`);
    expect((await look()).body).toMatchObject({
      commit,
      origin: `Checked out at commit ${commit.slice(0, 7)} by Pat Client: Open the shop`,
    });
    const pulled = await instance.call("POST", `${path}/versions/latest/pull`, {
      json: { repository: { id: "mounted" }, discardLocalChanges: true },
    });
    expect([pulled.status, pulled.body]).toMatchObject([200, { version: { name: commit } }]);
    await writeFiles(folder, { "shop/pages/home.yml": "slug: home\n" });
    const changed = (await look()).body as { commit: string };
    expect(changed).toMatchObject({
      behind: null,
      origin: `Changed since commit ${commit.slice(0, 7)} by Pat Client: Open the shop`,
    });
    expect(changed.commit).not.toBe(commit);
  } finally {
    await instance.close();
    await rm(folder, { recursive: true, force: true });
  }
});
