import { expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { emptyFleet } from "@/lib/testing/worlds/bulk";
import { DIRECTORY, serveGit, world } from "@/lib/testing/worlds/shop-remote";

serveGit();

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 12\n`;
const PROJECT = {
  "pages/widget/tsconfig.json": '{\n  // with a comment\n  "strict": true,\n}\n',
  "pages/widget/list.json": "[1, 2, 3]\n",
  "pages/widget/docker-compose.yml": "services: {a: {image: b}}\n",
  "pages/widget/templates/all.yaml": "{{- if .Values.on }}\n---\na: [\n",
  "pages/.prettierrc.json": "// hidden\n",
  "tsconfig.json": "// top\n{}\n",
  "data/broken.yml": "a: [\n",
  "index.yaml": "name: not read\n: [",
  "automations/greet.json": '{"name": "not read"}',
};

await describeOnDatabases("Files beside the parts of a workspace", (database) => {
  test("are carried byte for byte, whatever they hold, and what is not taken is named and stays in git", async () => {
    const { fleet, remote, repository } = await world(database);
    await fleet.push("shop", repository, { name: "v1" });
    const big = "x".repeat(1024 * 1024 + 1);
    const files: Record<string, string> = { ...PROJECT, "logo.png": POINTER, "video.mp4": big };
    const inGit = Object.entries(files).map(([path, text]) => [`${DIRECTORY}/${path}`, text]);
    await remote.commit(Object.fromEntries(inGit) as Record<string, string>);
    const pulled = await fleet.pull("shop", repository);
    expect(pulled.errors).toMatchObject([{ err: "TooLarge", path: "video.mp4" }]);
    expect(pulled.warnings.map(({ path }) => path)).toEqual([
      "index.yaml",
      "automations/greet.json",
      "logo.png",
    ]);
    expect(pulled.imported).toEqual(
      [...Object.keys(PROJECT).filter((path) => path !== "index.yaml"), "index", "logo.png"].sort(),
    );
    const here = await fleet.texts("shop");
    for (const [path, text] of Object.entries(PROJECT)) expect(here.get(path)).toBe(text);
    expect(here.has("video.mp4")).toBe(false);
    expect(await fleet.workspace("shop")).toMatchObject({ dirty: false });

    // Merged, discarded, pushed: the file that was not taken is never touched.
    await fleet.edit("shop", { "automations/greet.yml": "slug: greet\ndo: [] # mine\n" });
    await remote.commit({ [`${DIRECTORY}/pages/home.yml`]: "slug: home\nname: Theirs\n" });
    expect((await fleet.pull("shop", repository)).errors).toMatchObject([{ path: "video.mp4" }]);
    expect(await fleet.workspace("shop")).toMatchObject({ dirty: true });
    await fleet.push("shop", repository, { name: "v2" });
    expect(await fleet.workspace("shop")).toMatchObject({ dirty: false });
    await fleet.pull("shop", repository, { discard: true });
    expect(await fleet.workspace("shop")).toMatchObject({ dirty: false });
    expect(await remote.read("main", `${DIRECTORY}/video.mp4`)).toBe(big);
    expect(await remote.read("main", `${DIRECTORY}/pages/widget/tsconfig.json`)).toBe(
      PROJECT["pages/widget/tsconfig.json"],
    );
    expect(await remote.read("main", `${DIRECTORY}/.import.yml`)).not.toContain("widget");

    const other = await emptyFleet(database);
    try {
      const summary = await other.fleet.bulkImport(repository);
      expect(summary.workspaces.map(({ status }) => status)).toEqual(["imported"]);
      expect(await other.fleet.texts("shop")).toEqual(await fleet.texts("shop"));
    } finally {
      await other.close();
    }
  });
});
