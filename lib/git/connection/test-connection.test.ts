import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Repository } from "@/lib/domain/repository";
import { SecretValue } from "@/lib/domain/repository";
import { selfSigned } from "@/lib/testing/git/certificate";
import { git, gitServer, type GitServer, type TestRepository } from "@/lib/testing/git/git-server";
import { aRepository, loopbackRepositories } from "@/lib/testing/git/git-server-repository";
import { newKey, sshServer, type SshServer } from "@/lib/testing/ssh/server";
import { memoryHostKeys } from "../transport/ssh/host-keys";
import type { RepositoriesOptions } from "../repositories";

async function lines(repository: Repository, options: RepositoriesOptions = {}): Promise<string[]> {
  const repositories = loopbackRepositories(options);
  const steps = await repositories.test(repository, new AbortController().signal);
  expect(steps.map(({ number }) => number)).toEqual(steps.map((_, index) => index + 1));
  for (const { status, cure } of steps) if (status === "failed") expect(cure).toBeTruthy();
  return steps.map(({ step, status, message, cure }) => `${step} ${status}: ${message} ${cure ?? ""}`);
}

describe("The connection to a repository over https", () => {
  let tls: { key: string; cert: string };
  let server: GitServer;
  let remote: TestRepository;
  let good: Repository;
  beforeAll(async () => {
    tls = await selfSigned("git.corp.example");
    server = await gitServer({ password: "s3cret", tls });
    remote = await server.repository("fleet");
    await remote.commit({ "workspaces/shop/index.yml": "name: Shop\n" });
    good = aRepository({ url: remote.url, password: "s3cret", ca: tls.cert });
  });
  afterAll(() => server.close());

  it("works from the first step to the last, and nothing is changed", async () => {
    const before = await remote.git("for-each-ref");
    expect(await lines(good)).toEqual([
      expect.stringMatching(/^reach ok: 127\.0\.0\.1, port \d+, accepts connections/),
      expect.stringMatching(
        /^tls ok: The certificate "git\.corp\.example".*is trusted and valid until 20\d\d-/,
      ),
      expect.stringMatching(/^credentials ok: The repository is read as git/),
      expect.stringMatching(/^branch ok: The branch main is at [0-9a-f]{10}/),
      expect.stringMatching(/^write ok: Pushes are accepted\./),
    ]);
    expect(await remote.git("for-each-ref")).toBe(before);
  });

  it("fails at the step that is to blame, and the rest is skipped", async () => {
    const skipped = expect.stringContaining("skipped: Not checked, because an earlier step failed") as string;
    const untrusted = aRepository({ url: remote.url, password: "s3cret" });
    expect(await lines(untrusted)).toEqual([
      expect.stringContaining("reach ok"),
      expect.stringMatching(/^tls failed: The certificate "git\.corp\.example".*not trusted.*CA/),
      skipped,
      skipped,
      skipped,
    ]);
    const wrong = aRepository({ url: remote.url, password: "canary-wrong", ca: tls.cert });
    const refused = await lines(wrong);
    expect(refused[2]).toMatch(/^credentials failed: The remote refused the credentials \(401\)\. Check/);
    expect(refused.slice(3)).toEqual([skipped, skipped]);
    expect(refused.join()).not.toContain("canary-wrong");
    expect((await lines({ ...good, url: `${remote.url}x` }))[2]).toContain("has no repository at this URL");
    expect((await lines({ ...good, url: "https://127.0.0.1:1/x.git" }))[0]).toContain(
      "reach failed: Nothing accepts",
    );
    expect((await lines({ ...good, url: "https://me:canary@127.0.0.1/x" })).join()).not.toContain("canary");
  });

  it("tells of a branch that is missing what it means in the repository's mode", async () => {
    expect((await lines({ ...good, branch: "release" }))[3]).toMatch(
      /^branch warning: There is no branch release yet\. There are main\. The first push creates it/,
    );
    const reading = await lines({ ...good, branch: "release", mode: "read-only" });
    expect(reading[3]).toMatch(/^branch failed: There is no branch release\./);
    expect((await lines({ ...good, mode: "read-only" }))[4]).toContain("write skipped");
  });

  it("shows that pushing is not allowed", async () => {
    await remote.git("config", "http.receivepack", "false");
    const found = await lines(good);
    await remote.git("config", "http.receivepack", "true");
    expect(found[4]).toMatch(/^write failed: .*does not let them write to/);
  });

  it.each<[string, (remote: TestRepository) => Promise<unknown>, RegExp]>([
    [
      "a hook before the push",
      (remote) => remote.hook("pre-receive", "#!/bin/sh\necho 'Only on weekdays.' >&2; exit 1\n"),
      /^write failed: The server refuses pushes to main \(pre-receive hook declined: Only on weekdays\.\)\. Let/,
    ],
    [
      "a hook for the target branch",
      (remote) => remote.hook("update", '#!/bin/sh\n[ "$1" != refs/heads/main ]\n'),
      /^write failed: The server refuses pushes to main \(hook declined\)\. Let this account push to main/,
    ],
    [
      "branches that are hidden",
      (remote) => remote.git("config", "transfer.hideRefs", "refs/heads/prismeai"),
      /^write failed: The server refuses pushes to prismeai\/\S+ \(deny updating a hidden ref\)\. Let/,
    ],
  ])("shows that pushes are refused by %s, and changes nothing", async (_name, refuse, expected) => {
    const guarded = await server.repository(`guarded-${String(expected.source.length)}`);
    await guarded.commit({ "workspaces/shop/index.yml": "name: Shop\n" });
    await refuse(guarded);
    const before = await guarded.git("for-each-ref");
    expect((await lines({ ...good, url: guarded.url }))[4]).toMatch(expected);
    expect((await lines({ ...good, url: guarded.fileUrl }))[4]).toMatch(expected);
    expect(await guarded.git("for-each-ref")).toBe(before);
  });

  it("names the new address of a repository that has moved, within the host or to another", async () => {
    const old = { ...good, id: "myrepo", url: `${server.url}/old/name` };
    const find = async () => {
      const steps = await loopbackRepositories().test(old, new AbortController().signal);
      return steps.find(({ step }) => step === "credentials");
    };
    server.moves.set("/old/name", "/fleet.git");
    const within = await find();
    const written = (await lines(old))[4];
    // As GitLab does for an address without .git: only the discovery is redirected.
    server.moves.clear();
    server.moves.set("/old/name/info", "/fleet.git/info");
    expect(await find()).toEqual(within);
    server.moves.clear();
    server.moves.set("/old/name", "https://git.example.com:8443/fleet.git");
    const elsewhere = await find();
    server.moves.clear();
    expect(within).toMatchObject({ status: "warning", url: remote.url });
    expect(within?.cure).toContain("Set WORKSPACES_STORAGE_GIT_PLATFORM_myrepo_URL to the new address");
    expect(written).toContain("write ok");
    const url = "https://git.example.com:8443/fleet.git";
    expect(elsewhere).toMatchObject({ status: "failed", url });
    expect(elsewhere?.message).toContain(`The repository has moved to ${url}.`);
  });

  it("warns of plain http", async () => {
    const plain = await gitServer();
    const { url } = await plain.repository("fleet");
    const found = await lines(aRepository({ url }));
    await plain.close();
    expect(found[1]).toMatch(/^tls warning: The connection is not encrypted/);
    expect(found[3]).toContain("The repository is empty");
  });
});

