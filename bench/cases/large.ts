import { startInstance } from "@/lib/testing/instance";
import { makeWorkspaces, type BenchWorkspace } from "../content";
import { fastImportStream, git, measureNativeClone, measureNativeNothing } from "../native";
import { Platform } from "../platform";
import type { Row } from "../report";
import { measure, newRow, repositories, say, withPassword, type Bench } from "./setting";

const FEW_FILES = 4;

/** Imports of repositories at the limits: one workspace of 2,000 files, and 10,000 workspaces. */
export async function measureLarge(bench: Bench): Promise<Row[]> {
  return [
    ...(await measureImport(bench, "onelarge", "one workspace of 2,000 files", makeWorkspaces(1, 2000))),
    ...(await measureImport(
      { ...bench, rounds: 1 },
      "manyworkspaces",
      "10,000 workspaces of 4 files",
      makeWorkspaces(10_000, FEW_FILES),
    )),
  ];
}

async function measureImport(
  { server, rounds }: Bench,
  id: string,
  what: string,
  fleet: readonly BenchWorkspace[],
): Promise<Row[]> {
  say(`Import of ${what}.`);
  const { path, url } = await server.repository(id);
  await git(path, ["fast-import", "--quiet", "--done"], fastImportStream(fleet, false));
  const first = newRow(`Bulk import: ${what}`);
  const again = newRow(`Bulk import, all up to date: ${what}`);
  for (let round = 0; round < rounds; round++) {
    const instance = await startInstance({ env: repositories(server, [id]) });
    try {
      const platform = new Platform(instance);
      first.native.push(await measureNativeClone(withPassword(url)));
      await measure(first, { server, platform }, () => platform.bulkImport(id, { all: true }));
      again.native.push(await measureNativeNothing(withPassword(url)));
      await measure(again, { server, platform }, () => platform.bulkImport(id, { all: true }));
      first.peakMiB = again.peakMiB = await platform.peakMemory();
    } finally {
      await instance.stop();
    }
  }
  return [first, again];
}
