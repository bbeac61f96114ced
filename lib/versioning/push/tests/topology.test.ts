import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { Fleet } from "@/lib/testing/fleet";
import { gitServer, gitWithInput, type GitServer } from "@/lib/testing/git/git-server";
import { aRepository } from "@/lib/testing/git/git-server-repository";

const SLUGS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"];

function texts(slug: string, round: number): Record<string, string> {
  return {
    "index.yml": `name: ${slug}\nslug: ${slug}\nlabels: [all]\ndescription: round ${String(round)}\n`,
  };
}

let server: GitServer;
let count = 0;
beforeAll(async () => {
  server = await gitServer({ password: "s3cret" });
});
afterAll(() => server.close());

await describeOnDatabases("A repository that many workspaces share", (database) => {
  async function pushedFleet(options: { workspacesPerPush?: number } = {}) {
    const remote = await server.repository(`shared-${String(++count)}`);
    const repository = aRepository({ url: remote.url, password: "s3cret" });
    const fleet = await Fleet.open(await database.open(), {
      groups: [{ name: "all", labels: ["all"] }],
      ...options,
    });
    for (const slug of SLUGS) await fleet.create(slug, texts(slug, 1), ["all"]);
    await fleet.bulkPush(repository, ["all"], { name: "v1" });
    return { remote, repository, fleet };
  }

  test("keeps a linear history, one commit per version, whoever pushed in between", async () => {
    const { remote, repository, fleet } = await pushedFleet();
    for (const slug of ["alpha", "zeta", "alpha"]) {
      const round = (await fleet.workspace(slug)).revision + 2;
      await fleet.edit(slug, texts(slug, round));
      await fleet.push(slug, repository, { name: `${slug}-${String(round)}` });
    }
    for (const slug of SLUGS) await fleet.edit(slug, texts(slug, 9));
    await fleet.bulkPush(repository, ["all"], { name: "v9" });
    expect(await remote.git("rev-list", "--merges", "--count", "main")).toBe("0");
    expect(await remote.git("rev-list", "--count", "main")).toBe(String(SLUGS.length * 2 + 3));
    for (const slug of SLUGS)
      await remote.git("merge-base", "--is-ancestor", `prismeai/${slug}/main`, "main");
    expect(await remote.fsck()).toBe("");
  });

  test.each(["with", "without"])(
    "is asked four times for a push, and once more by the first; a bulk push of what changed takes five: %s filter",
    async (filter) => {
      const { remote, repository, fleet } = await pushedFleet();
      await remote.git("config", "uploadpack.allowFilter", String(filter === "with"));
      const counted = async (work: () => Promise<unknown>) => {
        server.resetCounts();
        await work();
        return server.requests.length;
      };
      const restarted = () => new Fleet(fleet.store, { groups: [{ name: "all", labels: ["all"] }] });
      // Others pushed since, so what lies between the branches has to be asked for.
      for (const slug of ["beta", "alpha"]) {
        const process = restarted();
        await process.edit(slug, texts(slug, 2));
        expect(
          await counted(() => process.push(slug, repository, { name: `${slug}-2` })),
        ).toBeLessThanOrEqual(5);
        await process.edit("delta", texts("delta", slug === "beta" ? 3 : 4));
        const push = () => process.push("delta", repository, { name: `delta-${slug}` });
        expect(await counted(push)).toBeLessThanOrEqual(4);
      }
      const last = restarted();
      for (const slug of SLUGS) await last.edit(slug, texts(slug, 8));
      expect(await counted(() => last.bulkPush(repository, ["all"], { name: "v8" }))).toBeLessThanOrEqual(6);
      for (const slug of SLUGS) await last.edit(slug, texts(slug, 9));
      expect(await counted(() => last.bulkPush(repository, ["all"], { name: "v9" }))).toBeLessThanOrEqual(5);
    },
  );

  test("sends for a push of one workspace nothing of the others", async () => {
    const { repository, fleet } = await pushedFleet();
    const pages = Array.from({ length: 300 }, (_, n) => [
      `pages/p-${String(n)}.yml`,
      `slug: p-${String(n)}\n`,
    ]);
    await fleet.edit("alpha", Object.fromEntries(pages) as Record<string, string>);
    await fleet.push("alpha", repository, { name: "alpha-2" });
    await fleet.edit("beta", texts("beta", 2));
    server.resetCounts();
    await fleet.push("beta", repository, { name: "beta-2" });
    // The ids of those pages alone are 6,000 bytes that nothing compresses.
    expect(server.bytesOut).toBeLessThan(6000);
  });

  test("sends to a push what changed since the last one here, on a server without filter too, whatever became of history", async () => {
    const { remote, repository, fleet } = await pushedFleet();
    await remote.git("config", "uploadpack.allowFilter", "false");
    const noise = () => `slug: noise\ntext: ${randomBytes(40_000).toString("base64")}\n`;
    await remote.commit({ "workspaces/other/pages/noise.yml": noise() });
    const bytesOfPush = async (round: number) => {
      await fleet.edit("alpha", texts("alpha", round));
      server.resetCounts();
      await fleet.push("alpha", repository, { name: `alpha-${String(round)}` });
      expect(await remote.read("main", "workspaces/alpha/index.yml")).toContain(`round ${String(round)}`);
      expect(await remote.git("ls-tree", "main:workspaces/other/pages")).toContain("noise.yml");
      expect(await remote.fsck()).toBe("");
      return server.bytesOut;
    };
    await bytesOfPush(2);
    expect(await bytesOfPush(3)).toBeLessThan(10_000);
    await remote.commit({ "workspaces/other/index.yml": "name: Other\nslug: other\n" });
    await remote.commit({ "workspaces/third/index.yml": "name: Third\nslug: third\n" });
    expect(await bytesOfPush(4)).toBeLessThan(10_000);
    // The same content under commits that share nothing with those before, which are gone.
    const anew = await remote.git("commit-tree", "-m", "Squashed", "main^{tree}");
    await remote.git("update-ref", "refs/heads/main", anew);
    await remote.git("update-ref", "-d", "refs/heads/prismeai/alpha/main");
    await remote
      .git("for-each-ref", "--format=delete %(refname)", "refs/tags", "refs/heads/prismeai")
      .then((lines) => gitWithInput(remote.path, Buffer.from(`${lines}\n`), "update-ref", "--stdin"));
    await remote.git("gc", "--quiet", "--prune=now");
    await bytesOfPush(5);
    await remote.commit({ "workspaces/other/pages/noise.yml": noise() });
    await bytesOfPush(6);
    expect(await bytesOfPush(7)).toBeLessThan(10_000);
  });

  test("that forgot the last push, its history rewritten and pruned, is told apart from one that is broken", async () => {
    const { remote, repository, fleet } = await pushedFleet();
    const tree = await remote.git("mktree", "--missing");
    const commit = await remote.git("commit-tree", "-m", "Start anew", tree);
    for (const ref of (await remote.git("for-each-ref", "--format=%(refname)")).split("\n"))
      await remote.git("update-ref", ref, commit);
    await remote.git("gc", "--quiet", "--prune=now");
    await fleet.edit("beta", texts("beta", 2));
    await expect(fleet.push("beta", repository, { name: "beta-2" })).rejects.toMatchObject({
      code: "RemoteAhead",
    });
    expect((await fleet.workspace("beta")).dirty).toBe(true);
  });

  test("receives a large bulk push in parts, one on top of the other, and one tag on the last", async () => {
    server.resetCounts();
    const { remote, fleet } = await pushedFleet({ workspacesPerPush: 2 });
    expect(
      server.requests.filter((request) => request.startsWith("POST") && request.includes("receive")),
    ).toHaveLength(4);
    expect(await remote.git("rev-list", "--count", "main")).toBe(String(SLUGS.length));
    expect(await remote.git("rev-parse", "v1")).toBe(await remote.git("rev-parse", "main"));
    for (const slug of SLUGS) expect((await fleet.workspace(slug)).dirty).toBe(false);
  });
});
