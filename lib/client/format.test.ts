import { describe, expect, test } from "vitest";
import { bytes, count, duration, listNames, localized, shortCommit, timeAgo } from "./format";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const before = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

describe("Times are told relative to now", () => {
  test.each([
    [0, "just now"],
    [59, "just now"],
    [60, "1 min ago"],
    [5 * 60, "5 min ago"],
    [3 * 3600, "3 hr ago"],
    [86_400, "yesterday"],
    [3 * 86_400, "3 days ago"],
  ])("%i seconds ago is %s", (seconds, words) => {
    expect(timeAgo(before(seconds), NOW)).toBe(words);
  });
});

describe("A stopwatch shows what matters at its scale", () => {
  test.each([
    [420, "0.4 s"],
    [12_300, "12 s"],
    [184_000, "3 min 04 s"],
    [3_900_000, "1 h 05 min"],
    [-5, "0.0 s"],
  ])("%i ms is %s", (ms, words) => {
    expect(duration(ms)).toBe(words);
  });
});

describe("Words for amounts and names", () => {
  test("An amount agrees with its noun", () => {
    expect([count(1, "file"), count(0, "file"), count(1200, "file")]).toEqual([
      "1 file",
      "0 files",
      "1,200 files",
    ]);
  });

  test("A long list of names says how many it left out", () => {
    expect(listNames(["a", "b", "c", "d"])).toBe("a, b and 2 more");
    expect(listNames(["a", "b"])).toBe("a and b");
  });

  test("A commit is shortened and a version's name is not", () => {
    expect(shortCommit("a".repeat(40))).toBe("aaaaaaa");
    expect(shortCommit("v2.4.0")).toBe("v2.4.0");
  });

  test("A size is told in its unit", () => {
    expect([bytes(312), bytes(4200), bytes(1_100_000)]).toEqual(["312 B", "4.2 kB", "1.1 MB"]);
  });

  test("A localized text is told in English, else in the language there is", () => {
    expect(localized({ fr: "Bonjour", en: "Hello" })).toBe("Hello");
    expect(localized({ fr: "Bonjour" })).toBe("Bonjour");
    expect(localized(undefined)).toBe("");
  });
});
