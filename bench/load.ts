import { setTimeout as sleep } from "node:timers/promises";
import { gitServer } from "@/lib/testing/git/git-server";
import { startInstance, TOKEN, type Instance } from "@/lib/testing/instance";

/**
 * Clients that edit and push a workspace each, all into one repository, until the time is over: `npx tsx bench/load.ts
 * [seconds] [clients]`. Fails when an answer or an operation says that the server stopped, which it does not.
 */
const SECONDS = Number(process.argv[2] ?? 120);
const CLIENTS = Number(process.argv[3] ?? 16);
const CLAIMS_A_STOP = /Interrupted|LockLost|server stopped|shutting down|gave no sign/;

const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };

interface Tally {
  answers: Map<string, number>;
  milliseconds: number[];
  claims: string[];
  /** What the first failure of each kind said. */
  failures: Map<string, string>;
}

async function call(instance: Instance, tally: Tally, method: string, path: string, body?: unknown) {
  const startedAt = performance.now();
  const response = await fetch(`${instance.url}/v2${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const error = response.ok ? "" : ` ${/"error":"(\w+)"/.exec(text)?.[1] ?? ""}`;
  const key = `${method} ${path.replace(/\/workspaces\/\w+/, "/workspaces/*").replace(/\?.*/, "")} ${String(response.status)}${error}`;
  tally.answers.set(key, (tally.answers.get(key) ?? 0) + 1);
  tally.milliseconds.push(performance.now() - startedAt);
  if (!response.ok && !tally.failures.has(key)) tally.failures.set(key, text.slice(0, 400));
  if (CLAIMS_A_STOP.test(text)) tally.claims.push(`${key}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as Record<string, string>;
}

async function client(instance: Instance, tally: Tally, index: number, until: number): Promise<void> {
  const slug = `load-${String(index)}`;
  const { id = "" } = await call(instance, tally, "POST", "/workspaces", { name: slug, slug });
  for (let round = 0; Date.now() < until; round++) {
    await call(instance, tally, "PATCH", `/workspaces/${id}`, { description: `Round ${String(round)}` });
    await call(instance, tally, "POST", `/workspaces/${id}/versions?timeout=120`, {
      name: `${slug}-${String(round)}`,
      repository: { id: "main" },
    });
  }
}

function report({ answers, milliseconds, claims, failures }: Tally): void {
  for (const [key, count] of [...answers].sort()) console.log(`${String(count).padStart(6)}  ${key}`);
  for (const [key, text] of failures) console.log(`${key}: ${text}`);
  const sorted = milliseconds.sort((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.floor(sorted.length * part)] ?? 0);
  console.log(
    `Median ${String(at(0.5))} ms, 99th percentile ${String(at(0.99))} ms, of ${String(sorted.length)}.`,
  );
  console.log(`Answers that claim a stop: ${String(claims.length)}.`);
  for (const claim of claims.slice(0, 10)) console.log(`  ${claim}`);
}

async function main(): Promise<void> {
  const git = await gitServer({ password: "pw" });
  const remote = await git.repository("fleet");
  const instance = await startInstance({
    env: {
      SWITCHYARD_DEMO: "false",
      WORKSPACES_STORAGE_GIT_PLATFORM_main_URL: remote.url,
      WORKSPACES_STORAGE_GIT_PLATFORM_main_DIRPATH: "workspaces",
      WORKSPACES_STORAGE_GIT_PLATFORM_main_AUTH_USER: "git",
      WORKSPACES_STORAGE_GIT_PLATFORM_main_AUTH_PASSWORD: "pw",
    },
  });
  const tally: Tally = { answers: new Map(), milliseconds: [], claims: [], failures: new Map() };
  try {
    const until = Date.now() + SECONDS * 1000;
    await Promise.all(Array.from({ length: CLIENTS }, (_, index) => client(instance, tally, index, until)));
    await sleep(1000);
    for (const outcome of ["interrupted", "failed"]) {
      const listed = await fetch(`${instance.url}/v2/operations?limit=100`, { headers });
      const operations = (await listed.json()) as { id: string; outcome?: string; errors: unknown[] }[];
      for (const operation of operations.filter((one) => one.outcome === outcome)) {
        const text = JSON.stringify(operation.errors);
        if (CLAIMS_A_STOP.test(text)) tally.claims.push(`operation ${operation.id}: ${text}`);
      }
    }
    report(tally);
    process.exitCode = tally.claims.length > 0 ? 1 : 0;
  } finally {
    await instance.stop();
    await git.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
