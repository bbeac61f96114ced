import { writeFile } from "node:fs/promises";
import os from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gitServer, type GitServer } from "@/lib/testing/git/git-server";
import { startInstance, type Instance } from "@/lib/testing/instance";
import { makeWorkspaces, type BenchWorkspace } from "./content";
import {
  fastImportStream,
  git,
  measureNativeClone,
  measureNativeNothing,
  measureNativePull,
  measureNativePush,
  measureNativeSingle,
} from "./native";
import { Platform } from "./platform";
import { median, report, type Row } from "./report";

const PASSWORD = "bench-password";
const FILES = 20;

interface Bench {
  server: GitServer;
  workspaces: BenchWorkspace[];
  rounds: number;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function withPassword(url: string): string {
  return url.replace("http://", `http://git:${PASSWORD}@`);
}

/** A repository of the environment for each round, so that every round pushes everything for the first time. */
function repositories(server: GitServer, rounds: number): Record<string, string> {
  const env: Record<string, string> = { WORKSPACES_GROUP_bench_LABELS: "bench:all" };
  for (let round = 1; round <= rounds; round++) {
    const prefix = `WORKSPACES_STORAGE_GIT_PLATFORM_round${String(round)}`;
    env[`${prefix}_URL`] = `${server.url}/ours-${String(round)}.git`;
    env[`${prefix}_DIRPATH`] = "workspaces";
    env[`${prefix}_AUTH_USER`] = "git";
    env[`${prefix}_AUTH_PASSWORD`] = PASSWORD;
  }
  return env;
}

/** Runs `work` and answers its time with the number of requests it made to the remote. */
async function counted(server: GitServer, work: () => Promise<number>) {
  server.resetCounts();
  const ms = await work();
  return { ms, requests: server.requests.length };
}

/** Git and we take turns, so that a slow moment of the machine meets both. */
async function measureSource(
  { server, workspaces, rounds }: Bench,
  instance: Instance,
): Promise<{ rows: Row[]; firstEventMs: number }> {
  const platform = new Platform(instance);
  const stream = fastImportStream(workspaces);
  say(`Creating ${String(workspaces.length)} workspaces.`);
  for (const workspace of workspaces) await platform.create(workspace);
  const first: Row = { name: "Bulk push of everything", native: [], ours: [], requests: [] };
  const again: Row = { name: "Bulk push, nothing to do", native: [], ours: [], requests: [] };
  const single: Row = { name: "Push of one workspace", native: [], ours: [], requests: [] };
  const pull: Row = { name: "Pull of one changed file", native: [], ours: [], requests: [] };
  const firstEvents: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`Push, round ${String(round)} of ${String(rounds)}.`);
    const theirs = await server.repository(`native-${String(round)}`);
    const ours = await server.repository(`ours-${String(round)}`);
    const id = `round${String(round)}`;
    first.native.push(await measureNativePush(stream, withPassword(theirs.url)));
    const push = await counted(server, () => platform.bulkPush(id, `v${String(round)}`));
    first.ours.push(push.ms);
    first.requests.push(push.requests);
    firstEvents.push(platform.firstEventMs);
    const problems = await ours.fsck();
    if (problems !== "") throw new Error(`git fsck complains: ${problems}`);

    again.native.push(await measureNativeNothing(withPassword(ours.url)));
    const nothing = await counted(server, () => platform.bulkPush(id, `v${String(round)}-again`));
    again.ours.push(nothing.ms);
    again.requests.push(nothing.requests);

    const workspace = workspaces[round % workspaces.length];
    if (!workspace) continue;
    const text = `${workspace.files.get("index.yml") ?? ""}# round ${String(round)}\n`;
    single.native.push(await measureNativeSingle(withPassword(theirs.url), workspace.slug, text));
    await platform.write(workspace.slug, new Map([["index.yml", text]]));
    const one = await counted(server, () => platform.push(workspace.slug, id));
    single.ours.push(one.ms);
    single.requests.push(one.requests);

    // Git's measurement leaves the colleague's commit in the repository that we pull from.
    pull.native.push(await measureNativePull(withPassword(ours.url), workspace.slug, `${text}# pulled\n`));
    const pulled = await counted(server, () => platform.pull(workspace.slug, id));
    pull.ours.push(pulled.ms);
    pull.requests.push(pulled.requests);
  }
  const peak = await platform.peakMemory();
  const rows = [first, again, single, pull].map((row) => ({ ...row, peakMiB: peak }));
  return { rows, firstEventMs: median(firstEvents) };
}

/** The second instance starts empty in every round and imports what the first one pushed. */
async function measureTarget({ server, rounds }: Bench): Promise<Row[]> {
  const first: Row = { name: "Bulk import into an empty instance", native: [], ours: [], requests: [] };
  const again: Row = { name: "Bulk import, all up to date", native: [], ours: [], requests: [] };
  for (let round = 1; round <= rounds; round++) {
    say(`Import, round ${String(round)} of ${String(rounds)}.`);
    const url = withPassword(`${server.url}/ours-${String(round)}.git`);
    const instance = await startInstance({ env: repositories(server, rounds) });
    try {
      const platform = new Platform(instance);
      const id = `round${String(round)}`;
      first.native.push(await measureNativeClone(url));
      const all = await counted(server, () => platform.bulkImport(id));
      first.ours.push(all.ms);
      first.requests.push(all.requests);
      again.native.push(await measureNativeNothing(url));
      const nothing = await counted(server, () => platform.bulkImport(id));
      again.ours.push(nothing.ms);
      again.requests.push(nothing.requests);
      first.peakMiB = again.peakMiB = await platform.peakMemory();
    } finally {
      await instance.stop();
    }
  }
  return [first, again];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      workspaces: { type: "string", default: "200" },
      rounds: { type: "string", default: "3" },
    },
  });
  const count = Number(values.workspaces);
  const rounds = Number(values.rounds);
  const server = await gitServer({ password: PASSWORD });
  try {
    const bench: Bench = { server, workspaces: makeWorkspaces(count, FILES), rounds };
    const instance = await startInstance({ env: repositories(server, rounds) });
    const source = await measureSource(bench, instance).finally(() => instance.stop());
    const rows = [...source.rows, ...(await measureTarget(bench))];
    const text = report(rows, {
      firstEventMs: source.firstEventMs,
      workspaces: count,
      files: FILES,
      rounds,
      git: (await git(os.tmpdir(), ["--version"])).trim(),
    });
    say(`\n${text}`);
    await writeFile(join(process.cwd(), "bench", "RESULTS.md"), text);
  } finally {
    await server.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
