import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { AppError } from "@/lib/domain/error";
import { type Repository, type RepositoryAuth, SecretValue } from "@/lib/domain/repository";
import { aRepository, loopbackRepositories } from "@/lib/testing/git/git-server-repository";
import { AUTHOR, MAIN, openSession } from "@/lib/testing/git/repository-contract";
import { newKey, sshServer, type SshServer, type SshServerOptions } from "@/lib/testing/ssh/server";
import { createRepositories } from "../../repositories";
import { createEgressPolicy } from "@/lib/net/egress";
import type { RemoteTimeouts } from "@/lib/net/deadlines";
import { fileHostKeys, type HostKeys, memoryHostKeys } from "./host-keys";

// For servers that misbehave; the others get as long as they need.
const IMPATIENT = { connectMs: 1500, idleMs: 1000, totalMs: 1500 };

let server: SshServer | undefined;
let raw: Server | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
  await new Promise((resolve) => (raw ? raw.close(resolve) : resolve(null)));
  raw = undefined;
});

async function serve(options: SshServerOptions = {}): Promise<{ server: SshServer; repository: Repository }> {
  server = await sshServer(options);
  const remote = await server.repository("it's a fleet!");
  await remote.commit({ "workspaces/shop/index.yml": "name: Shop\n" });
  return { server, repository: aRepository({ url: encodeURI(remote.url), auth: keyAuth(server.key) }) };
}

function keyAuth(key: string, passphrase?: string): RepositoryAuth {
  return {
    kind: "sshkey",
    key: new SecretValue(key),
    ...(passphrase === undefined ? {} : { passphrase: new SecretValue(passphrase) }),
  };
}

async function tip(
  repository: Repository,
  hostKeys: HostKeys = memoryHostKeys(),
  timeouts: Partial<RemoteTimeouts> = {},
): Promise<string | null> {
  const repositories = loopbackRepositories({ hostKeys, timeouts });
  const session = await openSession({ repository, repositories });
  const oid = session.ref(MAIN);
  await session.close();
  return oid;
}

async function failure(...asked: Parameters<typeof tip>): Promise<AppError> {
  const error: unknown = await tip(...asked).catch((reason: unknown) => reason);
  expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain("PRIVATE KEY");
  return error as AppError;
}

/** Pushes a commit to the target and an intermediate branch, and sees them there. */
async function pushOnce(repository: Repository): Promise<string> {
  const session = await openSession({ repository, repositories: loopbackRepositories() });
  const onto = session.ref(MAIN);
  const oid = session.putBlob(Buffer.from("name: New\n"));
  const subtree = await session.editTree(null, new Map([["index.yml", { mode: "100644", oid }]]));
  const fields = { directory: "workspaces/new", author: AUTHOR, date: new Date(0), message: "New" };
  const next = await session.putCommit({ ...fields, onto, subtree, parents: onto ? [onto] : [] });
  const intermediate = "refs/heads/prismeai/new/main";
  const outcome = await session.push([
    { ref: MAIN, expected: onto, next },
    { ref: intermediate, expected: null, next },
  ]);
  expect(outcome).toEqual({ kind: "accepted" });
  await session.refresh();
  expect(session.ref(intermediate)).toBe(next);
  await session.close();
  return next;
}