describe("The connection to a repository over SSH", () => {
  let server: SshServer;
  let repository: Repository;
  beforeAll(async () => {
    server = await sshServer();
    const remote = await server.repository("fleet");
    await remote.commit({ "workspaces/shop/index.yml": "name: Shop\n" });
    repository = aRepository({ url: remote.url, auth: { kind: "sshkey", key: new SecretValue(server.key) } });
  });
  afterAll(() => server.close());

  it("shows the host key, when it is pinned and when it changed", async () => {
    const hostKeys = memoryHostKeys();
    const first = await lines(repository, { hostKeys });
    expect(first[1]).toBe(
      `hostKey ok: The host key is ${server.hostKey} (ssh-ed25519), seen for the first time and pinned from now on. `,
    );
    expect(first[2]).toContain("credentials ok");
    expect(first[4]).toContain("write ok");
    expect((await lines(repository, { hostKeys }))[1]).toContain("the one that is pinned");
    const pinned = server.hostKey;
    await server.changeHostKey();
    const changed = await lines(repository, { hostKeys });
    expect(changed[1]).toMatch(/^hostKey failed: .*presented the host key/);
    expect(changed[1]).toContain(pinned);
    expect(changed[1]).toContain(server.hostKey);
    expect(changed[2]).toContain("skipped");
  });

  it("tells a refused key from one that cannot be read and from a missing repository", async () => {
    const stranger = { kind: "sshkey", key: new SecretValue(newKey().private) } as const;
    const refused = await lines({ ...repository, auth: stranger });
    expect(refused[1]).toContain("hostKey ok");
    expect(refused[2]).toMatch(/^credentials failed: .*refuses the key SHA256:/);
    const locked = { kind: "sshkey", key: new SecretValue(newKey("secret").private) } as const;
    const unread = await lines({ ...repository, auth: locked });
    expect(unread[1]).toContain("hostKey skipped");
    expect(unread[2]).toMatch(/^credentials failed: The SSH key is encrypted/);
    expect((await lines({ ...repository, url: `${repository.url}x` }))[2]).toContain(
      "no repository at this path",
    );
  });
});

describe("The connection to a repository on disk", () => {
  it("is tested as far as it applies", async () => {
    const server = await gitServer();
    const remote = await server.repository("fleet");
    await remote.commit({ "index.yml": "name: Shop\n" });
    const found = await lines(aRepository({ url: remote.fileUrl }));
    await server.close();
    expect(found[0]).toContain("reach ok");
    expect(found[1]).toContain("tls skipped");
    expect(found[4]).toContain("write ok");
    const folder = await mkdtemp(join(tmpdir(), "switchyard-release-"));
    const directory = aRepository({ type: "filesystem", mode: "read-only", dirpath: folder });
    expect((await lines(directory))[0]).toContain("exists and can be read");
    expect((await lines(directory))[3]).toContain("branch skipped: A directory has no branches");
    await git(folder, "init", "-q");
    await git(folder, "commit", "-q", "--allow-empty", "-m", "Open the shop");
    expect((await lines(directory))[3]).toMatch(
      /^branch ok: Git has it at commit [0-9a-f]{7} by Pat Client: Open the shop/,
    );
    await rm(folder, { recursive: true });
    expect((await lines(directory))[0]).toContain("reach failed: The directory");
  });
});
