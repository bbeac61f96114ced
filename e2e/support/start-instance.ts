import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FullConfig } from "@playwright/test";
import { startInstance, TOKEN, type Instance } from "@/lib/testing/instance";

const SEEDED_WITHIN_MS = 120_000;
// Workers are processes of their own, which get the environment of this one.
const SEEDED = "E2E_SEEDED_DEMO";
const ORIGINS = "E2E_ORIGINS";

async function untilSeeded({ url, output }: Instance): Promise<void> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const deadline = Date.now() + SEEDED_WITHIN_MS;
  while (Date.now() < deadline) {
    // The prepared conflict is the last thing that the demo makes.
    const answer = await fetch(`${url}/v2/workspaces/slug:sales-assistant`, { headers });
    const body = answer.ok ? ((await answer.json()) as { writeLock?: { reason: string } }) : {};
    if (body.writeLock?.reason === "merge_conflict") return;
    await sleep(250);
  }
  throw new Error(`The demo fleet was not there in time. The server printed:\n${output()}`);
}

/** Makes a data folder with the complete demo fleet, to be copied; `startDemo` finds it by the environment. */
async function seedDemo(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), "switchyard-demo-"));
  const instance = await startInstance({ dataDir });
  try {
    await untilSeeded(instance);
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  } finally {
    await instance.stop();
  }
  process.env[SEEDED] = dataDir;
  return dataDir;
}

/** Starts an instance with nothing configured and a demo fleet of its own, copied from the one that was seeded. */
export async function startDemo(): Promise<Instance> {
  const seeded = process.env[SEEDED];
  if (!seeded) throw new Error("No demo was seeded.");
  const dataDir = await mkdtemp(join(tmpdir(), "switchyard-e2e-"));
  await cp(seeded, dataDir, { recursive: true });
  const instance = await startInstance({ dataDir });
  return {
    ...instance,
    stop: async (signal) => {
      await instance.stop(signal);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Where the workers' shared instances are served, by the worker's number. */
export function sharedOrigin(worker: number): string {
  const origin = process.env[ORIGINS]?.split(" ")[worker];
  if (!origin) throw new Error("The shared instance did not start.");
  return origin;
}

/** Seeds the demo once, and starts an instance with it for each worker; returns how to stop them. */
export default async function startSharedInstances({ workers }: FullConfig): Promise<() => Promise<void>> {
  const seeded = await seedDemo();
  const instances = await Promise.all(Array.from({ length: workers }, startDemo));
  process.env[ORIGINS] = instances.map(({ url }) => url).join(" ");
  return async () => {
    await Promise.all(instances.map((instance) => instance.stop()));
    await rm(seeded, { recursive: true, force: true });
  };
}
