import { startInstance } from "@/lib/testing/instance";
import { makeWorkspaces, type BenchWorkspace } from "../content";
import {
  fastImportStream,
  measureNativeClone,
  measureNativeNothing,
  measureNativePull,
  measureNativePush,
  measureNativeSingle,
} from "../native";
import { Platform } from "../platform";
import { median, type Row } from "../report";
import { FILES, measure, newRow, repositories, say, withPassword, type Bench } from "./setting";

/** A repository of the environment for each round, so that every round pushes everything for the first time. */
function namesOf(rounds: number): string[] {
  return Array.from({ length: rounds }, (_, index) => `round${String(index + 1)}`);
}

/** A whole fleet from one instance to the remote and into another; git and we take turns. */
export async function measureFleet(
  bench: Bench,
  count: number,
): Promise<{ rows: Row[]; firstEventMs: number }> {
  const source = await measureSource(bench, makeWorkspaces(count, FILES));
  return { ...source, rows: [...source.rows, ...(await measureTarget(bench))] };
}

async function measureSource({ server, rounds }: Bench, workspaces: readonly BenchWorkspace[]) {
  const names = namesOf(rounds);
  const instance = await startInstance({ env: repositories(server, names) });
  try {
    const platform = new Platform(instance);
    const stream = fastImportStream(workspaces);
    say(`Creating ${String(workspaces.length)} workspaces.`);
    for (const workspace of workspaces) await platform.create(workspace);
    const first = newRow("Bulk push of everything");
    const again = newRow("Bulk push, nothing to do");
    const single = newRow("Push of one workspace");
    const pull = newRow("Pull of one changed file");
    const firstEvents: number[] = [];
    for (const [index, id] of names.entries()) {
      say(`Push, round ${String(index + 1)} of ${String(rounds)}.`);
      const theirs = await server.repository(`native-${id}`);
      const ours = await server.repository(id);
      first.native.push(await measureNativePush(stream, withPassword(theirs.url)));
      await measure(first, { server, platform }, () => platform.bulkPush(id, `v-${id}`));
      firstEvents.push(platform.firstEventMs);
      const problems = await ours.fsck();
      if (problems !== "") throw new Error(`git fsck complains: ${problems}`);

      again.native.push(await measureNativeNothing(withPassword(ours.url)));
      await measure(again, { server, platform }, () => platform.bulkPush(id, `v-${id}-again`));

      const workspace = workspaces[index + 1] ?? workspaces[0];
      if (!workspace) throw new Error("A fleet has at least one workspace.");
      const { slug } = workspace;
      const text = `${workspace.files.get("index.yml") ?? ""}# ${id}\n`;
      single.native.push(await measureNativeSingle(withPassword(theirs.url), slug, text));
      await platform.write(slug, new Map([["index.yml", text]]));
      await measure(single, { server, platform }, () => platform.push(slug, id));

      // Git's measurement leaves the colleague's commit in the repository that we pull from.
      pull.native.push(await measureNativePull(withPassword(ours.url), slug, `${text}# pulled\n`));
      await measure(pull, { server, platform }, () => platform.pull(slug, id));
    }
    const peakMiB = await platform.peakMemory();
    const rows = [first, again, single, pull].map((row) => ({ ...row, peakMiB }));
    return { rows, firstEventMs: median(firstEvents) };
  } finally {
    await instance.stop();
  }
}

/** The second instance starts empty in every round and imports what the first one pushed. */
async function measureTarget({ server, rounds }: Bench): Promise<Row[]> {
  const first = newRow("Bulk import into an empty instance");
  const again = newRow("Bulk import, all up to date");
  for (const [index, id] of namesOf(rounds).entries()) {
    say(`Import, round ${String(index + 1)} of ${String(rounds)}.`);
    const url = withPassword(`${server.url}/${id}.git`);
    const instance = await startInstance({ env: repositories(server, [id]) });
    try {
      const platform = new Platform(instance);
      first.native.push(await measureNativeClone(url));
      await measure(first, { server, platform }, () => platform.bulkImport(id));
      again.native.push(await measureNativeNothing(url));
      await measure(again, { server, platform }, () => platform.bulkImport(id));
      first.peakMiB = again.peakMiB = await platform.peakMemory();
    } finally {
      await instance.stop();
    }
  }
  return [first, again];
}
