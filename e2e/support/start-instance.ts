import { setTimeout as sleep } from "node:timers/promises";
import { startInstance, TOKEN, type Instance } from "@/lib/testing/instance";

const SEEDED_WITHIN_MS = 120_000;

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

/** Starts an instance with nothing configured and waits until its demo fleet is complete. */
export async function startDemo(): Promise<Instance> {
  const instance = await startInstance();
  try {
    await untilSeeded(instance);
  } catch (error) {
    await instance.stop();
    throw error;
  }
  return instance;
}

/** Starts the instance with the demo fleet that the stories share; answers how to stop it. */
export default async function startSharedInstance(): Promise<() => Promise<void>> {
  const instance = await startDemo();
  process.env["E2E_BASE_URL"] = instance.url;
  return () => instance.stop();
}
