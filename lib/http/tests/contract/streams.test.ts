import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { systemViewer } from "@/lib/server/viewer";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { readStream } from "@/lib/testing/sse";

let instance: TestInstance;
let id = "";
let finish: () => void = () => undefined;

beforeAll(async () => {
  instance = await startEngine();
  const made = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop" } });
  ({ id } = made.body as { id: string });
});
afterAll(() => instance.close());
afterEach(() => {
  vi.useRealTimers();
  finish();
});

/** An operation that goes on until the test is over. */
async function running(): Promise<string> {
  const { operationId } = await instance.engine.runner.start(systemViewer("schedule", "test"), {
    kind: "push",
    workspaceId: id,
    input: {},
    purpose: "none",
    work: () =>
      new Promise((resolve) => {
        finish = () => resolve({ outcome: "succeeded", result: {}, errors: [] });
      }),
  });
  return operationId;
}

test("Whoever loses their role or their token stops following an operation, and is told why", async () => {
  const path = `/v2/operations/${await running()}`;
  vi.useFakeTimers({ toFake: ["setInterval"] });
  const lost = await instance.user({ role: "viewer", workspaceId: id });
  const out = await instance.user({ role: "viewer", workspaceId: id });
  const streams = [lost, out].map(({ token }) => instance.request("GET", `${path}?sse=true`, { token }));
  const [first, second] = await Promise.all(streams);
  await instance.call("DELETE", `/v2/workspaces/${id}/permissions/${lost.id}`);
  const [token] = await instance.engine.store.accounts.accessTokens(out.id);
  await instance.engine.store.accounts.deleteAccessToken(out.id, token?.id ?? "");
  vi.advanceTimersByTime(11_000);
  for (const [response, error] of [
    [first, "NotFound"],
    [second, "Unauthenticated"],
  ] as const) {
    if (!response) throw new Error("There is no stream.");
    const last = (await readStream(response)).at(-1);
    expect(last?.data).toMatchObject({ errors: [{ error }], mergeConflictWorkspaceIds: [] });
  }
  expect((await instance.call("GET", path)).body).toMatchObject({ state: "running" });
});

test("One user follows only so many operations at once, and may go on after ending one", async () => {
  const path = `/v2/operations/${await running()}?sse=true`;
  const { token } = await instance.user({ role: "viewer", workspaceId: id });
  const open: Response[] = [];
  for (;;) {
    const response = await instance.request("GET", path, { token });
    if (response.status === 429) break;
    expect([response.status, open.length <= 50]).toEqual([200, true]);
    open.push(response);
  }
  await open.pop()?.body?.cancel();
  const again = await instance.request("GET", path, { token });
  expect(again.status).toBe(200);
  for (const response of [again, ...open]) await response.body?.cancel();
});
