import { tmpdir } from "node:os";
import fc from "fast-check";
import { expect, test } from "vitest";
import { git } from "@/lib/testing/git/git-server";
import { RefNames, refPart } from "./refs";

const NASTY = [
  "",
  ".",
  "..",
  "-",
  "@",
  "@{-1}",
  "a..b",
  "a.lock",
  "a.lock.lock.",
  "a/b",
  "~^:?*[\\",
  "HEAD",
  "a\u0000b",
];

test("Git takes whatever becomes of a name as a tag and as a branch; what it takes already stays as it is", async () => {
  const random = fc.sample(fc.string({ unit: "grapheme", maxLength: 40 }), 25);
  for (const name of [...NASTY, ...random].map(refPart)) {
    await git(tmpdir(), "check-ref-format", `refs/tags/${name}`);
    await git(tmpdir(), "check-ref-format", "--branch", name);
    expect(name).not.toMatch(/\//);
  }
  for (const name of ["v1.2.0", "2026-11-22.143015", "before-equipment", "Überarbeitung_2"])
    expect(refPart(name)).toBe(name);
});

test("A name that is taken gets its repository behind it, then a number; the first one keeps the plain name", () => {
  const names = new RefNames(["main"]);
  const taken = ["v1", "v1", "v1", "main"].map((name) => names.take(name, "fleet"));
  expect(taken).toEqual(["v1", "v1-fleet", "v1-fleet-2", "main-fleet"]);
});
