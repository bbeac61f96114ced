import { mkdtemp, readFile, rm } from "node:fs/promises";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as git from "isomorphic-git";
import http from "isomorphic-git/http/node";
import { expect, test } from "vitest";
import { database } from "@/lib/testing/database";
import { Fleet } from "@/lib/testing/fleet";
import { gitServer } from "@/lib/testing/git/git-server";
import { aRepository } from "@/lib/testing/git/git-server-repository";

test("a client that shares no code with git clones what was pushed, and its commits are pulled back", async () => {
  const server = await gitServer({ password: "s3cret" });
  const data = await database();
  const dir = await mkdtemp(join(tmpdir(), "switchyard-foreign-"));
  try {
    const remote = await server.repository("foreign");
    const repository = aRepository({ url: remote.url, password: "s3cret" });
    const fleet = await Fleet.open(await data.open());
    const page = "slug: home\n# kept\ntitle: 'Café'\n";
    await fleet.create("shop", { "index.yml": "name: Shop\nslug: shop\n", "pages/home.yml": page });
    await fleet.push("shop", repository, { name: "v1" });
    await fleet.edit("shop", { "pages/home.yml": `${page}more: true\n` });
    await fleet.push("shop", repository, { name: "v2" });

    const client = { fs, http, dir, onAuth: () => ({ username: "git", password: "s3cret" }) };
    await git.clone({ ...client, url: remote.url, ref: "main", singleBranch: true });
    const commits = await git.log({ fs, dir });
    expect(commits.map(({ commit }) => commit.message.split("\n")[0])).toEqual([
      "shop: version v2",
      "shop: version v1",
    ]);
    const path = "workspaces/shop/pages/home.yml";
    expect(await readFile(join(dir, path), "utf8")).toBe(`${page}more: true\n`);

    await fs.promises.writeFile(join(dir, path), `${page}more: from elsewhere\n`);
    await git.add({ fs, dir, filepath: path });
    await git.commit({ fs, dir, message: "Edit", author: { name: "Pat", email: "pat@example.com" } });
    await git.push({ ...client, remote: "origin", ref: "main" });
    await fleet.pull("shop", repository);
    expect((await fleet.texts("shop")).get("pages/home.yml")).toBe(`${page}more: from elsewhere\n`);
  } finally {
    await rm(dir, { recursive: true, force: true });
    await data.close();
    await server.close();
  }
});
