import { expect, test } from "vitest";
import { workspacePathProblem } from "@/lib/domain/path";

test("A name that shows nothing of some of its characters is refused, for a file system may leave them out", () => {
  for (const mark of ["\u200c", "\u2060", "\u2064", "\u206a", "\u206f", "\ufeff"])
    for (const path of [`.g${mark}it/config.yml`, `pages/a${mark}.yml`])
      expect(workspacePathProblem(path)).toMatch(/invisible/);
  expect(workspacePathProblem("pages/Über uns.yml")).toBeNull();
});
