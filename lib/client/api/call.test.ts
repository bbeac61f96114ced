import { expect, test } from "vitest";
import { files } from "@/lib/contract/files";
import { versions } from "@/lib/contract/versions";
import { workspaces } from "@/lib/contract/workspaces";
import { addressOf, workspaceNamed } from "./call";

test("An address has the parts of its path in their places, each encoded but for the slashes of a rest", () => {
  const shop = workspaceNamed("shop");
  expect(addressOf(workspaces.read, { params: shop })).toBe("/v2/workspaces/slug:shop");
  expect(addressOf(workspaces.read, { params: workspaceNamed("platform") })).toBe("/v2/workspaces/platform");
  expect(addressOf(files.read, { params: { ...shop, path: "pages/a b?.yml" } })).toBe(
    "/v2/workspaces/slug:shop/sources/pages/a%20b%3F.yml",
  );
  expect(addressOf(versions.remove, { params: { ...shop, name: "a/b" } })).toBe(
    "/v2/workspaces/slug:shop/versions/a%2Fb",
  );
});

test("What a query leaves out, or has as no, is not sent; lists are joined, a zero stays", () => {
  const query = { ids: ["a", "b"], search: "", dirty: false, status: undefined, page: 0 };
  expect(addressOf(workspaces.list, { query })).toBe("/v2/workspaces?ids=a%2Cb&page=0");
  expect(addressOf(workspaces.list)).toBe("/v2/workspaces");
});

test("Neither a part of the path nor a name of the query can be mistaken", () => {
  // @ts-expect-error: the path has `id` and `name`.
  expect(addressOf(versions.remove, { params: { id: "x" } })).toBe("/v2/workspaces/x/versions/");
  // @ts-expect-error: the query knows no `limits`.
  expect(addressOf(workspaces.list, { query: { limits: 1 } })).toBe("/v2/workspaces?limits=1");
});
