import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hashObject } from "@/lib/archive/objects";
import { type RepositoryAuth, SecretValue } from "@/lib/domain/repository";
import type { Oid } from "@/lib/domain/workspace";
import type { GitObject, RepositorySession } from "@/lib/versioning/ports";
import {
  git,
  type GitServer,
  gitServer,
  type GitServerOptions,
  gitWithInput,
  type TestRepository,
  writeFiles,
} from "@/lib/testing/git/git-server";
import { aRepository, loopbackRepositories } from "@/lib/testing/git/git-server-repository";
import { AUTHOR, MAIN, openSession } from "@/lib/testing/git/repository-contract";
import { sshServer, type SshServerOptions } from "@/lib/testing/ssh/server";

const SHOP = "workspaces/shop";
const INTERMEDIATE = "refs/heads/prismeai/shop/main";

async function commitFile(
  session: RepositorySession,
  change: { onto: Oid | null; path?: string; text: string; directory?: string },
): Promise<Oid> {
  const directory = change.directory ?? SHOP;
  const before = change.onto ? await session.subtree(change.onto, directory) : null;
  const oid = session.putBlob(Buffer.from(change.text));
  const entry = { mode: "100644", oid };
  return session.putCommit({
    onto: change.onto,
    directory,
    subtree: await session.editTree(before, new Map([[change.path ?? "index.yml", entry]])),
    parents: change.onto ? [change.onto] : [],
    author: AUTHOR,
    date: new Date(1_800_000_000_000),
    message: "Push shop",
  });
}

type Server = Pick<GitServer, "repository" | "close">;

async function overHttp(options: GitServerOptions): Promise<Server & { auth: RepositoryAuth }> {
  const server = await gitServer({ password: "s3cret", ...options });
  return { ...server, auth: { kind: "password", user: "git", password: new SecretValue("s3cret") } };
}

async function overSsh(options: SshServerOptions): Promise<Server & { auth: RepositoryAuth }> {
  const server = await sshServer(options);
  return { ...server, auth: { kind: "sshkey", key: new SecretValue(server.key) } };
}

const KINDS = [
  { name: "over HTTP with partial fetches", start: () => overHttp({}), file: false },
  { name: "over HTTP without partial fetches", start: () => overHttp({ filter: false }), file: false },
  { name: "over HTTP, protocol version 0", start: () => overHttp({ version2: false }), file: false },
  { name: "over SSH", start: () => overSsh({}), file: false },
  { name: "over SSH, protocol version 0", start: () => overSsh({ acceptsProtocol: false }), file: false },
  { name: "on disk", start: () => overHttp({ filter: false }), file: true },
];

