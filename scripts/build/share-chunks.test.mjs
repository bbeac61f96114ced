import { lstat, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { shareChunks } from "./share-chunks.mjs";

const folders = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

test("Chunks that differ in nothing but the name of their source map become one file that Node loads once", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "switchyard-chunks-"));
  folders.push(folder);
  for (const [name, code] of [
    ["a.js", "module.exports = [{}];"],
    ["b.js", "module.exports = [{}];"],
    ["c.js", "module.exports = [{ other: 1 }];"],
  ]) {
    await writeFile(path.join(folder, name), `${code}\n\n//# sourceMappingURL=${name}.map`);
    await writeFile(path.join(folder, `${name}.map`), "{}");
  }
  expect(await shareChunks(folder)).toBe(1);
  const load = createRequire(path.join(folder, "any.js"));
  expect(load("./b.js")).toBe(load("./a.js"));
  expect(load("./c.js")).toEqual([{ other: 1 }]);
  expect((await readdir(folder)).sort()).toEqual(["a.js", "a.js.map", "b.js", "c.js", "c.js.map"]);

  // A second look finds nothing left to do, and leaves what it made.
  expect(await shareChunks(folder)).toBe(0);
  expect((await lstat(path.join(folder, "b.js"))).isSymbolicLink()).toBe(true);
});
