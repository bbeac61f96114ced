import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildTree, hashObject } from "@/lib/archive/objects";
import type { Oid } from "@/lib/domain/workspace";
import { git, writeFiles } from "@/lib/testing/git/git-server";
import { serializeCommit } from "../objects/commit";
import { writePack, type PackInput } from "../pack/pack-writer";
import { gitFolder } from "./git-folder";
import type { StagedFile } from "./staging";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-folder-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(texts: Record<string, string>, refs: (commit: Oid) => Map<string, Oid>): Promise<void> {
  const blobs = Object.entries(texts).map(([path, text]) => {
    const bytes = Buffer.from(text, "utf8");
    return { path, bytes, oid: hashObject("blob", bytes) };
  });
  const files = blobs.map(({ path, oid }): StagedFile => ({
    path,
    mode: path.endsWith(".sh") ? "100755" : "100644",
    oid,
  }));
  const { tree, objects } = buildTree(files);
  const bytes = serializeCommit({
    tree,
    parents: [],
    author: { name: "Ada", email: "ada@example.com" },
    date: new Date(0),
    message: "All of it",
  });
  const tip = hashObject("commit", bytes);
  const inputs: PackInput[] = [
    ...blobs.map(({ oid, bytes: content }, index): PackInput => {
      const base = blobs[index - 1];
      return { oid, type: "blob", bytes: content, ...(base ? { base } : {}) };
    }),
    ...[...objects].map(([oid, object]): PackInput => ({
      oid,
      type: "tree",
      bytes: Buffer.from(object.bytes),
    })),
    { oid: tip, type: "commit", bytes },
  ];
  const batches = (async function* () {
    yield inputs;
  })();
  const pack = await writePack(batches, { ofsDelta: true, readerHas: () => false });
  const inside = await gitFolder({
    branch: "main",
    tip,
    refs: refs(tip),
    pack,
    files,
    ignored: ["/generated.txt"],
  });
  await writeFiles(folder, texts);
  for (const { path, bytes: content } of inside) {
    const at = join(folder, ".git", path);
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, content);
  }
}

test("git reads the pack through its index, finds the work tree as committed, and every ref", async () => {
  const line = "a line that all of them share\n".repeat(30);
  const texts = Object.fromEntries(
    Array.from({ length: 300 }, (_, n) => [
      `folder ${String(n % 7)}/é-${String(n)}.txt`,
      `${line}${String(n)}\n`,
    ]),
  );
  await write(
    { ...texts, "a-b": "1", "a.txt": "", "a/b": "2", "run.sh": "exit 0\n" },
    (tip) =>
      new Map([
        ["refs/tags/v1", tip],
        ["refs/tags/V1", tip],
        ["refs/heads/fleet", tip],
      ]),
  );
  await writeFiles(folder, { "generated.txt": "made for each export\n" });
  expect(await git(folder, "fsck", "--strict", "--full")).toBe("");
  expect(await git(folder, "status", "--porcelain")).toBe("");
  expect(await git(folder, "ls-files", "--stage", "run.sh")).toMatch(/^100755 /);
  expect((await git(folder, "for-each-ref", "--format=%(refname)")).split("\n")).toEqual([
    "refs/heads/fleet",
    "refs/heads/main",
    "refs/tags/V1",
    "refs/tags/v1",
  ]);
  const packs = join(folder, ".git/objects/pack");
  const indexes = (await readdir(packs)).filter((name) => name.endsWith(".idx"));
  const verified = await git(packs, "verify-pack", "-v", ...indexes);
  expect(verified).toMatch(/chain length = \d+/);
  expect(verified).toMatch(/\.pack: ok$/m);
  // A work tree of its own goes on from there.
  await writeFiles(folder, { "a.txt": "changed\n" });
  await git(folder, "commit", "-q", "-a", "-m", "More");
  expect(await git(folder, "log", "--format=%s")).toBe("More\nAll of it");
  await git(folder, "gc", "-q");
  expect(await git(folder, "fsck", "--strict", "--full")).toBe("");
});

test("a repository of an empty commit is one as well", async () => {
  await write({}, () => new Map());
  expect(await git(folder, "fsck", "--strict")).toBe("");
  expect(await git(folder, "log", "--format=%an <%ae> %aI %s")).toBe(
    "Ada <ada@example.com> 1970-01-01T00:00:00+00:00 All of it",
  );
});