describe.each(KINDS)("Pushing to a git repository $name", ({ start, file }) => {
  let server: Awaited<ReturnType<typeof start>>;
  let remote: TestRepository;
  let session: RepositorySession;
  let count = 0;
  const reopen = async (stored?: Map<Oid, GitObject>) => {
    const repository = aRepository({ url: file ? remote.fileUrl : remote.url, auth: server.auth });
    session = await openSession({ repository, repositories: loopbackRepositories() }, { stored });
    return session;
  };
  beforeAll(async () => {
    server = await start();
  });
  beforeEach(async () => {
    remote = await server.repository(`fleet-${String(++count)}`);
  });
  afterEach(() => session.close());
  afterAll(() => server.close());

  it("creates the branches of an empty repository", async () => {
    await reopen();
    expect(session.ref(MAIN)).toBeNull();
    const commit = await commitFile(session, { onto: null, text: "name: Shop\n" });
    const updates = [INTERMEDIATE, MAIN, "refs/tags/v1"].map((ref) => ({
      ref,
      expected: null,
      next: commit,
    }));
    expect(await session.push(updates)).toEqual({ kind: "accepted" });
    expect(session.ref(MAIN)).toBe(commit);
    expect(await remote.git("rev-parse", MAIN, INTERMEDIATE, "v1")).toBe([commit, commit, commit].join("\n"));
    expect(await remote.read("main", `${SHOP}/index.yml`)).toBe("name: Shop\n");
    expect(await remote.fsck()).toBe("");
  });

  it("leaves links, submodules, executable bits and odd names beside the workspace as they are", async () => {
    const clone = await remote.clone();
    await writeFiles(clone, { "workspaces/shop/index.yml": "name: Shop\n", "tool.sh": "true\n" });
    const blob = await git(clone, "hash-object", "-w", "tool.sh");
    const cacheInfo = (mode: string, oid: string, path: string) =>
      git(clone, "update-index", "--add", "--cacheinfo", `${mode},${oid},${path}`);
    await git(clone, "add", "workspaces");
    await cacheInfo("120000", blob, "workspaces/link");
    await cacheInfo("160000", "1".repeat(40), "workspaces/module");
    await cacheInfo("100755", blob, "workspaces/tool.sh");
    await cacheInfo("100644", blob, "workspaces/shop.yml");
    await cacheInfo("100644", blob, "workspaces/naïve \u{1f600}");
    await git(clone, "commit", "-q", "-m", "Everything");
    await git(clone, "push", "-q", "origin", "HEAD:main");
    const before = await remote.git("ls-tree", "main:workspaces");
    await reopen();
    const onto = session.ref(MAIN);
    const commit = await commitFile(session, { onto, text: "name: Changed\n" });
    expect(await session.push([{ ref: MAIN, expected: onto, next: commit }])).toEqual({ kind: "accepted" });
    const after = await remote.git("ls-tree", "main:workspaces");
    const others = (list: string) => list.split("\n").filter((line) => !line.endsWith("\tshop"));
    expect(others(after)).toEqual(others(before));
    expect(others(after)).toHaveLength(5);
    expect(after).not.toBe(before);
  });

  it("sends objects that only the platform's database holds", async () => {
    await remote.commit({ [`${SHOP}/index.yml`]: "name: Shop\n" });
    const bytes = Buffer.from("from the database\n");
    const oid = hashObject("blob", bytes);
    await reopen(new Map([[oid, { type: "blob", bytes }]]));
    const onto = session.ref(MAIN);
    const subtree = await session.editTree(null, new Map([["page.yml", { mode: "100644", oid }]]));
    const fields = { onto, directory: SHOP, subtree, author: AUTHOR, date: new Date(0), message: "m" };
    const next = await session.putCommit({ ...fields, parents: onto ? [onto] : [] });
    expect(await session.push([{ ref: MAIN, expected: onto, next }])).toEqual({ kind: "accepted" });
    expect(await remote.read("main", `${SHOP}/page.yml`)).toBe("from the database\n");
    expect(await remote.fsck()).toBe("");
  });

  it("changes nothing when one of its refs moved, and says that it is stale", async () => {
    const old = (await remote.commit({ [`${SHOP}/index.yml`]: "1\n" })) as Oid;
    await reopen();
    const moved = await remote.commit({ "README.md": "moved\n" });
    const next = await commitFile(session, { onto: old, text: "2\n" });
    const outcome = await session.push([
      { ref: INTERMEDIATE, expected: null, next },
      { ref: MAIN, expected: old, next },
    ]);
    expect(outcome).toMatchObject({ kind: "rejected", stale: true });
    expect(await remote.git("for-each-ref", "--format=%(refname) %(objectname)")).toBe(`${MAIN} ${moved}`);
    expect(session.ref(MAIN)).toBe(moved);
    const again = await commitFile(session, { onto: moved as Oid, text: "2\n" });
    expect(await session.push([{ ref: MAIN, expected: moved as Oid, next: again }])).toEqual({
      kind: "accepted",
    });
    expect(await remote.fsck()).toBe("");
  });

  it("shows what a hook of the remote says", async () => {
    const old = (await remote.commit({ [`${SHOP}/index.yml`]: "1\n" })) as Oid;
    await remote.hook("pre-receive", "#!/bin/sh\necho 'Only on weekdays' >&2\nexit 1\n");
    await reopen();
    const next = await commitFile(session, { onto: old, text: "2\n" });
    const outcome = await session.push([{ ref: MAIN, expected: old, next }]);
    expect(outcome).toMatchObject({ kind: "rejected", stale: false });
    const reason = outcome.kind === "rejected" ? outcome.reasons.get(MAIN) : "";
    expect(reason).toContain("pre-receive hook declined");
    expect(reason).toContain("Only on weekdays");
  });

  it("takes history for what it is beyond what was fetched", async () => {
    // One stream instead of eighty commits with the client, which would start hundreds of processes.
    const stream = Array.from({ length: 80 }, (_, index) => {
      const path = index % 4 === 0 ? `${SHOP}/index.yml` : "workspaces/desk/index.yml";
      const text = `${String(index)}\n`;
      const person = `P <p@example.com> ${String(1_700_000_000 + index)} +0000`;
      const head = `commit refs/heads/main\nmark :${String(index + 1)}\ncommitter ${person}\ndata 1\nm\n`;
      return `${head}M 100644 inline ${path}\ndata ${String(text.length)}\n${text}\n`;
    });
    await gitWithInput(remote.path, stream.join(""), "fast-import", "--quiet");
    const commits = (await remote.git("rev-list", "--reverse", "main")).split("\n") as Oid[];
    await reopen();
    const [first, second] = [commits[0], commits[1]];
    const until = session.ref(MAIN);
    if (!first || !second || !until) throw new Error("The history is missing.");
    expect(await session.isAncestor(first, until)).toBe(true);
    expect(await session.isAncestor(until, first)).toBe(false);
    for (const since of [first, second, commits[40] ?? first]) {
      const counted = await session.countCommits({ since, until, directory: SHOP });
      expect(String(counted)).toBe(await remote.git("rev-list", "--count", `${since}..main`, "--", SHOP));
    }
    expect(await session.countCommits({ since: null, until, directory: SHOP })).toBe(20);
    expect((await session.commit(second)).parents).toEqual([first]);
  });

  it("merges with a base that only history knows", async () => {
    const base = await remote.commit({
      [`${SHOP}/index.yml`]: "a\nb\nc\nd\ne\n",
      "workspaces/desk/index.yml": "1\n",
    });
    await remote.commit({ [`${SHOP}/index.yml`]: "a\nb\nc\nd\nE\n" }, { branch: "theirs", from: base });
    await remote.commit({ [`${SHOP}/index.yml`]: "A\nb\nc\nd\ne\n" });
    await reopen();
    const [ours, theirs] = [session.ref(MAIN), session.ref("refs/heads/theirs")];
    if (!ours || !theirs) throw new Error("A branch is missing.");
    const merged = await session.mergeDirectory({ ours, theirs, directory: SHOP });
    if (merged.kind !== "merged") throw new Error("A clean merge was expected.");
    const fields = {
      onto: ours,
      directory: SHOP,
      subtree: merged.subtree,
      author: AUTHOR,
      date: new Date(0),
    };
    const next = await session.putCommit({ ...fields, parents: [ours, theirs], message: "Merge" });
    expect(await session.push([{ ref: MAIN, expected: ours, next }])).toEqual({ kind: "accepted" });
    expect(await remote.read("main", `${SHOP}/index.yml`)).toBe("A\nb\nc\nd\nE\n");
    expect(await remote.fsck()).toBe("");
  });

  it("peels an annotated tag to its commit", async () => {
    const commit = await remote.commit({ [`${SHOP}/index.yml`]: "1\n" });
    await remote.git("-c", "user.name=P", "-c", "user.email=p@x", "tag", "-a", "-m", "release", "v1", commit);
    await reopen();
    expect(session.ref("refs/tags/v1")).toBe(commit);
  });
});
