import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashObject } from "@/lib/archive/objects";
import type { Oid } from "@/lib/domain/workspace";
import { git, gitWithInput } from "@/lib/testing/git/run";
import { decodeName, encodeName } from "./bytes";
import { parseCommit, serializeCommit } from "./commit";
import { editEntries, entriesOf, findEntry, makeTree, parseTree } from "./tree";

const BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391" as Oid;
const file = (name: string) => ({ name, mode: "100644", oid: BLOB });
const folder = (name: string) => ({ name, mode: "40000", oid: BLOB });

describe("Objects agree with git's own", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "switchyard-objects-"));
    await git(directory, "init", "-q", "--bare");
    await gitWithInput(directory, "", "hash-object", "-w", "--stdin");
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it("sorts directories as if their names ended in a slash", async () => {
    const names = ["a.b", "a-b", "ab", "a0", "A", "z", "é", "a b"];
    const tree = makeTree([...names.map(file), { ...folder("a"), oid: hashObject("tree", Buffer.alloc(0)) }]);
    await gitWithInput(directory, "", "hash-object", "-w", "-t", "tree", "--stdin");
    const lines = entriesOf(tree).map(({ mode, name, oid }) => {
      const type = mode === "40000" ? "tree" : "blob";
      return `${mode.padStart(6, "0")} ${type} ${oid}\t${name}\0`;
    });
    expect(hashObject("tree", tree.bytes)).toBe(
      await gitWithInput(directory, lines.reverse().join(""), "mktree", "-z"),
    );
  });

  it("writes commits that git fsck --strict accepts, whatever the author is called", async () => {
    const tree = hashObject("tree", makeTree([file("a")]).bytes);
    await gitWithInput(directory, `100644 blob ${BLOB}\ta\n`, "mktree");
    const authors = [
      { name: "Ada", email: "ada@example.com" },
      { name: " <Ada>\nparent 0 ", email: "a>b@c d" },
      { name: "", email: "" },
      { name: ".,;:'\"", email: "<>" },
    ];
    for (const author of authors) {
      const fields = {
        tree,
        parents: [],
        author,
        date: new Date(1_700_000_000_999),
        message: "One\r\n\0two\n\n",
      };
      const bytes = serializeCommit(fields);
      const oid = await gitWithInput(directory, bytes, "hash-object", "-w", "-t", "commit", "--stdin");
      expect(oid).toBe(hashObject("commit", bytes));
      await git(directory, "update-ref", "refs/heads/main", oid);
      expect(await git(directory, "fsck", "--strict", "--no-dangling", "--no-progress")).toBe("");
      expect(await git(directory, "log", "-1", "--format=%at %B", oid)).toBe("1700000000 One\ntwo\n");
    }
  });
});

describe("Trees", () => {
  it("change one entry of a thousand without touching the others", () => {
    const tree = makeTree(Array.from({ length: 1000 }, (_, index) => folder(`ws-${String(index)}`)));
    const oid = "1".repeat(40) as Oid;
    const edited = editEntries(tree, new Map([["ws-500", { mode: "40000", oid }]]));
    expect(edited.starts).toBe(tree.starts);
    const changed = entriesOf(edited).filter((entry, index) => entry.oid !== entriesOf(tree)[index]?.oid);
    expect(changed).toEqual([{ ...folder("ws-500"), oid }]);
  });

  it("give the same bytes however they were made", () => {
    const names = ["b", "a", "c.d", "c", "ca", "c-"];
    const whole = makeTree([...names.map(file), folder("d")]);
    let grown = makeTree([]);
    for (const entry of [...names.map(file), folder("d")]) {
      grown = editEntries(grown, new Map([[entry.name, entry]]));
    }
    const all = new Map([...names.map(file), folder("d")].map((entry) => [entry.name, entry]));
    expect(grown.bytes).toEqual(whole.bytes);
    expect(editEntries(makeTree([]), all).bytes).toEqual(whole.bytes);
    expect(parseTree(grown.bytes)).toEqual(grown);
  });

  it("move an entry that turns from a file into a directory, and back", () => {
    const tree = makeTree([file("a"), file("a.b"), file("b")]);
    const turned = editEntries(tree, new Map([["a", folder("a")]]));
    expect(entriesOf(turned).map(({ name }) => name)).toEqual(["a.b", "a", "b"]);
    expect(editEntries(turned, new Map([["a", file("a")]])).bytes).toEqual(tree.bytes);
    expect(
      editEntries(
        turned,
        new Map([
          ["a", null],
          ["b", null],
        ]),
      ).bytes,
    ).toEqual(makeTree([file("a.b")]).bytes);
  });

  it("keep names that are not UTF-8 byte for byte", () => {
    const raw = Buffer.from([0x66, 0xe9, 0xff, 0xc3, 0xa9, 0x78]);
    expect(encodeName(decodeName(raw))).toEqual(raw);
    const oid = Buffer.from(BLOB, "hex");
    const bytes = Buffer.concat([Buffer.from("100644 "), raw, Buffer.of(0), oid]);
    const edited = editEntries(parseTree(bytes), new Map([["a", file("a")]]));
    expect(edited.bytes.subarray(edited.starts[1])).toEqual(bytes);
    expect(findEntry(edited, decodeName(raw))?.oid).toBe(BLOB);
  });

  it("carry what a stranger wrote out of order, with foreign names; modes become what git makes of them", () => {
    const entries = [
      ["100664", "z"],
      ["100644", ".git"],
      ["177777", ".."],
      ["040000", "dir"],
    ].map(([mode = "", name = ""]) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(BLOB, "hex")]),
    );
    const tree = parseTree(Buffer.concat(entries));
    expect(tree.sorted).toBe(false);
    const edited = editEntries(tree, new Map([["new", file("new")]]));
    expect(
      entriesOf(edited)
        .map(({ mode, name }) => `${mode} ${name}`)
        .sort(),
    ).toEqual(["40000 dir", "100644 .git", "100644 new", "100644 z", "160000 .."].sort());
  });

  it.each([
    ["cut", Buffer.from("100644 a\0" + "123")],
    ["without a mode", Buffer.concat([Buffer.from(" a\0"), Buffer.alloc(20)])],
    ["without a name's end", Buffer.from("100644 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")],
    ["of zeros", Buffer.alloc(64)],
  ])("refuse bytes that are %s", (_what, bytes) => {
    expect(() => parseTree(bytes)).toThrow(/damaged tree/);
  });
});

describe("Commits of strangers", () => {
  const oid = "2".repeat(40) as Oid;
  it("are read with signatures, odd dates and other encodings", () => {
    const text = [
      `tree ${BLOB}`,
      `parent ${oid}`,
      "author Jos\xe9 <j@x> 1500000000 +9999",
      "committer X <x@x> 1600000000 +0000",
      "encoding ISO-8859-1",
      "gpgsig -----BEGIN",
      " parent of nothing",
      "",
      "Gr\xfc\xdfe\0",
    ].join("\n");
    expect(parseCommit(oid, Buffer.from(text, "latin1"))).toEqual({
      oid,
      tree: BLOB,
      parents: [oid],
      authorName: "José",
      authorEmail: "j@x",
      date: 1_500_000_000,
      committed: 1_600_000_000,
      message: "Grüße\0",
    });
  });

  it("are refused without a tree, and read without an author", () => {
    expect(() => parseCommit(oid, Buffer.from("parent x\n\nm"))).toThrow(/damaged/);
    expect(parseCommit(oid, Buffer.from(`tree ${BLOB}\nauthor -5\n`))).toMatchObject({
      date: 0,
      authorName: "",
    });
  });
});
