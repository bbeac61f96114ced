import { describe, expect, it } from "vitest";
import { MemoryObjects, type Files } from "@/lib/testing/merge/memory-objects";
import { mergeText } from "./text";
import { mergeTrees } from "./tree";
import type { MergeEntry } from "./types";

function trees(objects: MemoryObjects, base: Files, ours: Files, theirs: Files) {
  return {
    base: objects.putFiles(base),
    ours: objects.putFiles(ours),
    theirs: objects.putFiles(theirs),
  };
}

describe("generated files", () => {
  it.each<[string, Files, Files, string]>([
    ["ours is kept where both changed", { ".import.yml": "o\n" }, { ".import.yml": "t\n" }, "o\n"],
    ["theirs is kept where ours has none", {}, { ".import.yml": "t\n" }, "t\n"],
    ["ours is kept where theirs has none", { ".import.yml": "o\n" }, {}, "o\n"],
  ])("never conflict: %s", async (_, ours, theirs, expected) => {
    const objects = new MemoryObjects();
    const input = trees(
      objects,
      { ".import.yml": "b\n", a: "1\n" },
      { ...ours, a: "1\n" },
      { ...theirs, a: "2\n" },
    );
    const result = await mergeTrees(objects, { ...input, generated: [".import.yml"] });
    expect(result).toEqual({
      kind: "merged",
      tree: objects.putFiles({ ".import.yml": expected, a: "2\n" }),
    });
  });
});

describe("a merge of trees", () => {
  it("names every conflict with its kind and the three versions", async () => {
    const objects = new MemoryObjects();
    const input = trees(
      objects,
      { both: "1\n", gone: "1\n", "kept.yml": "1\n" },
      { both: "2\n", "kept.yml": "1\n", new: "2\n" },
      { both: "3\n", gone: "3\n", "kept.yml": "1\n", new: "3\n" },
    );
    const oid = (text: string) => objects.putBlob(Buffer.from(text));
    expect(await mergeTrees(objects, input)).toEqual({
      kind: "conflict",
      conflicts: [
        { path: "both", kind: "content", base: oid("1\n"), ours: oid("2\n"), theirs: oid("3\n") },
        { path: "gone", kind: "modify/delete", base: oid("1\n"), ours: null, theirs: oid("3\n") },
        { path: "new", kind: "add/add", base: null, ours: oid("2\n"), theirs: oid("3\n") },
      ],
    });
  });

  it("keeps a change in conflict that git drops: theirs renamed the file onto one that both have", async () => {
    const objects = new MemoryObjects();
    const text = (first: string) =>
      first + Array.from({ length: 20 }, (_, line) => `${String(line)}\n`).join("");
    const input = trees(
      objects,
      { a: text("1\n"), c: "1\n" },
      { a: text("2\n"), b: text("1\n"), c: "1\n" },
      { b: text("1\n"), c: "2\n" },
    );
    const result = await mergeTrees(objects, input);
    expect(result.kind === "conflict" && result.conflicts.map(({ path }) => path)).toEqual(["a", "b"]);
  });

  it("reads no directory that is equal in all three, and no content that one side alone changed", async () => {
    class CountingObjects extends MemoryObjects {
      readonly readTrees: string[] = [];
      override readTree(oid: Parameters<MemoryObjects["readTree"]>[0]): Promise<readonly MergeEntry[]> {
        this.readTrees.push(oid);
        return super.readTree(oid);
      }
    }
    const objects = new CountingObjects();
    const same: Files = { "same/a": "1\n", "same/deep/b": "1\n" };
    const input = trees(
      objects,
      { ...same, x: "1\n", y: "1\n" },
      { ...same, x: "2\n", y: "1\n" },
      { ...same, x: "1\n", y: "2\n" },
    );
    const result = await mergeTrees(objects, input);
    expect(result).toEqual({ kind: "merged", tree: objects.putFiles({ ...same, x: "2\n", y: "2\n" }) });
    expect(objects.readTrees).toEqual([input.base, input.ours, input.theirs]);
    expect(objects.reads).toBe(0);
  });

  it("reads all contents it compares in one request", async () => {
    const objects = new MemoryObjects();
    const long = Array.from({ length: 20 }, (_, line) => `line ${String(line)}\n`);
    const at = (line: number) => long.map((text, index) => (index === line ? "changed\n" : text)).join("");
    const base = { a: long.join(""), b: long.join("").toUpperCase(), d: "1\n2\n3\n" };
    const input = trees(objects, base, { ...base, a: at(0), d: "1\n" }, { a: at(19), c: base.b, d: base.d });
    expect(await mergeTrees(objects, input)).toMatchObject({ kind: "merged" });
    expect(objects.reads).toBe(1);
  });
});

describe("a merge of more renamed files than can be compared", () => {
  it("is a conflict of kind rename", async () => {
    const objects = new MemoryObjects();
    const files = (folder: string, word: string): Files => {
      const text = (file: number) =>
        Array.from({ length: 40 }, (_, line) => `${word} ${String(file)} ${String(line)}\n`).join("");
      return Object.fromEntries(
        Array.from({ length: 1500 }, (_, file) => [`${folder}/${folder}${String(file)}`, text(file)]),
      );
    };
    const input = trees(objects, files("a", "one"), files("b", "two"), files("a", "six"));
    const result = await mergeTrees(objects, input);
    expect(result).toMatchObject({ kind: "conflict" });
    if (result.kind === "conflict") expect(result.conflicts[0]?.kind).toBe("rename");
  });
});

describe("a merge of texts too large to compare", () => {
  it("is a conflict, not a server that hangs", () => {
    const text = (seed: number) =>
      Buffer.from(Array.from({ length: 90_000 }, (_, line) => String((line * seed) % 977)).join("\n"));
    expect(mergeText(text(3), text(5), text(7))).toEqual({ kind: "conflict" });
    expect(mergeText(text(3), text(5), text(7), { algorithm: "myers" })).toEqual({ kind: "conflict" });
  });

  it("is a conflict beyond the number of lines that are compared", () => {
    const base = Buffer.from("\n".repeat(120_000));
    const ours = Buffer.concat([Buffer.from("ours"), base]);
    const theirs = Buffer.concat([base, Buffer.from("theirs")]);
    expect(mergeText(base, ours, theirs)).toEqual({ kind: "conflict" });
  });
});
