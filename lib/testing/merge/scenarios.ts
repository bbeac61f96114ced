import type { Scenario } from "./git-oracle";
import type { Files, FileSpec } from "./memory-objects";

/** Ten numbered lines, some of them replaced (or, by null, removed). */
function ten(changes: Record<number, string | null> = {}, end = "\n"): string {
  const lines = Array.from({ length: 10 }, (_, index) => changes[index + 1] ?? `line ${String(index + 1)}`);
  return lines.filter((_, index) => changes[index + 1] !== null).join(end) + end;
}

function file(text: string, mode = "100644"): FileSpec {
  return { mode, bytes: Buffer.from(text, "latin1") };
}

function link(target: string): FileSpec {
  return { mode: "120000", bytes: Buffer.from(target) };
}

function submodule(digit: number): FileSpec {
  return { mode: "160000", bytes: Buffer.alloc(0), submodule: String(digit).repeat(40) };
}

function merge(base: Files | null, ours: Files, theirs: Files): Scenario {
  return { base, ours, theirs };
}

/** The same file in three versions. */
function text(base: string | FileSpec, ours: string | FileSpec, theirs: string | FileSpec): Scenario {
  return merge({ "a.yml": base }, { "a.yml": ours }, { "a.yml": theirs });
}

const EXECUTABLE = "100755";
const block = (name: string) => `- name: ${name}\n  do:\n    - emit: done\n\n`;
const long = (prefix: string) => Array.from({ length: 30 }, (_, n) => `${prefix} ${String(n)}\n`).join("");
const other = { "other.yml": "kept\n" };

const TEXTS: Record<string, Scenario> = {
  "hunks far apart": text(ten(), ten({ 1: "ours" }), ten({ 10: "theirs" })),
  "adjacent lines": text(ten(), ten({ 5: "ours" }), ten({ 6: "theirs" })),
  "one line between": text(ten(), ten({ 5: "ours" }), ten({ 7: "theirs" })),
  "the same line": text(ten(), ten({ 5: "ours" }), ten({ 5: "theirs" })),
  "the same change": text(ten(), ten({ 5: "both" }), ten({ 5: "both" })),
  "a shared and a different hunk each": text(
    ten(),
    ten({ 2: "both", 9: "ours" }),
    ten({ 2: "both", 5: "theirs" }),
  ),
  "a shared change that touches another": text(ten(), ten({ 2: "both", 3: "ours" }), ten({ 2: "both" })),
  "different lines appended": text(ten(), `${ten()}ours\n`, `${ten()}theirs\n`),
  "the same lines appended": text(ten(), `${ten()}both\n`, `${ten()}both\n`),
  "the same lines appended, and one more": text(ten(), `${ten()}both\n`, `${ten()}both\nmore\n`),
  "final line feed removed on one side": text(ten(), ten().slice(0, -1), ten({ 1: "theirs" })),
  "final line feed removed, lines appended": text(ten(), ten().slice(0, -1), `${ten()}theirs\n`),
  "final line feed removed on both sides": text(ten(), ten({ 1: "ours" }).slice(0, -1), ten().slice(0, -1)),
  "lines removed on both sides": text(ten(), ten({ 2: null }), ten({ 8: null })),
  "overlapping removals": text(ten(), ten({ 2: null, 3: null }), ten({ 3: null, 4: null })),
  "removal beside a change": text(ten(), ten({ 4: null }), ten({ 5: "theirs" })),
  "insertions at the same place": text(ten(), ten({ 5: "line 5\nours" }), ten({ 5: "line 5\ntheirs" })),
  "insertions at the start": text(ten(), `ours\n${ten()}`, `theirs\n${ten()}`),
  "insertion within a removed stretch": text(
    ten(),
    ten({ 4: null, 5: null, 6: null }),
    ten({ 5: "line 5\nnew" }),
  ),
  "file emptied against an edit": text(ten(), "", ten({ 5: "theirs" })),
  "empty base filled on both sides": text("", "ours\n", "theirs\n"),
  "CRLF kept on both sides": text(ten({}, "\r\n"), ten({ 1: "ours" }, "\r\n"), ten({ 9: "theirs" }, "\r\n")),
  "LF turned into CRLF against an edit": text(ten(), ten({}, "\r\n"), ten({ 5: "theirs" })),
  "latin1 far apart": text(
    ten({ 3: "caf\xe9" }),
    ten({ 3: "caf\xe9", 1: "\xfc" }),
    ten({ 3: "caf\xe9", 9: "\xf1" }),
  ),
  "bytes that are no text far apart": text(ten(), ten({ 1: "\xff\xfe\x01" }), ten({ 9: "\x80" })),
  "repeated blocks inserted": text(
    block("a") + block("b"),
    block("a") + block("new") + block("b"),
    block("a") + block("b") + block("last"),
  ),
  "a repeated block removed": text(
    block("a") + block("a") + block("b"),
    block("a") + block("b"),
    block("a") + block("a") + block("c"),
  ),
  "a block moved against an edit of it": text(
    block("a") + block("b") + block("c"),
    block("b") + block("c") + block("a"),
    block("a").replace("done", "changed") + block("b") + block("c"),
  ),
  "binary changed on both sides": text("a\0b", "a\0c", "a\0d"),
  "binary changed on one side": text("a\0b", "a\0c", "a\0b"),
  "text turned binary against an edit": text(ten(), "a\0c", ten({ 3: "theirs" })),
};

