import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Repository } from "@/lib/domain/repository";
import { database } from "@/lib/testing/database";
import { Fleet } from "@/lib/testing/fleet";
import { gitServer, type GitServer, type TestRepository } from "@/lib/testing/git/git-server";
import { aRepository } from "@/lib/testing/git/git-server-repository";

const SLUGS = Array.from({ length: 24 }, (_, index) => `ws-${String(index)}`);
const OPTIONS = { groups: [{ name: "all", labels: ["all"] }] };
/** More than refs, a commit and the files of one workspace take. */
const LITTLE = 24_000;

function index(slug: string, round: number): Record<string, string> {
  return {
    "index.yml": `name: ${slug}\nslug: ${slug}\nlabels: [all]\ndescription: round ${String(round)}\n`,
  };
}

describe("A server that cannot leave contents out", () => {
  let server: GitServer;
  let owned: Awaited<ReturnType<typeof database>>;
  let remote: TestRepository;
  let repository: Repository;
  let fleet: Fleet;
  let count = 0;
  beforeAll(async () => {
    server = await gitServer({ password: "s3cret", filter: false });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    owned = await database();
    remote = await server.repository(`fleet-${String(++count)}`);
    repository = aRepository({ url: remote.url, password: "s3cret" });
    fleet = await Fleet.open(await owned.open(), OPTIONS);
    for (const slug of SLUGS) {
      // Nothing that git could compress, so bytes tell which contents came.
      const home = `slug: home\ntitle: ${randomBytes(4000).toString("base64")}\n`;
      await fleet.create(slug, { ...index(slug, 1), "pages/home.yml": home }, ["all"]);
    }
    await fleet.bulkPush(repository, ["all"], { name: "v1" });
  });

  afterEach(() => owned.close());

  async function traffic(work: () => Promise<unknown>): Promise<{ requests: number; bytes: number }> {
    server.resetCounts();
    await work();
    return { requests: server.requests.length, bytes: server.bytesOut };
  }

  async function push(slug: string, round: number, by = fleet): Promise<void> {
    await by.edit(slug, index(slug, round));
    await by.push(slug, repository, { name: `${slug}-${String(round)}` });
  }

  test("is asked for little by a push, however old the workspace's last one, whatever was read since", async () => {
    await fleet.bulkPush(repository, ["all"], { name: "v2" });
    const first = await traffic(() => push("ws-1", 2));
    expect(first.requests).toBeLessThanOrEqual(3);
    expect(first.bytes).toBeLessThan(LITTLE);
    // A pull reads the whole state, and no history.
    await remote.commit({ "workspaces/ws-5/pages/other.yml": "slug: other\n" });
    const pull = await traffic(() => fleet.pull("ws-5", repository));
    expect(pull.bytes).toBeGreaterThan(4000 * SLUGS.length);
    const second = await traffic(() => push("ws-2", 2));
    expect(second.requests).toBeLessThanOrEqual(3);
    expect(second.bytes).toBeLessThan(LITTLE);
    expect(await remote.git("rev-list", "--merges", "--count", "main")).toBe("0");
    expect(await remote.fsck()).toBe("");
  });

  test("is asked for nothing but its refs by a bulk push that has nothing to do", async () => {
    const pushed = await traffic(() => fleet.bulkPush(repository, ["all"], { name: "v2" }));
    expect(pushed.requests).toBeLessThanOrEqual(2);
    expect(pushed.bytes).toBeLessThan(LITTLE);
  });

  test("is read once where an unmoved branch is not known well enough", async () => {
    await fleet.edit("ws-3", index("ws-3", 2));
    const discarded = await traffic(() => fleet.pull("ws-3", repository, { discard: true }));
    expect(discarded.requests).toBeLessThanOrEqual(3);
    expect((await fleet.texts("ws-3")).get("index.yml")).toBe(index("ws-3", 1)["index.yml"]);
    for (const slug of SLUGS) await fleet.edit(slug, index(slug, 3));
    const pushed = await traffic(() => fleet.bulkPush(repository, ["all"], { name: "v3" }));
    expect(pushed.requests).toBeLessThanOrEqual(5);
    for (const slug of SLUGS)
      expect(await remote.read("main", `workspaces/${slug}/index.yml`)).toBe(index(slug, 3)["index.yml"]);
    expect(await remote.fsck()).toBe("");
  });

  test("is not read as a whole for a branch of old that a push after somebody else's does not ask for", async () => {
    const process = new Fleet(fleet.store, OPTIONS);
    await push("ws-23", 2, process);
    await remote.commit({ "workspaces/ws-5/pages/other.yml": "slug: other\n" });
    await process.edit("ws-22", index("ws-22", 2));
    const pushed = await traffic(() => process.push("ws-22", repository, { name: "ws-22-2" }));
    expect(pushed.requests).toBeLessThanOrEqual(5);
    expect(pushed.bytes).toBeLessThan(LITTLE);
    expect(await remote.fsck()).toBe("");
  });
});
