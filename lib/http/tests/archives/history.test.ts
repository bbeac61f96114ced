import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Oid } from "@/lib/domain/workspace";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { git, gitServer, type GitServer } from "@/lib/testing/git/git-server";
import { aVersion } from "@/lib/testing/store-builders";
import { unpack } from "@/lib/testing/zip/unpack";
import { aForm, aZip } from "@/lib/testing/zip/zip";

let server: GitServer;
let count = 0;
beforeAll(async () => {
  server = await gitServer();
});
afterAll(() => server.close());

await describeOnDatabases("An export with history", (database) => {
  let instance: TestInstance;
  let folder = "";
  let id = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "switchyard-history-"));
    const remote = await server.repository(`history-${String(++count)}`);
    instance = await startEngine({
      database,
      env: {
        WORKSPACES_STORAGE_GIT_PLATFORM_fleet_URL: remote.url,
        WORKSPACES_STORAGE_GIT_PLATFORM_fleet_DIRPATH: "workspaces",
        SWITCHYARD_LIMIT_ARCHIVE_INFLATED_BYTES: "400000",
      },
    });
    const created = await instance.call("POST", "/v2/workspaces", {
      json: { name: "Shop" },
    });
    ({ id } = created.body as { id: string });
  });
  afterEach(async () => {
    await instance.close();
    await rm(folder, { recursive: true, force: true });
  });

  const edit = async (files: Record<string, string | null>) => {
    const answer = await instance.call("PATCH", `/v2/workspaces/${id}/sources`, { json: { files } });
    expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
  };
  const save = async (json: object) => {
    const answer = await instance.call("POST", `/v2/workspaces/${id}/versions`, { json });
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('"name"')]);
  };
  const archive = async (token?: string) => {
    const path = `/v2/workspaces/${id}/export?history=true`;
    const response = await instance.request("GET", path, token === undefined ? {} : { token });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/zip"]);
    expect(response.headers.get("content-disposition")).toMatch(/filename="shop-history\.zip"/);
    return Buffer.from(await response.arrayBuffer());
  };
  /** Unpacks an export anew and answers the repository in it. */
  const unpacked = async (token?: string) => {
    const place = await mkdtemp(join(folder, "unpacked-"));
    await unpack(await archive(token), place);
    return join(place, "current");
  };

  test("is a repository for a stock git: clean, checked, cloned, with a commit and a tag for each version", async () => {
    const page = (text: string) => `slug: home # kept\r\ntitle: ${text}\n${"# filler\n".repeat(40)}`;
    await edit({ "pages/home.yml": page("one"), "notes/é.txt": "text\n", "notes/old.txt": "" });
    await save({ name: "v1", description: "First release\n\nWith a page." });
    await edit({ "pages/home.yml": page("two"), "notes/old.txt": null });
    await save({ name: "v2", description: "Second release", repository: { id: "fleet" } });
    await save({ name: "v2" });
    await edit({ "pages/home.yml": page("three") });

    const repository = await unpacked();
    expect(await git(repository, "status", "--porcelain", "--branch")).toBe("## main");
    expect(await git(repository, "fsck", "--strict", "--full")).toBe("");
    const clone = join(folder, "clone");
    await git(folder, "clone", "-q", repository, clone);
    expect(await git(clone, "fsck", "--strict", "--full")).toBe("");
    expect((await git(clone, "log", "--reverse", "--format=%an|%cn|%s", "main")).split("\n")).toEqual([
      "Admin|Admin|First release",
      "Admin|Admin|Second release",
      "Admin|Admin|Version v2",
      "Admin|Admin|The workspace as it is now",
    ]);
    expect(await git(clone, "tag")).toBe("v1\nv2\nv2-prismeai");
    const { body } = await instance.call("GET", `/v2/workspaces/${id}/versions`);
    const [, pushed, first] = body as { createdAt: string; commit: string }[];
    expect(await git(clone, "log", "-1", "--format=%aI|%b", "v1")).toBe(
      `${first?.createdAt.replace(/\.\d+Z$/, "+00:00") ?? ""}|With a page.\n\nVersion: v1\n`,
    );
    expect(await git(clone, "log", "-1", "--format=%b", "origin/fleet")).toBe(
      `Version: v2\nRepository: fleet\nCommit: ${pushed?.commit ?? ""}\n`,
    );
    expect(await git(clone, "show", "v1:pages/home.yml")).toBe(page("one").trimEnd());
    expect(await git(clone, "show", "main:pages/home.yml")).toBe(page("three").trimEnd());
    expect(await git(clone, "diff", "--stat", "v2", "v2-prismeai")).toBe("");
    expect(
      (await git(clone, "-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", "v1")).split("\n"),
    ).toEqual(["index.yml", "notes/old.txt", "notes/é.txt", "pages/home.yml", "security.yml"]);
    const paths = await git(clone, "log", "--all", "--name-only", "--format=");
    expect(paths).not.toContain(".import.yml");
  });

  test("gives the same commits each time, and a later version only adds to them", async () => {
    await edit({ "pages/home.yml": "slug: home\n" });
    await save({ name: "v1" });
    const once = await git(await unpacked(), "rev-parse", "HEAD", "v1");
    expect(await git(await unpacked(), "rev-parse", "HEAD", "v1")).toBe(once);
    await edit({ "pages/home.yml": "slug: home\ntitle: more\n" });
    await save({ name: "v2" });
    const later = await unpacked();
    expect((await git(later, "rev-parse", "HEAD~1", "v1")).split("\n")).toEqual(once.split("\n"));
    expect(await git(later, "rev-parse", "v2")).toBe(await git(later, "rev-parse", "HEAD"));
  });

  test("has one commit where there is no version, which says so", async () => {
    const repository = await unpacked();
    expect(await git(repository, "log", "--format=%B")).toBe(
      "The workspace as it is now\n\nNot saved as a version yet.\n",
    );
    expect(await git(repository, "fsck", "--strict")).toBe("");
  });

  test("names a version whose content is gone, and the one that has the content as it is now", async () => {
    await edit({ "pages/home.yml": "slug: one\n" });
    await save({ name: "v1" });
    await edit({ "pages/home.yml": "slug: two\n" });
    await save({ name: "v2" });
    const lost = { ...aVersion(id, "1".repeat(40) as Oid), name: "v3", repositoryId: "fleet" };
    await instance.engine.store.workspaces.write([
      {
        workspaceId: id,
        guard: {},
        userId: "ada",
        versions: [
          { ...lost, commit: "2".repeat(40), createdAt: new Date(Date.now() + 60_000).toISOString() },
        ],
        events: [],
      },
    ]);
    await edit({ "pages/home.yml": "slug: one\n" });
    const repository = await unpacked();
    expect(await git(repository, "tag")).toBe("v1\nv2");
    expect(await git(repository, "log", "-1", "--format=%B")).toBe(
      [
        "The workspace as it is now",
        "",
        "The same content as version v1.",
        "",
        "Not in this history, because their content is no longer stored in Switchyard:",
        `- v3, in fleet at commit ${"2".repeat(40)}`,
        "",
      ].join("\n"),
    );
  });

  test("shows those who may only read no credential that a version had written out", async () => {
    const index = (password: string) =>
      `name: Shop\nslug: shop\nrepositories:\n  origin:\n    type: git\n    config:\n      url: https://git.example/shop.git\n      auth: {user: desk, password: ${password}}\n`;
    const imported = await instance.call("POST", `/v2/workspaces/${id}/import`, {
      form: aForm(await aZip({ "index.yml": index("hunter2-written-out") })),
    });
    expect(imported.status).toBe(200);
    await save({ name: "v1" });
    await edit({ "index.yml": index("'{{secret.password}}'") });
    const viewer = await instance.user({ role: "viewer", workspaceId: id });
    const whole = await git(await unpacked(), "show", "v1:index.yml");
    expect(whole).toContain("hunter2-written-out");
    const repository = await unpacked(viewer.token);
    const oids = await git(repository, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)");
    for (const oid of oids.split("\n"))
      expect(await git(repository, "cat-file", "-p", oid)).not.toContain("hunter2-written-out");
    expect(await git(repository, "show", "v1:index.yml")).toContain("[redacted]");
    expect(await git(repository, "status", "--porcelain")).toBe("");
    expect(await git(repository, "fsck", "--strict")).toBe("");
  });

  test("is imported by its latest state; its history stays unread, and that is said", async () => {
    await edit({ "pages/home.yml": "slug: one\n" });
    await save({ name: "v1" });
    await edit({ "pages/home.yml": "slug: two\n" });
    const bytes = await archive();
    await edit({ "pages/home.yml": "slug: three\n" });
    const { status, body } = await instance.call("POST", `/v2/workspaces/${id}/import`, {
      form: aForm(bytes),
    });
    expect([status, body]).toMatchObject([
      200,
      {
        imported: ["pages/home.yml"],
        warnings: [
          {
            path: "current/.git",
            message:
              "current/.git was left out: an import reads the files as they are now, not their history.",
          },
        ],
      },
    ]);
    const home = await instance.call("GET", `/v2/workspaces/${id}/sources/pages/home.yml`);
    expect(home.text).toBe("slug: two\n");
  });

  test("is refused where the history is too large, and for a flag that is neither true nor false", async () => {
    for (const version of ["v1", "v2", "v3"]) {
      await edit({ "notes/large.txt": `${version}${"0123456789abcdef".repeat(10_000)}\n` });
      await save({ name: version });
    }
    const get = (query: string) => instance.call("GET", `/v2/workspaces/${id}/export?history=${query}`);
    expect(await get("true")).toMatchObject({
      status: 413,
      body: { error: "TooLarge", details: { limit: 400_000 } },
    });
    expect((await get("false")).status).toBe(200);
    expect(await get("perhaps")).toMatchObject({ status: 400, body: { error: "InvalidRequest" } });
  });
});
