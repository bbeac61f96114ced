import { startInstance } from "@/lib/testing/instance";
import { makeWorkspaces } from "../content";
import { fastImportStream, git, historyStream, SingleClone, WorkspaceClone } from "../native";
import { Platform } from "../platform";
import type { Row } from "../report";
import { FILES, measure, newRow, repositories, say, withPassword, type Bench } from "./setting";

/** Repositories that differ in one thing: how many workspaces they hold, or how long their history is. */
const SIZES = [
  { id: "ten", workspaces: 10, commits: 1 },
  { id: "thousand", workspaces: 1000, commits: 1 },
  { id: "history", workspaces: 1000, commits: 2000 },
  { id: "tenthousand", workspaces: 10_000, commits: 1 },
];

/** Work on one workspace, which should take the same time whatever stands beside it and behind it. */
export async function measureSizes({ server, rounds }: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  const instance = await startInstance({
    env: repositories(
      server,
      SIZES.map(({ id }) => id),
    ),
  });
  try {
    const platform = new Platform(instance);
    for (const { id, workspaces, commits } of SIZES) {
      const name = `${String(workspaces)} workspaces, ${String(commits)} ${commits === 1 ? "commit" : "commits"}`;
      say(`One workspace of a repository with ${name}.`);
      const fleet = makeWorkspaces(workspaces, FILES, id);
      const { path, url } = await server.repository(id);
      await git(path, ["fast-import", "--quiet", "--done"], fastImportStream(fleet, false));
      if (commits > 1)
        await git(path, ["fast-import", "--quiet", "--done"], historyStream(fleet.slice(1), commits));
      const own = fleet[0];
      if (!own) throw new Error("A repository has at least one workspace.");
      await platform.create({ slug: own.slug, files: new Map() });
      await platform.pull(own.slug, id, { discard: true });

      const push = newRow(`Push of one workspace: ${name}`);
      const pull = newRow(`Pull of one changed file: ${name}`);
      const clone = await SingleClone.of(withPassword(url));
      const reader = await WorkspaceClone.of(withPassword(url), own.slug);
      try {
        for (let round = 1; round <= rounds; round++) {
          const text = `${own.files.get("index.yml") ?? ""}# round ${String(round)}\n`;
          push.native.push(await clone.push(fleet[1]?.slug ?? "", text));
          await platform.write(own.slug, new Map([["index.yml", text]]));
          await measure(push, { server, platform }, () => platform.push(own.slug, id));
          await reader.pull();
          await clone.pushToTarget(own.slug, `${text}# pulled\n`);
          pull.native.push(await reader.pull());
          await measure(pull, { server, platform }, () => platform.pull(own.slug, id));
        }
      } finally {
        await clone.close();
        await reader.close();
      }
      rows.push(push, pull);
    }
    const peakMiB = await platform.peakMemory();
    return rows.map((row) => ({ ...row, peakMiB }));
  } finally {
    await instance.stop();
  }
}