const PATHS: Record<string, Scenario> = {
  "different files": merge({ a: "1\n", b: "1\n" }, { a: "2\n", b: "1\n" }, { a: "1\n", b: "2\n" }),
  "a file added on both sides alike": merge(other, { ...other, n: "x\n" }, { ...other, n: "x\n" }),
  "a file added on both sides differently": merge(other, { ...other, n: "x\n" }, { ...other, n: "y\n" }),
  "a file added empty and full": merge(other, { ...other, n: "" }, { ...other, n: "y\n" }),
  "files added to a new directory": merge(other, { ...other, "d/x": "x\n" }, { ...other, "d/y": "y\n" }),
  "modified against deleted": merge({ a: ten(), ...other }, { a: ten({ 1: "x" }), ...other }, other),
  "deleted against modified": merge({ a: ten(), ...other }, other, { a: ten({ 1: "x" }), ...other }),
  "deleted on both sides": merge({ a: ten(), ...other }, other, other),
  "deleted against untouched": merge({ a: ten(), ...other }, other, { a: ten(), "other.yml": "new\n" }),
  "directory deleted against untouched": merge({ "d/a": "1\n", "d/b": "2\n", ...other }, other, {
    "d/a": "1\n",
    "d/b": "2\n",
    "other.yml": "n\n",
  }),
  "directory deleted against a change in it": merge({ "d/a": "1\n", ...other }, other, {
    "d/a": "2\n",
    ...other,
  }),
  "directory deleted against a file added to it": merge({ "d/a": "1\n", ...other }, other, {
    "d/a": "1\n",
    "d/b": "2\n",
    ...other,
  }),
  "file against a new directory": merge(other, { ...other, p: "f\n" }, { ...other, "p/x": "x\n" }),
  "new directory against a file": merge(other, { ...other, "p/x": "x\n" }, { ...other, p: "f\n" }),
  "file turned directory against a change": merge(
    { p: ten(), ...other },
    { "p/x": "x\n", ...other },
    { p: ten({ 3: "t" }), ...other },
  ),
  "file turned directory against untouched": merge(
    { p: ten(), ...other },
    { "p/x": "x\n", ...other },
    { p: ten(), "other.yml": "n\n" },
  ),
  "directory turned file against untouched": merge(
    { "p/x": "x\n", ...other },
    { p: "f\n", ...other },
    { "p/x": "x\n", "other.yml": "n\n" },
  ),
  "directory turned file against a change in it": merge(
    { "p/x": ten(), ...other },
    { p: "f\n", ...other },
    { "p/x": ten({ 2: "t" }), ...other },
  ),
  "executable bit against an edit": text(ten(), file(ten(), EXECUTABLE), ten({ 3: "theirs" })),
  "executable bit removed against an edit": text(
    file(ten(), EXECUTABLE),
    ten(),
    file(ten({ 3: "t" }), EXECUTABLE),
  ),
  "executable bit and edits far apart": text(
    ten(),
    file(ten({ 1: "ours" }), EXECUTABLE),
    ten({ 9: "theirs" }),
  ),
  "executable bit on both sides": text(
    ten(),
    file(ten({ 1: "o" }), EXECUTABLE),
    file(ten({ 9: "t" }), EXECUTABLE),
  ),
  "added with different modes": merge(
    other,
    { ...other, n: "x\n" },
    { ...other, n: file("x\n", EXECUTABLE) },
  ),
  "link against an edit": text(ten(), link("target"), ten({ 3: "theirs" })),
  "link changed on both sides": text(link("one"), link("two"), link("three")),
  "link changed on one side": merge(
    { l: link("one"), ...other },
    { l: link("two"), ...other },
    { l: link("one"), "other.yml": "n\n" },
  ),
  "link turned file on both sides": text(link("one"), ten({ 1: "o" }), ten({ 9: "t" })),
  "submodule untouched": merge(
    { m: submodule(1), ...other },
    { m: submodule(1), "other.yml": "o\n" },
    { m: submodule(1), ...other, n: "n\n" },
  ),
  "submodule changed on one side": merge(
    { m: submodule(1), ...other },
    { m: submodule(2), ...other },
    { m: submodule(1), "other.yml": "n\n" },
  ),
  "submodule changed on both sides": text(submodule(1), submodule(2), submodule(3)),
  "all files deleted": merge({ a: "1\n" }, {}, { a: "1\n" }),
  "all files deleted against a new one": merge({ a: "1\n" }, {}, { a: "1\n", b: "2\n" }),
  "unrelated histories": merge(null, { a: "1\n" }, { b: "2\n" }),
  "unrelated histories with the same path": merge(null, { a: "1\n" }, { a: "2\n" }),
};

