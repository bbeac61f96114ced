import { expect, test } from "vitest";
import { safeNext } from "./next-path";

test("After signing in one stays in the console", () => {
  for (const path of ["/", "/workspaces/shop?tab=files#top"]) expect(safeNext(path)).toBe(path);
  for (const path of [
    undefined,
    "",
    "shop",
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/a/..\\\\evil.example",
  ])
    expect(safeNext(path)).toBe("/");
});
