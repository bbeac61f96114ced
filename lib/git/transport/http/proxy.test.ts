import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Repository } from "@/lib/domain/repository";
import { SecretValue } from "@/lib/domain/repository";
import { selfSigned } from "@/lib/testing/git/certificate";
import { connectProxy, type ConnectProxy } from "@/lib/testing/git/connect-proxy";
import { gitServer, type GitServer } from "@/lib/testing/git/git-server";
import { aRepository } from "@/lib/testing/git/git-server-repository";
import { AUTHOR, MAIN, openSession } from "@/lib/testing/git/repository-contract";
import { createRepositories, type RepositoriesOptions } from "../../repositories";
import { createEgressPolicy } from "@/lib/net/egress";
import { proxyFor, type ProxySettings } from "@/lib/net/proxy";

let tls: { key: string; cert: string };
let server: GitServer | undefined;
let proxy: ConnectProxy | undefined;
beforeAll(async () => {
  tls = await selfSigned("git.corp.example");
});
afterEach(async () => {
  await Promise.all([server?.close(), proxy?.close()]);
  server = proxy = undefined;
});

async function serve(): Promise<{ server: GitServer; repository: Repository }> {
  server = await gitServer({ password: "s3cret", tls });
  const remote = await server.repository("fleet");
  await remote.commit({ "workspaces/shop/index.yml": "name: Shop\n" });
  return { server, repository: aRepository({ url: remote.url, password: "s3cret", ca: tls.cert }) };
}

const settings = (differences: Partial<ProxySettings> = {}): ProxySettings => ({
  url: new URL(proxy?.url ?? ""),
  except: [],
  ...differences,
});

function repositories(options: RepositoriesOptions) {
  return createRepositories({ timeouts: { connectMs: 2000 }, ...options });
}

async function pushThrough(repository: Repository, options: RepositoriesOptions): Promise<void> {
  const session = await openSession({ repository, repositories: repositories(options) });
  const onto = session.ref(MAIN);
  const oid = session.putBlob(Buffer.from("name: New\n"));
  const subtree = await session.editTree(null, new Map([["index.yml", { mode: "100644", oid }]]));
  const fields = { directory: "workspaces/new", author: AUTHOR, date: new Date(0), message: "New" };
  const next = await session.putCommit({ ...fields, onto, subtree, parents: onto ? [onto] : [] });
  expect(await session.push([{ ref: MAIN, expected: onto, next }])).toEqual({ kind: "accepted" });
  await session.close();
}

function withoutCa(repository: Repository): Repository {
  const { id, name, url, auth } = repository;
  return aRepository({ id, name, url, auth });
}

describe("A git server with a certificate of its own", () => {
  it("is read and pushed to with its authority given for the repository, or for all", async () => {
    const { repository } = await serve();
    await pushThrough(repository, {});
    const plain = withoutCa(repository);
    const other = await selfSigned("other.example");
    await expect(pushThrough(plain, {})).rejects.toMatchObject({ details: { reason: "tls" } });
    // Another authority for the repository does not hide those that are trusted everywhere.
    await pushThrough({ ...plain, ca: other.cert }, { extraCa: tls.cert });
    await expect(pushThrough({ ...plain, ca: other.cert }, {})).rejects.toThrow(/"git.corp.example"/);
  });
});

describe("A proxy for https", () => {
  it("is gone through to the address that egress allowed", async () => {
    const { repository, server } = await serve();
    proxy = await connectProxy({ user: "ada", password: "canary-pass" });
    const credentials = { user: "ada", password: new SecretValue("canary-pass") };
    await pushThrough(repository, { proxy: settings({ credentials }) });
    const target = new URL(server.url).host;
    // One connection is kept for reading, the push has its own.
    expect(proxy.asked).toEqual([target, target]);
  });

  it("looks a name up itself when the operator named the host", async () => {
    const { repository, server } = await serve();
    proxy = await connectProxy({ hosts: { "git.corp.example": "127.0.0.1" } });
    const { port } = new URL(server.url);
    const url = repository.url.replace("127.0.0.1", "git.corp.example");
    await pushThrough({ ...repository, url }, { proxy: settings() });
    expect(new Set(proxy.asked)).toEqual(new Set([`git.corp.example:${port}`]));
  });

  it("is asked for nothing that egress forbids, even if it could get there", async () => {
    const { repository } = await serve();
    proxy = await connectProxy();
    const egress = createEgressPolicy({
      resolve: () => Promise.resolve([{ address: "127.0.0.1", family: 4 as const }]),
    });
    const own = { ...repository, scope: "workspace" as const };
    for (const url of [own.url, own.url.replace("127.0.0.1", "inside.example")])
      await expect(pushThrough({ ...own, url }, { egress, proxy: settings() })).rejects.toMatchObject({
        code: "PermissionDenied",
      });
    expect(proxy.asked).toEqual([]);
  });

  it("that refuses, wants credentials or is not there is told apart, without its password", async () => {
    const { repository } = await serve();
    const credentials = { user: "ada", password: new SecretValue("canary-pass") };
    const failure = (given: ProxySettings) =>
      pushThrough(repository, { proxy: given }).then(
        () => "",
        (error: unknown) => `${(error as Error).message} ${JSON.stringify(error)}`,
      );
    proxy = await connectProxy({ user: "ada", password: "other" });
    const unauthorised = await failure(settings({ credentials }));
    expect(unauthorised).toContain("407");
    expect(unauthorised).not.toContain("canary-pass");
    await proxy.close();
    expect(await failure(settings())).toContain("cannot be reached");
    proxy = await connectProxy({ refuses: true });
    expect(await failure(settings())).toContain("HTTP 403");
    expect(await failure({ url: new URL(server?.url ?? ""), except: [] })).toMatch(/cannot be reached/);
    await pushThrough(repository, { proxy: settings({ except: ["localhost", "127.0.0.0/8"] }) });
  });

  it("still shows which certificate is not trusted", async () => {
    const { repository } = await serve();
    proxy = await connectProxy();
    const plain = withoutCa(repository);
    await expect(pushThrough(plain, { proxy: settings() })).rejects.toMatchObject({
      details: { reason: "tls" },
      message: expect.stringContaining('"git.corp.example"') as string,
    });
  });

  it.each([
    ["git.example.com", "example.com", true],
    ["git.example.com", ".example.com", true],
    ["git.example.com", "*.example.com", true],
    ["badexample.com", "example.com", false],
    ["example.com", "example.com:8443", false],
    ["example.com", "example.com:443", true],
    ["anything", "*", true],
    ["10.1.2.3", "10.0.0.0/8", true],
    ["11.1.2.3", "10.0.0.0/8", false],
    ["10.1.2.3", "10.1.2.3", true],
    ["::1", "[::1]", true],
    ["example.com", "", false],
  ])("and the host %s with NO_PROXY=%s: reached directly %s", (host, entry, isExcepted) => {
    const given = { url: new URL("http://proxy:3128"), except: [entry] };
    expect(proxyFor(given, { host, port: 443 }) === undefined).toBe(isExcepted);
  });
});