describe("A repository over SSH", () => {
  it("is read and pushed to with a key, whatever characters its path has", async () => {
    const { repository } = await serve();
    const pushed = await pushOnce(repository);
    expect(await tip(repository)).toBe(pushed);
  });

  it.each([true, false])(
    "is used where a connection runs one service at a time (MaxSessions 1, version 2: %s)",
    async (acceptsProtocol) => {
      const { repository } = await serve({ maxSessions: 1, acceptsProtocol });
      const pushed = await pushOnce(repository);
      expect(await tip(repository)).toBe(pushed);
    },
  );

  it.each(["Welcome to the machine", "feed me", "This account is currently not available."])(
    "is refused at once with what a shell prints before git: %s",
    async (prints) => {
      const { repository } = await serve({ prints });
      expect(await failure(repository)).toMatchObject({
        code: "RemoteUnreachable",
        message: expect.stringContaining(`“${prints}`) as string,
        details: { reason: "shell" },
      });
    },
  );

  it("opens a key that has a passphrase, in each of the usual forms", async () => {
    const { repository } = await serve();
    const locked = newKey("open sesame");
    // The server knows another key, so getting as far as its refusal shows that this one was opened.
    expect(await failure({ ...repository, auth: keyAuth(locked.private, "open sesame") })).toMatchObject({
      code: "RemoteAuthFailed",
      message: expect.stringMatching(/refuses the key SHA256:\S+ for the user/) as string,
    });
    expect(await failure({ ...repository, auth: keyAuth(locked.private) })).toMatchObject({
      code: "RemoteAuthFailed",
      message: expect.stringContaining("is encrypted. Set its passphrase") as string,
    });
    expect(await failure({ ...repository, auth: keyAuth(locked.private, "wrong") })).toMatchObject({
      message: expect.stringContaining("cannot be decrypted") as string,
    });
    expect(await failure({ ...repository, auth: keyAuth(locked.public) })).toMatchObject({
      message: expect.stringContaining("is a public key") as string,
    });
    expect(await failure({ ...repository, auth: keyAuth("hello") })).toMatchObject({
      message: expect.stringContaining("cannot be read") as string,
    });
  });

  it.each([false, true])(
    "takes a password, asked for at once or question by question (%s)",
    async (isInteractive) => {
      const { repository } = await serve({ password: "canary-hunter2", isInteractive });
      const auth = (password: string): RepositoryAuth => ({
        kind: "password",
        user: "git",
        password: new SecretValue(password),
      });
      expect(await tip({ ...repository, auth: auth("canary-hunter2") })).toMatch(/^[0-9a-f]{40}$/);
      expect(await failure({ ...repository, auth: auth("other") })).toMatchObject({
        code: "RemoteAuthFailed",
        message: expect.stringContaining("refuses the password of the user git") as string,
      });
      expect(await failure({ ...repository, auth: { kind: "none" } })).toMatchObject({
        code: "RemoteAuthFailed",
      });
    },
  );

  it("says that there is no repository, and what the server said", async () => {
    const { repository } = await serve();
    expect(await failure({ ...repository, url: `${repository.url}x` })).toMatchObject({
      code: "RemoteNotFound",
      message: expect.stringMatching(
        /no repository at this path.*does not appear to be a git repository/s,
      ) as string,
    });
  });

  it("is reached at addresses that egress allows, and at no other", async () => {
    const { repository } = await serve();
    const repositories = createRepositories({ egress: createEgressPolicy() });
    const own = { ...repository, scope: "workspace" as const };
    await expect(openSession({ repository: own, repositories })).rejects.toMatchObject({
      code: "PermissionDenied",
    });
  });
});

describe("The host key of an SSH server", () => {
  it("is pinned when it is first seen, in the form that ssh clients keep", async () => {
    const { repository, server } = await serve();
    const folder = await mkdtemp(join(tmpdir(), "switchyard-pins-"));
    const file = join(folder, "data", "known_hosts");
    const hostKeys = fileHostKeys(file);
    expect(await hostKeys.list()).toEqual([]);
    await Promise.all([tip(repository, hostKeys), tip(repository, hostKeys)]);
    const pinned = { host: "127.0.0.1", port: server.port, type: "ssh-ed25519", fingerprint: server.hostKey };
    expect(await hostKeys.list()).toEqual([pinned]);
    expect(await readFile(file, "utf8")).toMatch(/^\[127\.0\.0\.1\]:\d+ ssh-ed25519 [A-Za-z0-9+/=]+\n$/);
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await fileHostKeys(file).list(at(server.port))).toEqual([pinned]);
    await rm(folder, { recursive: true });
  });

  it("is refused once it changed, naming both, until the pinned one is forgotten", async () => {
    const { repository, server } = await serve();
    const hostKeys = memoryHostKeys();
    await tip(repository, hostKeys);
    const before = server.hostKey;
    await server.changeHostKey();
    const error = await failure(repository, hostKeys);
    expect(error).toMatchObject({
      code: "HostKeyChanged",
      status: 502,
      details: { offered: server.hostKey, pinned: [before] },
    });
    expect(error.message).toContain(before);
    expect(error.message).toContain(server.hostKey);
    expect(error.message).toContain("Forget host key");
    expect(await hostKeys.forget(at(server.port))).toMatchObject([{ fingerprint: before }]);
    expect(await tip(repository, hostKeys)).toMatch(/^[0-9a-f]{40}$/);
    expect(await hostKeys.list()).toMatchObject([{ fingerprint: server.hostKey }]);
  });

  it("of another kind than the pinned one does not pass for it", async () => {
    const { repository, server } = await serve();
    const folder = await mkdtemp(join(tmpdir(), "switchyard-pins-"));
    const file = join(folder, "known_hosts");
    const rsa = Buffer.concat([Buffer.from([0, 0, 0, 7]), Buffer.from("ssh-rsa"), Buffer.alloc(64, 1)]);
    const name = `[127.0.0.1]:${String(server.port)}`;
    await writeFile(file, `# by hand\ngit.example,${name} ssh-rsa ${rsa.toString("base64")} note\n`);
    const hostKeys = fileHostKeys(file);
    expect(await failure(repository, hostKeys)).toMatchObject({
      code: "HostKeyChanged",
      message: expect.stringContaining("no longer has a host key of the pinned kind") as string,
    });
    await hostKeys.forget(at(server.port));
    expect(await readFile(file, "utf8")).toBe(
      `# by hand\ngit.example ssh-rsa ${rsa.toString("base64")} note\n`,
    );
    await rm(folder, { recursive: true });
  });
});

