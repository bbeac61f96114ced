import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { branchNameProblem } from "../repository";
import { VersionName } from "../version";

function isGits(name: string): boolean {
  try {
    execFileSync("git", ["check-ref-format", "--branch", name], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("The name of a branch", () => {
  it.each(["main", "release/2026-11", "a.b", "feature/HEADER", "x@y", "Ünïcode", "refs", "headers/prismeai"])(
    "may be %s",
    (name) => {
      expect(branchNameProblem(name)).toBeNull();
      expect(isGits(name)).toBe(true);
    },
  );

  it.each([
    "",
    "-x",
    "a..b",
    "a b",
    "a~1",
    "a^",
    "a:b",
    "a?",
    "a*",
    "a[b",
    "a\\b",
    "a@{1}",
    "/a",
    "a/",
    "a//b",
    ".a",
    "a/.b",
    "a.lock",
    "a.lock/b",
    "a.",
    "HEAD",
    "a\u007fb",
    "a\tb",
  ])("is not %j, as git has it", (name) => {
    expect(branchNameProblem(name)).not.toBeNull();
    expect(isGits(name)).toBe(false);
  });

  it.each([
    ["head", "means whatever is checked out"],
    ["FETCH_HEAD", "means whatever is checked out"],
    ["refs/heads/main", "without refs/heads/: main"],
    ["prismeai/shop/main", "below prismeai/"],
    ["prismeai", "below prismeai/"],
    ["-x", "hyphen"],
    ["@", "Git does not accept"],
  ])("is not %s, and the reason is said", (name, reason) => {
    expect(branchNameProblem(name)).toContain(reason);
  });
});

describe("The name of a version", () => {
  it.each(["HEAD", "head", "FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD"])("is not %s", (name) => {
    expect(VersionName.safeParse(name).error?.issues[0]?.message).toContain("HEAD");
  });

  it("may contain the word", () => {
    expect(VersionName.safeParse("HEADER-1").success).toBe(true);
  });
});
