import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Repository, type RepositoryAuth, SecretValue } from "@/lib/domain/repository";
import { database } from "@/lib/testing/database";
import { failure, Fleet } from "@/lib/testing/fleet";
import { git, gitServer, type GitServerOptions, type TestRepository } from "@/lib/testing/git/git-server";
import { aRepository, loopbackRepositories } from "@/lib/testing/git/git-server-repository";
import { refOnlyHost } from "@/lib/testing/git/ref-only-host";
import { sshServer, type SshServerOptions } from "@/lib/testing/ssh/server";
import { compare } from "@/lib/versioning/compare";

interface Served {
  repository(name: string): Promise<TestRepository>;
  close(): Promise<void>;
  auth: RepositoryAuth;
  /** What the server refused that it should never have been asked. */
  refusals?: string[];
}

const password: RepositoryAuth = { kind: "password", user: "git", password: new SecretValue("s3cret") };

async function http(options: GitServerOptions): Promise<Served> {
  return { ...(await gitServer({ password: "s3cret", ...options })), auth: password };
}

async function ssh(options: SshServerOptions): Promise<Served> {
  const server = await sshServer(options);
  return { ...server, auth: { kind: "sshkey", key: new SecretValue(server.key) } };
}

async function host(): Promise<Served> {
  const { repository, close, refusals } = await refOnlyHost({ password: "s3cret" });
  return { repository, close, refusals, auth: password };
}

const SERVERS: { name: string; start: () => Promise<Served> }[] = [
  { name: "HTTP, version 2, with filter", start: () => http({}) },
  { name: "HTTP, version 2, without filter", start: () => http({ filter: false }) },
  { name: "HTTP, version 0, with filter", start: () => http({ version2: false, anyObject: true }) },
  { name: "HTTP, version 0, without filter", start: () => http({ version2: false, filter: false }) },
  { name: "SSH, version 2, without filter, git-shell", start: () => ssh({ filter: false, gitShell: true }) },
  { name: "SSH, version 0, without filter", start: () => ssh({ filter: false, acceptsProtocol: false }) },
  { name: "HTTP, the rules of Azure DevOps and CodeCommit", start: host },
];

const GROUPS = [{ name: "all", labels: ["all"] }];
const page = (title: string) => `slug: home\ntitle: ${title}\nbody: |\n  one\n  two\n  three\n  four\n`;
const texts = (slug: string, title: string) => ({
  "index.yml": `name: ${slug}\nslug: ${slug}\nlabels: [all]\n`,
  "pages/home.yml": page(title),
  "automations/greet.yml": "slug: greet\ndo: []\n",
});