describe("An SSH server that misbehaves", () => {
  async function listen(onConnection: (socket: Socket) => void): Promise<Repository> {
    const made = createServer((socket) => {
      socket.on("error", () => undefined);
      onConnection(socket);
    });
    raw = made;
    await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
    const { port } = made.address() as AddressInfo;
    return aRepository({ url: `ssh://git@127.0.0.1:${String(port)}/x.git`, auth: keyAuth(newKey().private) });
  }

  it("and never answers is given up after a while", async () => {
    const sockets: Socket[] = [];
    const repository = await listen((socket) => sockets.push(socket));
    const error = await failure(repository, memoryHostKeys(), IMPATIENT);
    for (const socket of sockets) socket.destroy();
    expect(error).toMatchObject({ code: "RemoteUnreachable", details: { reason: "timeout" } });
  });

  it("is no SSH server at all, or hangs up", async () => {
    const web = await listen((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await failure(web)).toMatchObject({ code: "RemoteUnreachable" });
    raw?.close();
    const rude = await listen((socket) => socket.destroy());
    expect(await failure(rude)).toMatchObject({ code: "RemoteUnreachable" });
    raw?.close();
    expect(await failure(aRepository({ ...rude, url: "ssh://git@127.0.0.1:1/x" }))).toMatchObject({
      code: "RemoteUnreachable",
      details: { reason: "refused" },
    });
  });

  it.each<[string, NonNullable<SshServerOptions["answer"]>, Record<string, unknown>]>([
    ["is silent", () => undefined, { code: "RemoteUnreachable", details: { reason: "timeout" } }],
    [
      "drips",
      (channel) => {
        channel.write("ffff");
        const timer = setInterval(() => channel.write("a"), 100);
        channel.on("close", () => {
          clearInterval(timer);
        });
        channel.on("error", () => undefined);
      },
      { code: "RemoteUnreachable" },
    ],
    [
      "sends without end",
      (channel) => {
        const packetOf = (line: string) => (line.length + 4).toString(16).padStart(4, "0") + line;
        const packet = packetOf(`${"0".repeat(40)} refs/heads/${"a".repeat(900)}\n`);
        channel.write(packetOf(`${"0".repeat(40)} refs/heads/main\0side-band-64k\n`));
        const flood = () => {
          while (!channel.destroyed && channel.write(packet.repeat(50)));
        };
        channel.on("drain", flood);
        channel.on("error", () => undefined);
        flood();
      },
      { code: "TooLarge" },
    ],
    [
      "lies about lengths",
      (channel) => {
        channel.write("zzzz");
        channel.exit(0);
        channel.end();
      },
      { code: "RemoteUnreachable" },
    ],
    [
      "denies the service",
      (channel) => {
        channel.stderr.write("remote: You are not allowed to read this project.\n");
        channel.exit(1);
        channel.end();
      },
      { code: "RemoteAuthFailed" },
    ],
  ])("and %s inside a session ends with a typed error", async (_name, answer, expected) => {
    server = await sshServer({ answer });
    const url = `${server.url}/x.git`;
    const repositories = loopbackRepositories({ timeouts: IMPATIENT, limits: { refBytes: 1_000_000 } });
    const opening = openSession({
      repository: aRepository({ url, auth: keyAuth(server.key) }),
      repositories,
    });
    await expect(opening).rejects.toMatchObject(expected);
  });
});

function at(port: number): { host: string; port: number } {
  return { host: "127.0.0.1", port };
}
