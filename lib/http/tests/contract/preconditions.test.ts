import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestInstance } from "@/lib/testing/engine";

let instance: TestInstance;
let base = "";
beforeAll(async () => {
  instance = await startEngine();
  const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop" } });
  base = `/v2/workspaces/${(created.body as { id: string }).id}`;
  const files = {
    "automations/a.yml": "slug: a\n",
    "pages/p.yml": "slug: p\n",
    "imports/M.yml": "appSlug: m\n",
  };
  await instance.call("PATCH", `${base}/sources`, { json: { files } });
});
afterAll(() => instance.close());

const revision = async () => ((await instance.call("GET", base)).body as { revision: number }).revision;

// Each write with a body that changes something, and where the ETag it takes is read.
const WRITES: [method: string, path: string, call: { json?: unknown; text?: string }, readAt?: string][] = [
  ["PATCH", "/automations/a", { json: { description: "new" } }],
  ["PUT", "/automations/a", { json: { name: "newer" } }],
  ["PATCH", "/pages/p", { json: { description: "new" } }],
  ["PUT", "/pages/p", { json: { name: "newer" } }],
  ["PATCH", "/apps/M", { json: { disabled: true } }],
  ["PATCH", "/apps/M/config", { json: { colour: "red" } }],
  ["PUT", "/apps/M/config", { json: { colour: "blue" } }],
  ["PATCH", "/blocks", { json: { card: { url: "/card" } } }],
  ["PUT", "/blocks", { json: { other: { url: "/other" } } }],
  ["PATCH", "/config", { json: { value: { colour: "red" } } }],
  ["PUT", "/config", { json: { value: { colour: "blue" } } }],
  ["PATCH", "/security", { json: { authorizations: { roles: { guest: {} } } } }],
  ["PUT", "/security", { json: { authorizations: { roles: { other: {} } } } }],
  ["PUT", "/sources/pages/p.yml", { text: "slug: p\nname: by hand\n" }],
  ["PATCH", "/sources", { json: { files: { "pages/q.yml": "slug: q\n" } } }],
  ["PATCH", "", { json: { description: "new" } }, "/config"],
  ["DELETE", "/sources/pages/q.yml", {}],
  ["DELETE", "/automations/a", {}],
  ["DELETE", "/pages/p", {}],
  ["DELETE", "/apps/M", {}],
];

test.each(WRITES)(
  "%s …%s with an old If-Match is 412 with the current ETag and changes nothing; with that ETag it is done",
  async (method, path, call, readAt = path) => {
    const etag = (await instance.call("GET", base + readAt)).headers.get("etag");
    expect(etag).toMatch(/^"[0-9a-f]{40}"$/);
    const before = await revision();
    const write = (ifMatch: string) =>
      instance.call(method, base + path, { ...call, headers: { "if-match": ifMatch } });
    const refused = await write(`"${"0".repeat(40)}"`);
    expect([refused.status, refused.body]).toMatchObject([
      412,
      { error: "PreconditionFailed", details: { oid: etag?.replaceAll('"', "") } },
    ]);
    expect(refused.headers.get("etag")).toBe(etag);
    expect(await revision()).toBe(before);
    const done = await write(etag ?? "");
    expect([done.status, await revision()]).toEqual([200, before + 1]);
    if (method === "DELETE" || path === "") return;
    const now = await instance.call("GET", base + path);
    expect(done.headers.get("etag")).toBe(now.headers.get("etag"));
  },
);