describe.each(SERVERS)("A server that speaks $name", ({ start }) => {
  let served: Served;
  let remote: TestRepository;
  let repository: Repository;
  const owned = database();
  /** A server process that knows nothing yet of the remote, on the database of the one before. */
  const restarted = async () => new Fleet(await (await owned).open(), { groups: GROUPS });
  let fleet: Fleet;
  const title = (text: string) => ({ ...texts("alpha", text) });
  beforeAll(async () => {
    served = await start();
    remote = await served.repository("fleet");
    repository = aRepository({ url: remote.url, auth: served.auth });
    fleet = new Fleet(await (await owned).open(), { groups: GROUPS });
    await fleet.create("platform", { "index.yml": "name: Platform\nslug: platform\n" });
    for (const slug of ["alpha", "beta", "gamma"]) await fleet.create(slug, texts(slug, "first"), ["all"]);
  });
  afterAll(async () => {
    expect(served.refusals ?? []).toEqual([]);
    await served.close();
    await (await owned).close();
  });

  test("passes the test of the connection", async () => {
    await remote.commit({ "README.md": "hello\n" });
    const steps = await loopbackRepositories().test(repository, new AbortController().signal);
    expect(steps.filter(({ status }) => status === "failed")).toEqual([]);
  });

  test("takes pushes, one and many, also the first after a restart whose last push lies commits back", async () => {
    await fleet.bulkPush(repository, ["all"], { name: "v1" });
    for (const round of ["2", "3", "4"]) {
      for (const slug of ["alpha", "beta"]) {
        await fleet.edit(slug, texts(slug, round));
        await fleet.push(slug, repository, { name: `r${round}` });
      }
    }
    fleet = await restarted();
    await fleet.edit("alpha", texts("alpha", "5"));
    await fleet.push("alpha", repository, { name: "r5" });
    fleet = await restarted();
    for (const slug of ["alpha", "beta", "gamma"]) await fleet.edit(slug, texts(slug, "6"));
    const summary = await fleet.bulkPush(repository, ["all"], { name: "v2" });
    expect(summary.errors).toEqual([]);
    expect(summary.pushedWorkspaceIds.sort()).toEqual(["alpha", "beta", "gamma"]);
    expect(await remote.git("rev-parse", "v2")).toBe(await remote.git("rev-parse", "main"));
    expect(await remote.read("main", "workspaces/alpha/pages/home.yml")).toBe(page("6"));
    expect(await remote.git("rev-list", "--merges", "--count", "main")).toBe("0");
    expect(await remote.fsck()).toBe("");
  });

  test("gives what others pushed, merged with edits made here, and the other side's where ours is discarded", async () => {
    const theirs = page("6").replace("four", "FOUR");
    await remote.commit({ "workspaces/alpha/pages/home.yml": theirs });
    fleet = await restarted();
    const ports = await fleet.ports();
    const seen = await compare(ports, { workspaceId: "alpha", repository });
    expect([seen.status, seen.behind, seen.updates.length]).toEqual(["behind", 1, 1]);
    await fleet.edit("alpha", title("merged"));
    await fleet.pull("alpha", repository);
    expect((await fleet.texts("alpha")).get("pages/home.yml")).toBe(theirs.replace("6", "merged"));
    await fleet.push("alpha", repository, { name: "r7" });
    await remote.commit({ "workspaces/alpha/pages/home.yml": page("theirs") });
    fleet = await restarted();
    await fleet.edit("alpha", title("lost"));
    await fleet.pull("alpha", repository, { discard: true });
    expect((await fleet.texts("alpha")).get("pages/home.yml")).toBe(page("theirs"));
    await fleet.edit("alpha", title("8"));
    await fleet.push("alpha", repository, { name: "r8" });
  });

  test("holds a conflict until a person resolves it with a git client", async () => {
    await remote.commit({ "workspaces/beta/pages/home.yml": page("theirs") });
    await fleet.edit("beta", texts("beta", "ours"));
    fleet = await restarted();
    expect(await failure(fleet.pull("beta", repository))).toMatchObject({ code: "MergeConflict" });
    const clone = await remote.clone();
    await git(clone, "checkout", "-q", "-b", "work", "origin/prismeai/beta/main");
    await git(clone, "merge", "-q", "-s", "ours", "-m", "Resolved", "origin/main");
    await git(clone, "push", "-q", "origin", "HEAD:refs/heads/prismeai/beta/main");
    fleet = await restarted();
    await fleet.pull("beta", repository);
    expect((await fleet.texts("beta")).get("pages/home.yml")).toBe(page("ours"));
    await fleet.push("beta", repository, { name: "r9" });
    expect(await remote.read("main", "workspaces/beta/pages/home.yml")).toBe(page("ours"));
    expect(await remote.fsck()).toBe("");
  });

  test("goes back to a version by its record, its tag and its commit, and says when there is none", async () => {
    fleet = await restarted();
    await fleet.rollback("alpha", repository, "r3");
    expect((await fleet.texts("alpha")).get("pages/home.yml")).toBe(page("3"));
    await fleet.pull("alpha", repository, { versionId: "v1" });
    expect((await fleet.texts("alpha")).get("pages/home.yml")).toBe(page("first"));
    const commit = await remote.git("rev-parse", "alpha@r5^{commit}");
    fleet = await restarted();
    await fleet.pull("alpha", repository, { versionId: commit });
    expect((await fleet.texts("alpha")).get("pages/home.yml")).toBe(page("5"));
    await fleet.push("alpha", repository, { name: "r10" });
    for (const versionId of ["1".repeat(40), "nothing"])
      expect(await failure(fleet.pull("alpha", repository, { versionId }))).toMatchObject({
        code: "NotFound",
      });
  });

  test("is imported as a whole into another environment, and again when something changed", async () => {
    const target = await database();
    const other = await Fleet.open(await target.open(), { groups: GROUPS });
    const first = await other.bulkImport(repository);
    expect([first.errors, first.createdWorkspaceIds.length]).toEqual([[], 3]);
    await fleet.edit("gamma", texts("gamma", "again"));
    await fleet.push("gamma", repository, { name: "r11" });
    const later = new Fleet(other.store, { groups: GROUPS });
    const second = await later.bulkImport(repository);
    expect([second.errors, second.updatedWorkspaceIds.length]).toEqual([[], 1]);
    await target.close();
    expect((await remote.git("tag")).split("\n")).toEqual(expect.arrayContaining(["v1", "v2", "gamma@r11"]));
    expect(await remote.fsck()).toBe("");
  });
});