const RENAMES: Record<string, Scenario> = {
  "a link renamed against the submodule it became": merge(
    { l: link("one"), ...other },
    { l: submodule(1), ...other },
    { m: link("one"), ...other },
  ),
  "renamed against modified": merge(
    { a: ten(), ...other },
    { b: ten(), ...other },
    { a: ten({ 3: "t" }), ...other },
  ),
  "renamed and edited against modified": merge(
    { a: ten(), ...other },
    { b: ten({ 9: "o" }), ...other },
    { a: ten({ 3: "t" }), ...other },
  ),
  "renamed and edited against a clash": merge(
    { a: ten(), ...other },
    { b: ten({ 3: "o" }), ...other },
    { a: ten({ 3: "t" }), ...other },
  ),
  "renamed beyond recognition against modified": merge(
    { a: ten(), ...other },
    { b: long("new"), ...other },
    { a: ten({ 3: "t" }), ...other },
  ),
  "renamed against deleted": merge({ a: ten(), ...other }, { b: ten(), ...other }, other),
  "renamed against untouched": merge(
    { a: ten(), ...other },
    { b: ten(), ...other },
    { a: ten(), "other.yml": "n\n" },
  ),
  "renamed alike on both sides": merge(
    { a: ten(), ...other },
    { b: ten({ 1: "o" }), ...other },
    { b: ten({ 9: "t" }), ...other },
  ),
  "renamed differently": merge({ a: ten(), ...other }, { b: ten(), ...other }, { c: ten(), ...other }),
  "two files renamed to one path": merge(
    { a: ten(), b: long("b") },
    { c: ten(), b: long("b") },
    { a: ten(), c: long("b") },
  ),
  "renamed to where the other side added a file": merge(
    { a: ten() },
    { b: ten() },
    { a: ten({ 3: "t" }), b: "new\n" },
  ),
  "renamed by us to a file that both have, changed by them": merge(
    { a: ten(), ...other },
    { b: ten({ 1: "o" }), ...other },
    { a: ten({ 9: "t" }), b: ten({ 1: "o" }), ...other },
  ),
  "renamed with the executable bit set elsewhere": merge(
    { a: ten(), ...other },
    { b: ten(), ...other },
    { a: file(ten(), EXECUTABLE), ...other },
  ),
  "renamed against a link": merge({ a: ten(), ...other }, { b: ten(), ...other }, { a: link("x"), ...other }),
  "directory renamed against a file added to it": merge(
    { "d/a": ten(), "d/b": long("b") },
    { "e/a": ten(), "e/b": long("b") },
    { "d/a": ten(), "d/b": long("b"), "d/c": "new\n" },
  ),
  "directory renamed against a change in it": merge(
    { "d/a": ten(), "d/b": long("b") },
    { "e/a": ten(), "e/b": long("b") },
    { "d/a": ten({ 4: "t" }), "d/b": long("b") },
  ),
  "directory split against a file added to it": merge(
    { "d/a": ten(), "d/b": long("b") },
    { "e/a": ten(), "f/b": long("b") },
    { "d/a": ten(), "d/b": long("b"), "d/c": "new\n" },
  ),
  "identical files renamed against a change of one": merge(
    { "d/a": ten(), "d/b": ten() },
    { "e/a": ten(), "e/c": ten() },
    { "d/a": ten({ 4: "t" }), "d/b": ten() },
  ),
  "renamed into a directory that was a file": merge({ p: ten() }, { "p/q": ten() }, { p: ten({ 3: "t" }) }),
  "case changed against modified": merge(
    { "A.yml": ten() },
    { "a.yml": ten() },
    { "A.yml": ten({ 3: "t" }) },
  ),
};

/** Merges whose answer git decides; each is a sentence's subject. */
export const SCENARIOS: Record<string, Scenario> = { ...TEXTS, ...PATHS, ...RENAMES };
