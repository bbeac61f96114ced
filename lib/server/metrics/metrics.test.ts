import { afterAll, beforeAll, expect, test } from "vitest";
import { answerMetrics } from "@/lib/http/gate/metrics-answer";
import { ADMIN_TOKEN, startEngine, type TestInstance } from "@/lib/testing/engine";
import { gitServer, type GitServer } from "@/lib/testing/git/git-server";

const METRICS_TOKEN = "only-for-the-scraper";

let server: GitServer;
let instance: TestInstance;
beforeAll(async () => {
  server = await gitServer();
  const remote = await server.repository("metrics");
  instance = await startEngine({
    env: {
      SWITCHYARD_METRICS_TOKEN: METRICS_TOKEN,
      WORKSPACES_STORAGE_GIT_PLATFORM_fleet_URL: remote.url,
    },
  });
});
afterAll(async () => {
  await instance.close();
  await server.close();
});

async function scrape(token: string | null, from = instance): Promise<{ status: number; text: string }> {
  const headers: HeadersInit = token === null ? {} : { authorization: `Bearer ${token}` };
  const answer = await answerMetrics(from.engine, new Request("http://localhost/metrics", { headers }));
  return { status: answer.status, text: await answer.text() };
}

/** The sample's value; 0 while nothing was counted under it. */
function valueOf(text: string, sample: string): number {
  const line = text.split("\n").find((one) => one.startsWith(`${sample} `));
  return line === undefined ? 0 : Number(line.slice(sample.length + 1));
}

test("The metrics are for their own token and super admins, unless they are public", async () => {
  const { token } = await instance.user();
  expect((await scrape(null)).status).toBe(401);
  expect((await scrape("at:no-such-token-0123456789")).status).toBe(401);
  expect((await scrape(token)).status).toBe(403);
  expect((await scrape(ADMIN_TOKEN)).status).toBe(200);
  expect((await scrape(METRICS_TOKEN)).status).toBe(200);
  const open = await startEngine({ env: { SWITCHYARD_METRICS_PUBLIC: "true" } });
  expect((await scrape(null, open)).status).toBe(200);
  await open.close();
});

test("They count requests by route, operations by outcome, git's bytes and standing locks", async () => {
  // Counters live as long as their process, which other tests may share.
  const { text: before } = await scrape(METRICS_TOKEN);
  const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Counted" } });
  const { id } = created.body as { id: string };
  await instance.call("GET", `/v2/workspaces/${id}`);
  await instance.call("GET", "/v2/workspaces/no-such");
  const pushed = await instance.call("POST", `/v2/workspaces/${id}/versions?timeout=60`, {
    json: { repository: { id: "fleet" } },
  });
  expect(pushed.status).toBe(200);
  await instance.call("POST", `/v2/workspaces/${id}/writeLock`, { json: { reason: "counted" } });
  const { text } = await scrape(METRICS_TOKEN);
  const counted = (sample: string) => valueOf(text, sample) - valueOf(before, sample);
  const requests = (status: string) =>
    counted(`switchyard_http_requests_total{method="GET",route="/v2/workspaces/[id]",status="${status}"}`);
  expect([requests("200"), requests("404")]).toEqual([1, 1]);
  expect(counted('switchyard_operations_total{kind="push",outcome="succeeded"}')).toBe(1);
  expect(counted('switchyard_operation_duration_seconds_count{kind="push"}')).toBe(1);
  expect(counted('switchyard_git_bytes_total{direction="sent"}')).toBeGreaterThan(0);
  expect(counted('switchyard_git_requests_total{service="git-receive-pack"}')).toBeGreaterThan(0);
  expect(valueOf(text, 'switchyard_locks_held{kind="manual"}')).toBe(1);
  expect(valueOf(text, "switchyard_database_up")).toBe(1);
  expect(text).not.toContain(id);
});
