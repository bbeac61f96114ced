import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { git, writeFiles } from "@/lib/testing/git/git-server";
import { commitFile, createBareRepository } from "./commit-file";

let folder = "";
let gitdir = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-commit-"));
  gitdir = join(folder, "deep", "remote.git");
  await createBareRepository(gitdir, "main");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function seed(): Promise<void> {
  const work = join(folder, "work");
  await git(folder, "clone", "-q", gitdir, work);
  await writeFiles(work, { "README.md": "Read me\n", "a/b/c.yml": "one: 1\n", "a/b.yml": "two: 2\n" });
  await git(work, "add", ".");
  await git(work, "update-index", "--chmod=+x", "a/b.yml");
  await git(work, "commit", "-q", "-m", "Start");
  await git(work, "push", "-q", "origin", "main");
}

const INES = { name: "Ines Albrecht", email: "ines@example.com" };

test("git finds one commit whose tree differs in the one file, by the author named, and nothing to complain about", async () => {
  await seed();
  await commitFile(gitdir, {
    ref: "refs/heads/main",
    path: "a/b/c.yml",
    edit: (text) => text.replace("1", "2"),
    author: INES,
    message: "Count to two",
  });
  expect(await git(gitdir, "log", "--format=%an <%ae> %s", "main")).toBe(
    "Ines Albrecht <ines@example.com> Count to two\nPat Client <pat@example.com> Start",
  );
  expect(await git(gitdir, "diff", "--stat", "--summary", "main~1", "main")).toMatch(
    /^ a\/b\/c\.yml \| 2 \+-\n 1 file/,
  );
  expect(await git(gitdir, "show", "main:a/b/c.yml")).toBe("one: 2");
  expect(await git(gitdir, "fsck", "--strict", "--no-dangling")).toBe("");
});

test("a file at the root is replaced as well, and an edit that changes nothing makes no commit", async () => {
  await seed();
  const commit = (edit: (text: string) => string) =>
    commitFile(gitdir, { ref: "refs/heads/main", path: "README.md", edit, author: INES, message: "Edit" });
  await commit((text) => text);
  expect(await git(gitdir, "rev-list", "--count", "main")).toBe("1");
  await commit((text) => `${text}more\n`);
  expect(await git(gitdir, "show", "main:README.md")).toBe("Read me\nmore");
});

test("a repository that exists keeps its branch, and one whose making was cut off is completed", async () => {
  await seed();
  const tip = await git(gitdir, "rev-parse", "main");
  await rm(join(gitdir, "HEAD"));
  await createBareRepository(gitdir, "main");
  expect(await git(gitdir, "rev-parse", "HEAD")).toBe(tip);
});
