import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeRepository } from "@/lib/testing/repository-contract";
import { gitServer } from "@/lib/testing/git-server";
import { writeFiles } from "@/lib/testing/git/run";
import { aRepository, loopbackRepositories } from "@/lib/testing/git-server-repository";

for (const filter of [true, false]) {
  describeRepository(
    `A git repository over HTTP ${filter ? "with" : "without"} partial fetches`,
    async (files) => {
      const server = await gitServer({ password: "s3cret", filter });
      const remote = await server.repository("fleet");
      await remote.commit(files);
      return {
        repository: aRepository({ url: remote.url, password: "s3cret" }),
        repositories: loopbackRepositories(),
        dispose: () => server.close(),
      };
    },
  );
}

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
