import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Oid } from "@/lib/domain/workspace";
import { type GitServer, gitServer, gitWithInput, type TestRepository } from "@/lib/testing/git/git-server";
import { aRepository, loopbackRepositories } from "@/lib/testing/git/git-server-repository";
import { AUTHOR, MAIN, openSession } from "@/lib/testing/git/repository-contract";

describe("A conversation with a remote", () => {
  let server: GitServer;
  let remote: TestRepository;
  beforeEach(async () => {
    server = await gitServer({ password: "s3cret" });
    remote = await server.repository("fleet");
  });
  afterEach(() => server.close());
  const open = (password = "s3cret", url = remote.url, repositories = loopbackRepositories()) =>
    openSession({ repository: aRepository({ url, password }), repositories }, { pushes: true });

  async function fill(workspaces: number): Promise<void> {
    const files: Record<string, string> = {};
    for (let index = 0; index < workspaces; index++) {
      files[`workspaces/ws-${String(index)}/index.yml`] = `name: ${String(index)}\n`;
      files[`workspaces/ws-${String(index)}/pages/home.yml`] = "slug: home\n".repeat(200);
    }
    await remote.commit(files);
  }

  it("pushes one workspace with four requests, one less than git, and without reading the others", async () => {
    await fill(60);
    server.resetCounts();
    const session = await open();
    const tip = session.ref(MAIN);
    if (!tip) throw new Error("main is missing");
    const before = await session.subtree(tip, "workspaces/ws-7");
    const oid = session.putBlob(Buffer.from("name: changed\n"));
    const subtree = await session.editTree(before, new Map([["index.yml", { mode: "100644", oid }]]));
    const fields = { onto: tip, directory: "workspaces/ws-7", subtree, author: AUTHOR, message: "Push" };
    const next = await session.putCommit({ ...fields, parents: [tip], date: new Date(0) });
    const intermediate = { ref: "refs/heads/prismeai/ws-7/main", expected: null, next };
    expect(await session.push([intermediate, { ref: MAIN, expected: tip, next }])).toEqual({
      kind: "accepted",
    });
    await session.close();
    expect(server.requests).toHaveLength(4);
    expect(server.bytesIn).toBeLessThan(3000);
    expect(await remote.fsck()).toBe("");
  });

  it("pushes many workspaces in one conversation", async () => {
    await fill(40);
    server.resetCounts();
    const session = await open();
    const tip = session.ref(MAIN);
    let at = tip;
    const updates = [];
    for (let index = 0; index < 40; index++) {
      const directory = `workspaces/ws-${String(index)}`;
      const before = at && (await session.subtree(at, directory));
      const oid = session.putBlob(Buffer.from(`name: changed ${String(index)}\n`));
      const subtree = await session.editTree(before, new Map([["index.yml", { mode: "100644", oid }]]));
      const fields = { onto: at, directory, subtree, author: AUTHOR, message: directory, date: new Date(0) };
      at = await session.putCommit({ ...fields, parents: at ? [at] : [] });
      updates.push({ ref: `refs/heads/prismeai/ws-${String(index)}/main`, expected: null, next: at });
    }
    if (!at) throw new Error("Nothing was committed.");
    expect(await session.push([...updates, { ref: MAIN, expected: tip, next: at }])).toEqual({
      kind: "accepted",
    });
    await session.close();
    expect(server.requests).toHaveLength(4);
    expect(await remote.git("rev-list", "--count", "main")).toBe("41");
    expect(await remote.read("main", "workspaces/ws-39/index.yml")).toBe("name: changed 39\n");
    expect(await remote.fsck()).toBe("");
    // What comes next finds all intermediate branches in the history of main, in few requests.
    server.resetCounts();
    const later = await open();
    for (const [, oid] of later.refs("refs/heads/prismeai/")) {
      expect(await later.isAncestor(oid, at)).toBe(true);
    }
    await later.close();
    expect(server.requests.length).toBeLessThanOrEqual(5);
  });

  it("reads the contents of all workspaces in one request", async () => {
    await fill(30);
    const session = await open();
    const tip = session.ref(MAIN) as Oid;
    server.resetCounts();
    const oids: Oid[] = [];
    for (const [, tree] of await session.directories(tip, "workspaces")) {
      for (const entry of await session.entries(tree)) oids.push(entry.oid);
    }
    expect((await session.blobs(oids)).size).toBe(31);
    await session.close();
    expect(server.requests).toHaveLength(2);
  });

  it("writes modes with zeros in front anew where it writes the tree, and nowhere else", async () => {
    const oidOf = (type: string, content: Buffer) =>
      gitWithInput(remote.path, content, "hash-object", "-t", type, "-w", "--literally", "--stdin");
    const treeOf = (...entries: [mode: string, name: string, oid: string][]) =>
      oidOf(
        "tree",
        Buffer.concat(
          entries.map(([mode, name, oid]) =>
            Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, "hex")]),
          ),
        ),
      );
    const blob = await oidOf("blob", Buffer.from("name: Shop\n"));
    const inner = await treeOf(["0100644", "b.yml", blob]);
    const shop = await treeOf(["0100644", "index.yml", blob], ["040000", "pages", inner]);
    const folder = await treeOf(["040000", "desk", shop], ["040000", "shop", shop]);
    const root = await treeOf(["0100755", "run.sh", blob], ["040000", "workspaces", folder]);
    await remote.git("update-ref", MAIN, await remote.git("commit-tree", "-m", "Padded", root));
    await remote.git("config", "receive.fsckObjects", "true");
    const session = await open();
    const tip = session.ref(MAIN) as Oid;
    const before = await session.subtree(tip, "workspaces/shop");
    const oid = session.putBlob(Buffer.from("name: New\n"));
    const subtree = await session.editTree(before, new Map([["index.yml", { mode: "100644", oid }]]));
    const fields = { onto: tip, directory: "workspaces/shop", subtree, author: AUTHOR, message: "Push" };
    const next = await session.putCommit({ ...fields, parents: [tip], date: new Date(0) });
    expect(await session.push([{ ref: MAIN, expected: tip, next }])).toEqual({ kind: "accepted" });
    await session.close();
    const raw = (tree: string) =>
      remote.git("cat-file", "tree", `main:${tree}`).then((text) => /\b0\d{5,6} /.test(text));
    expect([await raw(""), await raw("workspaces"), await raw("workspaces/shop")]).toEqual([
      false,
      false,
      false,
    ]);
    expect(await remote.git("rev-parse", "main:workspaces/desk", "main:workspaces/shop/pages")).toBe(
      `${shop}\n${inner}`,
    );
    expect(await remote.git("ls-tree", "main", "run.sh")).toContain("100755");
  });

  it.each([
    // Without filters the tip of the session before does.
    ["uploadpack.allowFilter", 1],
    ["uploadpackfilter.tree.allow", 2],
  ])("notices that the server was changed since: %s false", async (setting, requests) => {
    await fill(3);
    const repositories = loopbackRepositories();
    await (await open("s3cret", remote.url, repositories)).close();
    await remote.git("config", setting, "false");
    const session = await open("s3cret", remote.url, repositories);
    const tip = session.ref(MAIN) as Oid;
    expect((await session.directories(tip, "workspaces")).size).toBe(3);
    await session.close();
    server.resetCounts();
    const later = await open("s3cret", remote.url, repositories);
    await later.directories(tip, "workspaces");
    await later.close();
    expect(server.requests).toHaveLength(requests);
  });

  it("does without atomic: intermediate branches first, the target last", async () => {
    await remote.git("config", "receive.advertiseAtomic", "false");
    await fill(1);
    await remote.hook("update", '#!/bin/sh\ncase "$1" in refs/heads/prismeai/*) exit 1;; esac\n');
    const session = await open();
    const tip = session.ref(MAIN) as Oid;
    const subtree = await session.editTree(
      null,
      new Map([["a.yml", { mode: "100644", oid: session.putBlob(Buffer.from("1")) }]]),
    );
    const fields = { onto: tip, directory: "workspaces/ws-0", subtree, author: AUTHOR, message: "m" };
    const next = await session.putCommit({ ...fields, parents: [tip], date: new Date(0) });
    const updates = [
      { ref: MAIN, expected: tip, next },
      { ref: "refs/heads/prismeai/ws-0/main", expected: null, next },
    ];
    const outcome = await session.push(updates);
    expect(outcome).toMatchObject({ kind: "rejected", stale: false });
    expect(await remote.git("rev-parse", "main")).toBe(tip);
    await remote.hook("update", "#!/bin/sh\n");
    expect(await session.push(updates)).toEqual({ kind: "accepted" });
    expect(await remote.git("rev-parse", "main", "prismeai/ws-0/main")).toBe(`${next}\n${next}`);
    await session.close();
  });

  it("says that the password is wrong", async () => {
    await expect(open("wrong")).rejects.toMatchObject({
      code: "RemoteAuthFailed",
      message: /user and password/,
    });
  });

  it("says that there is no such repository", async () => {
    await expect(open("s3cret", `${server.url}/other.git`)).rejects.toMatchObject({ code: "RemoteNotFound" });
    const path = remote.fileUrl.replace("fleet.git", "other.git");
    await expect(open("s3cret", path)).rejects.toMatchObject({
      code: "RemoteNotFound",
      message: /other\.git/,
    });
  });

  it("says that the remote is down, and why", async () => {
    server.mood = "down";
    await expect(open()).rejects.toMatchObject({
      code: "RemoteUnreachable",
      details: { reason: "connection" },
    });
    server.mood = 503;
    await expect(open()).rejects.toMatchObject({ code: "RemoteUnreachable", message: /HTTP 503/ });
    server.mood = 403;
    await expect(open()).rejects.toMatchObject({ code: "RemoteAuthFailed" });
    const { url } = server;
    await server.close();
    await expect(open("s3cret", `${url}/fleet.git`)).rejects.toMatchObject({
      code: "RemoteUnreachable",
      message: /Nothing accepts connections/,
    });
    server = await gitServer();
  });

  it("refuses a loopback address that nobody allowed", async () => {
    const repository = aRepository({ url: remote.url, password: "s3cret", scope: "workspace" });
    const { createRepositories } = await import("./repositories");
    server.resetCounts();
    await expect(openSession({ repository, repositories: createRepositories() })).rejects.toMatchObject({
      code: "PermissionDenied",
    });
    expect(server.requests).toEqual([]);
  });

  it("keeps file:// and directories to platform repositories", async () => {
    const repositories = loopbackRepositories();
    const file = aRepository({ url: remote.fileUrl, scope: "workspace" });
    await expect(openSession({ repository: file, repositories })).rejects.toMatchObject({
      code: "PermissionDenied",
    });
    const directory = aRepository({ type: "filesystem", dirpath: "/etc", scope: "workspace" });
    await expect(openSession({ repository: directory, repositories })).rejects.toMatchObject({
      code: "PermissionDenied",
    });
  });
});
