import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { unzip } from "@/lib/testing/zip/unzip";
import { aForm, aZip } from "@/lib/testing/zip/zip";
import { withoutCredentials } from "../edits/credentials";

const PASSWORD = "hunter22222";
const index = (auth: string) => `# The shop
name: Shop
slug: shop
repositories:
  hub: # ours
    config:
      url: https://git.example/a.git
      auth: ${auth}
`;
const WRITTEN = index(`{ user: me, password: ${PASSWORD} } # old`);

let instance: TestInstance;
let base = "";
let viewer = "";
let editor = "";
beforeAll(async () => {
  instance = await startEngine();
  const made = await instance.call("POST", "/v2/workspaces/import?timeout=60", {
    form: aForm(await aZip({ "a/index.yml": WRITTEN, "a/pages/p.yml": "slug: p\n" })),
  });
  const { id } = (made.body as { workspace: { id: string } }).workspace;
  base = `/v2/workspaces/${id}`;
  viewer = (await instance.user({ role: "viewer", workspaceId: id })).token;
  editor = (await instance.user({ role: "editor", workspaceId: id })).token;
  await instance.call("POST", `${base}/versions?timeout=60`, { json: { name: "v1" } });
});
afterAll(() => instance.close());

const put = (text: string) => instance.call("PUT", `${base}/sources/index.yml`, { text });

test("A credential written out is refused at every way of writing it, with what to write instead", async () => {
  const auths = [
    "{ password: another-one }",
    "{ user: me, sshkey: '-----BEGIN OPENSSH PRIVATE KEY-----' }",
    "{ sshkey: '{{secret.key}}', passphrase: opensesame }",
  ];
  for (const auth of auths) {
    const refused = await put(index(auth));
    expect([refused.status, refused.body]).toMatchObject([
      400,
      { error: "InvalidRequest", message: expect.stringContaining("{{secret.name}}") as unknown },
    ]);
    expect(refused.text).not.toMatch(/another-one|opensesame|PRIVATE KEY/);
  }
  const repositories = { hub: { config: { url: "https://git.example/a.git", auth: { password: "third" } } } };
  expect((await instance.call("PATCH", base, { json: { repositories } })).status).toBe(400);
  const files = { "index.yml": index("{ password: fourth }") };
  expect((await instance.call("PATCH", `${base}/sources`, { json: { files } })).status).toBe(400);
});

test("Secrets, and what stood there before, may be written; those who may change a file read it as it is", async () => {
  expect((await put(`${WRITTEN}description: Sells\n`)).status).toBe(200);
  expect((await put(index("{ user: me, password: '{{ secret.token }}' }"))).status).toBe(200);
  const back = await instance.call("POST", `${base}/versions/v1/rollback?timeout=60`, { json: {} });
  expect(back.status).toBe(200);
  const read = await instance.call("GET", `${base}/sources/index.yml`, { token: editor });
  expect(read.text).toBe(WRITTEN);
  expect(read.headers.get("etag")).toMatch(/^"/);
});

const READS: [method: string, path: string][] = [
  ["GET", ""],
  ["GET", "/repositories"],
  ["GET", "/sources/index.yml"],
  ["GET", "/versions/v1/file?path=index.yml"],
  ["GET", "/sync?repository=prismeai"],
  ["GET", "/sync/file?repository=prismeai&path=index.yml"],
  ["GET", "/events?limit=100"],
  ["GET", "/config"],
];

test.each(READS)("%s …%s shows a viewer no written credential", async (method, path) => {
  const answer = await instance.call(method, base + path, { token: viewer });
  expect(answer.status).toBe(200);
  expect(answer.text).not.toContain(PASSWORD);
});

test("Neither archives nor copies hand a viewer a written credential; the rest of the file stays as it is", async () => {
  const shown = WRITTEN.replace(PASSWORD, '"[redacted]"');
  const text = await instance.call("GET", `${base}/sources/index.yml`, { token: viewer });
  expect([text.text.replaceAll("'", '"'), text.headers.get("etag")]).toEqual([shown, null]);
  const zips: [method: string, path: string, json?: unknown][] = [
    ["GET", `${base}/export`],
    ["POST", `${base}/versions/v1/export`],
    ["POST", "/v2/workspaces/export", { workspaces: { query: { slug: "shop" } } }],
  ];
  for (const [method, path, json] of zips)
    for (const [token, isHidden] of [
      [viewer, true],
      [editor, false],
    ] as const) {
      const response = await instance.request(method, path, { token, ...(json ? { json } : {}) });
      const files = await unzip(Buffer.from(await response.arrayBuffer()));
      const index = Object.entries(files).find(([name]) => name.endsWith("/index.yml"))?.[1] ?? "";
      expect([path, index.replaceAll("'", '"')]).toEqual([path, isHidden ? shown : WRITTEN]);
    }
  const copy = await instance.call("POST", `${base}/duplicate`, { json: {}, token: viewer });
  const { id } = copy.body as { id: string };
  const own = await instance.call("GET", `/v2/workspaces/${id}/sources/index.yml`, { token: viewer });
  expect([own.status, own.text.includes(PASSWORD)]).toEqual([200, false]);
});

test("A file that cannot be read is not shown to those who may only read", () => {
  const bytes = Buffer.from(
    `a: 1\na: 2\nrepositories: { hub: { config: { auth: { password: ${PASSWORD} } } } }\n`,
  );
  expect(Buffer.from(withoutCredentials("index.yml", bytes)).toString("utf8")).not.toContain(PASSWORD);
  expect(withoutCredentials("pages/a.yml", bytes)).toBe(bytes);
});
