import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { SecretValue } from "@/lib/domain/repository";
import { describeRepository } from "@/lib/testing/git/repository-contract";
import { gitServer, type GitServerOptions } from "@/lib/testing/git/git-server";
import { sshServer, type SshServer } from "@/lib/testing/ssh/server";
import { writeFiles } from "@/lib/testing/git/run";
import { aRepository, loopbackRepositories } from "@/lib/testing/git/git-server-repository";

const SERVERS: [string, GitServerOptions][] = [
  ["over HTTP with partial fetches", { filter: true }],
  ["over HTTP without partial fetches", { filter: false }],
  ["of protocol version 0 over HTTP with partial fetches", { version2: false, anyObject: true }],
  [
    "of protocol version 0 over HTTP that gives any object",
    { version2: false, anyObject: true, filter: false },
  ],
  ["of protocol version 0 over HTTP that gives only what refs lead to", { version2: false }],
];

for (const [name, options] of SERVERS) {
  describeRepository(`A git repository ${name}`, async (files) => {
    const server = await gitServer({ password: "s3cret", ...options });
    const remote = await server.repository("fleet");
    await remote.commit(files);
    return {
      repository: aRepository({ url: remote.url, password: "s3cret" }),
      repositories: loopbackRepositories(),
      dispose: () => server.close(),
    };
  });
}

describe.each([true, false])("OpenSSH's server (passes the protocol's version on: %s)", (acceptsProtocol) => {
  let server: SshServer;
  let count = 0;
  beforeAll(async () => {
    server = await sshServer({ acceptsProtocol });
  });
  afterAll(() => server.close());

  describeRepository("A git repository over SSH", async (files) => {
    const remote = await server.repository(`fleet-${String(++count)}`);
    await remote.commit(files);
    return {
      repository: aRepository({
        url: remote.url,
        auth: { kind: "sshkey", key: new SecretValue(server.key) },
      }),
      repositories: loopbackRepositories(),
      dispose: () => Promise.resolve(),
    };
  });
});

describeRepository("A git repository on disk", async (files) => {
  const server = await gitServer();
  const remote = await server.repository("fleet");
  await remote.commit(files);
  return {
    repository: aRepository({ url: remote.fileUrl }),
    repositories: loopbackRepositories(),
    dispose: () => server.close(),
  };
});

describeRepository("A directory on disk", async (files) => {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-disk-"));
  await writeFiles(directory, files);
  return {
    repository: aRepository({
      type: "filesystem",
      mode: "read-only",
      url: "",
      dirpath: join(directory, "workspaces"),
    }),
    repositories: loopbackRepositories(),
    dispose: () => rm(directory, { recursive: true, force: true }),
  };
});
