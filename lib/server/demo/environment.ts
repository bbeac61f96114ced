import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Repository } from "@/lib/domain/repository";
import type { Store } from "@/lib/store/contract";
import type { Env } from "../env/types";
import { DEMO_GROUPS } from "./fleet";

export const DEMO_REPOSITORY_ID = "demo";
const SETTING = "demo";

/** Where the files of the demo lie: beside the application. */
export function demoFolder(): string {
  return join(process.cwd(), "demo");
}

/** The bare repository that stands for the company's git server. */
export function demoRemote(env: Pick<Env, "dataDir">): string {
  return join(env.dataDir, "demo", "remote.git");
}

function demoRepositories(env: Env): Repository[] {
  return [
    {
      id: DEMO_REPOSITORY_ID,
      name: "Workspaces (local demo remote)",
      type: "git",
      mode: "read-write",
      scope: "platform",
      url: pathToFileURL(demoRemote(env)).href,
      branch: "main",
      dirpath: "workspaces",
      auth: { kind: "none" },
      exclude: [],
    },
    {
      id: "release",
      name: "Release v2.4.0 (read-only)",
      type: "filesystem",
      mode: "read-only",
      scope: "platform",
      url: "",
      branch: "main",
      dirpath: join(demoFolder(), "release"),
      auth: { kind: "none" },
      exclude: [],
    },
  ];
}

/** The environment with the repositories and groups of the demo added. */
export function demoEnvironment(env: Env): Env {
  const own = new Set(env.groups.map((group) => group.name));
  return {
    ...env,
    platformRepositories: [...env.platformRepositories, ...demoRepositories(env)],
    groups: [...env.groups, ...DEMO_GROUPS.filter((group) => !own.has(group.name))],
  };
}

/**
 * Whether this instance is a demo: it was one at its first start, or it starts for the first time with nothing
 * configured and an empty database. The answer is remembered, so a restart finds the demo's repositories again.
 */
export async function isDemo(env: Env, store: Pick<Store, "jobs" | "workspaces">): Promise<boolean> {
  if (env.demo === "false" || env.platformRepositories.length > 0) return false;
  const known = await store.jobs.setting(SETTING);
  if (known !== undefined && known !== null) return known === true;
  const { all } = await store.workspaces.counts();
  return (await store.jobs.settleSetting(SETTING, all === 0)) === true;
}
