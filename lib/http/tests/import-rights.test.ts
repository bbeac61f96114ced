import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { gitServer, type GitServer, type TestRepository } from "@/lib/testing/git/git-server";

let server: GitServer;
let remote: TestRepository;
let instance: TestInstance;

beforeAll(async () => {
  server = await gitServer();
  remote = await server.repository("rights");
  instance = await startEngine({
    env: {
      WORKSPACES_STORAGE_GIT_PLATFORM_fleet_URL: remote.url,
      WORKSPACES_STORAGE_GIT_PLATFORM_fleet_DIRPATH: "workspaces",
      WORKSPACES_GROUP_base_LABELS: "group:base",
    },
  });
});
afterAll(async () => {
  await instance.close();
  await server.close();
});

const OURS = "authorizations:\n  roles: {}\n  rules: []\n";
const THEIRS =
  "authorizations:\n  roles:\n    sneaky: {}\n  rules:\n    - { role: sneaky, action: manage, subject: workspaces }\n";
const SNEAKY =
  "repositories:\n  sneaky:\n    type: git\n    config:\n      url: https://git.evil.example/x.git\n";

async function aWorkspace(name: string, labels: string[] = []): Promise<string> {
  const created = await instance.call("POST", "/v2/workspaces", { json: { name, labels } });
  return (created.body as { id: string }).id;
}

const pull = (id: string, token: string, discard = true) =>
  instance.call("POST", `/v2/workspaces/${id}/versions/latest/pull?timeout=60`, {
    token,
    json: { repository: { id: "fleet" }, discardLocalChanges: discard },
  });
const read = async (id: string, path: string) =>
  (await instance.call("GET", `/v2/workspaces/${id}/sources/${path}`)).text;
const push = (id: string) =>
  instance.call("POST", `/v2/workspaces/${id}/versions?timeout=60`, {
    json: { repository: { id: "fleet" } },
  });

interface Imported {
  errors: { err: string; path?: string; msg: string }[];
  imported: string[];
}

for (const [name, index] of [
  ["yaml", (text: string) => ({ "index.yml": `${text}${SNEAKY}` })],
  [
    "json",
    (_text: string) => ({
      "index.json": JSON.stringify({
        name: "Json",
        slug: "json",
        repositories: { sneaky: { type: "git", config: { url: "https://git.evil.example/x.git" } } },
      }),
    }),
  ],
] as const)
  test(`A pull by an editor leaves security and repositories as they are and says so (index in ${name})`, async () => {
    const id = await aWorkspace(name);
    expect((await push(id)).status).toBe(200);
    const directory = `workspaces/${name}`;
    const files = Object.entries(index(await read(id, "index.yml")));
    await remote.commit(
      Object.fromEntries([
        [`${directory}/index.yml`, null],
        [`${directory}/security.yml`, THEIRS],
        [`${directory}/pages/home.yml`, "slug: home\n"],
        ...files.map(([path, text]) => [`${directory}/${path}`, text]),
      ]) as Record<string, string>,
    );
    const { token } = await instance.user({ role: "editor", workspaceId: id });
    const pulled = await pull(id, token);
    expect(pulled.status).toBe(200);
    const { errors, imported } = pulled.body as Imported;
    expect(imported).toContain("pages/home.yml");
    expect(errors.map(({ err, path }) => [err, path]).sort()).toEqual(
      [
        ["PermissionDenied", files[0]?.[0]],
        ["PermissionDenied", "security.yml"],
      ].sort(),
    );
    expect(await read(id, "security.yml")).toBe(OURS);
    expect(await read(id, files[0]?.[0] ?? "")).not.toContain("sneaky");
    const detail = (await instance.call("GET", `/v2/workspaces/${id}`)).body as { repositories: object };
    expect(detail.repositories).toEqual({});

    const owner = await instance.user({ role: "owner", workspaceId: id });
    expect(((await pull(id, owner.token)).body as Imported).errors).toEqual([]);
    expect(await read(id, "security.yml")).toBe(THEIRS);
    expect(await read(id, files[0]?.[0] ?? "")).toContain("sneaky");
  });

test("A pull publishes an app only for someone who may publish it by hand", async () => {
  const id = await aWorkspace("Appy");
  await push(id);
  const manifest = await remote.read("main", "workspaces/appy/.import.yml");
  await remote.commit({
    "workspaces/appy/.import.yml": `${manifest}app:\n  slug: appy-app\n  name: Appy\n`,
    "workspaces/appy/pages/home.yml": "slug: home\n",
  });
  const editor = await instance.user({ role: "editor", workspaceId: id });
  const pulled = (await pull(id, editor.token)).body as Imported;
  expect(pulled.errors).toMatchObject([
    { err: "PermissionDenied", msg: expect.stringContaining("appy-app") as unknown },
  ]);
  expect((await instance.call("GET", "/v2/apps/appy-app")).status).toBe(404);
  const owner = await instance.user({ role: "owner", workspaceId: id });
  expect(((await pull(id, owner.token)).body as Imported).errors).toEqual([]);
  expect((await instance.call("GET", "/v2/apps/appy-app")).status).toBe(200);
});

test("A bulk operation needs update on every workspace concerned, besides access to the platform", async () => {
  const mine = await aWorkspace("Mine", ["group:base"]);
  const theirs = await aWorkspace("Theirs", ["group:base"]);
  await push(mine);
  await push(theirs);
  const operator = await instance.user({ role: "editor", workspaceId: "platform" });
  const bind = (workspaceId: string, role: string) =>
    instance.call("POST", `/v2/workspaces/${workspaceId}/permissions`, {
      json: { target: { id: operator.id }, permissions: { role } },
    });
  await bind(mine, "editor");
  const bulkPush = () =>
    instance.call("POST", "/v2/workspaces/platform/versions?timeout=60", {
      token: operator.token,
      json: { groups: ["base"], dryRun: true },
    });
  const bulkImport = () =>
    instance.call("POST", "/v2/workspaces/platform/versions/latest/pull?timeout=60", {
      token: operator.token,
      json: { groups: ["base"], repository: { id: "fleet" }, dryRun: true },
    });
  const refused = await bulkPush();
  expect([refused.status, refused.body]).toMatchObject([403, { details: { count: 1, slugs: [] } }]);
  expect(JSON.stringify(refused.body)).not.toContain("theirs");
  const hidden = await bulkImport();
  expect([hidden.status, hidden.body]).toMatchObject([403, { details: { count: 1, slugs: [] } }]);
  expect(JSON.stringify(hidden.body)).not.toContain("theirs");
  await bind(theirs, "viewer");
  expect((await bulkPush()).body).toMatchObject({ details: { slugs: ["theirs"] } });
  await bind(theirs, "editor");
  expect((await bulkPush()).status).toBe(200);
  expect((await bulkImport()).status).toBe(200);
});
