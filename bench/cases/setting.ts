import type { GitServer } from "@/lib/testing/git/git-server";
import type { Platform } from "../platform";
import type { Row } from "../report";

export const PASSWORD = "bench-password";
export const FILES = 20;

/** What all cases share. */
export interface Bench {
  server: GitServer;
  rounds: number;
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function withPassword(url: string): string {
  return url.replace("http://", `http://git:${PASSWORD}@`);
}

/** The environment of an instance that knows these repositories, by the names they have on the server. */
export function repositories(server: GitServer, names: readonly string[]): Record<string, string> {
  const env: Record<string, string> = { WORKSPACES_GROUP_bench_LABELS: "bench:all" };
  for (const name of names) {
    const prefix = `WORKSPACES_STORAGE_GIT_PLATFORM_${name}`;
    env[`${prefix}_URL`] = `${server.url}/${name}.git`;
    env[`${prefix}_DIRPATH`] = "workspaces";
    env[`${prefix}_AUTH_USER`] = "git";
    env[`${prefix}_AUTH_PASSWORD`] = PASSWORD;
  }
  return env;
}

export function newRow(name: string): Row {
  return { name, native: [], ours: [], requests: [], loopMs: [] };
}

/** Runs our side of a case: its time, its requests to the remote and how long it kept the event loop at most. */
export async function measure(
  row: Row,
  { server, platform }: { server: GitServer; platform: Platform },
  work: () => Promise<number>,
): Promise<void> {
  await platform.longestBlock();
  server.resetCounts();
  row.ours.push(await work());
  row.requests.push(server.requests.length);
  row.loopMs.push(await platform.longestBlock());
}
