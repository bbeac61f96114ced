import { expect, test } from "vitest";
import { typeMatches } from "../event";

test.each([
  ["order.paid", "order.paid", true],
  ["order.paid", "order.paid.late", false],
  ["*", "", true],
  ["order.*", "order.paid", true],
  ["order.*", "orders", false],
  ["*.paid", "order.paid", true],
  ["*.paid", "order.paid.late", false],
  ["workspaces.*.updated", "workspaces.pages.updated", true],
  ["workspaces.*.updated", "workspaces.updated", false],
  ["a*a", "a", false],
  ["a*a", "aa", true],
  ["*a*b*", "xbxaxb", true],
  ["*a*b*", "bxa", false],
  ["**", "anything", true],
  ["a.b", "axb", false],
])("The filter %s takes the type %s: %s", (filter, type, expected) => {
  expect(typeMatches(filter, type)).toBe(expected);
});

test("A filter of many stars is told from a long type at once", () => {
  const filter = `*${"a*".repeat(90)}b`;
  expect(typeMatches(filter, "a".repeat(200))).toBe(false);
  expect(typeMatches(filter, `${"a".repeat(200)}b`)).toBe(true);
});
