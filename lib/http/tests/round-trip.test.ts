import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildTree } from "@/lib/archive/objects";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { gitServer, type GitServer, type TestRepository } from "@/lib/testing/git/git-server";
import { aForm } from "@/lib/testing/zip/zip";

/** A workspace as people leave it: comments, odd quoting, line ends of another system, names with spaces. */
const TEXTS: Record<string, string> = {
  "index.yml":
    "# The reimbursement desk\nname: 'Reimbursement desk'   # shown to people\nslug: \"desk\"\ndescription:\n  en: Claims, \"by mail\"\n  fr: >-\n    Remboursements\n    par courriel\nlabels: [ production:app:desk ,  \"group:base\" ]\nconfig:\n  schema:\n    limit: {type: number, default: 50}\n  value:\n    limit:   75\n    url: '{{secret.deskUrl}}'\nrepositories:\n  origin:\n    name: Origin\n    type: git\n    config:\n      url: https://git.example/desk.git\n      auth: {user: desk, password: '{{secret.gitPassword}}'}\n",
  "security.yml": "authorizations:\r\n  roles:\r\n    editor: {}\r\n  rules: []\r\n",
  "automations/Incoming e-mail.yml":
    "slug: Incoming e-mail\n'do':\n  - conditions:\n      \"{{body.from}} matches regex('^[^@]+@larkfield\\\\.example$')\":\n        - set: {name: ok, value: yes}\n      default: []\n  # nothing else\nwhen:\n  endpoint: true",
  "automations/sums.json": '{ "slug": "sums",\n\t"do": [] }\n',
  "pages/claims/open.yml": "slug: claims/open\nblocks:\n- slug: Table\n  rows: |+\n    keep\n\n\n",
  "pages/home.yaml": "slug: home\r\nname: Accueil ☕\r\n",
  "imports/Custom Code.yml": "appSlug: Custom Code\nslug: Custom Code\nconfig:\n  a: !!str 1\n",
  "README.md": "# Desk\n\ttabs and trailing spaces  \n",
  "notes/empty.txt": "",
};
const LOGO = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 13, 10, 0x1a]), randomBytes(500)]);

let server: GitServer;
let instance: TestInstance;
let remote: TestRepository;
beforeAll(async () => {
  server = await gitServer({ user: "switch", password: "yard-password" });
  remote = await server.repository("fleet");
  const prefix = "WORKSPACES_STORAGE_GIT_PLATFORM_fleet_";
  instance = await startEngine({
    env: {
      [`${prefix}URL`]: remote.url,
      [`${prefix}DIRPATH`]: "workspaces",
      [`${prefix}AUTH_USER`]: "switch",
      [`${prefix}AUTH_PASSWORD`]: "yard-password",
    },
  });
});
afterAll(async () => {
  await instance.close();
  await server.close();
});

const call = (method: string, path: string, json?: unknown) =>
  instance.call(method, `/v2/workspaces${path}`, json === undefined ? {} : { json });

/** Every file of a workspace with its blob id and mode, which say all about its bytes. */
async function state(id: string): Promise<string[]> {
  const files = (await instance.engine.store.workspaces.files([id])).get(id) ?? [];
  return files.map(({ path, oid, mode }) => `${mode} ${oid} ${path}`).sort();
}

async function archiveOf(path: string, method = "GET"): Promise<Buffer> {
  const response = await instance.request(method, `/v2/workspaces${path}`);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

test("A workspace survives API, git, archive and back byte for byte, whatever its author wrote", async () => {
  const created = await call("POST", "", { name: "Desk", slug: "desk" });
  const { id } = created.body as { id: string };
  const written = await call("PATCH", `/${id}/sources`, { files: TEXTS });
  expect(written.status).toBe(200);
  for (const [path, text] of Object.entries(TEXTS))
    expect((await call("GET", `/${id}/sources/${encodeURI(path)}`)).text).toBe(text);

  // By git: out, and back in with a picture and a script from somebody else's client.
  const pushed = await call("POST", `/${id}/versions?timeout=60`, {
    name: "v1",
    repository: { id: "fleet" },
  });
  expect(pushed.status).toBe(200);
  for (const [path, text] of Object.entries(TEXTS))
    expect(await remote.read("main", `workspaces/desk/${path}`)).toBe(text);
  await remote.commit({
    "workspaces/desk/assets/logo.png": LOGO,
    "workspaces/desk/bin/run.sh": "#!/bin/sh\n",
  });
  const pulled = await call("POST", `/${id}/pull?timeout=60`, { repository: { id: "fleet" } });
  expect(pulled.body).toMatchObject({ imported: ["assets/logo.png", "bin/run.sh"], deleted: [], errors: [] });
  await instance.engine.store.workspaces.write([
    {
      workspaceId: id,
      guard: {},
      userId: "test",
      events: [],
      contents: await withExecutable(id, "bin/run.sh"),
    },
  ]);
  const whole = await state(id);
  expect(whole).toHaveLength(Object.keys(TEXTS).length + 2);
  expect(whole.some((file) => file.startsWith("100755") && file.endsWith("bin/run.sh"))).toBe(true);

  // By archive: into the same workspace, into an emptied one, and as a new one.
  const archive = await archiveOf(`/${id}/export`);
  const same = await instance.call("POST", `/v2/workspaces/${id}/import?prune=true`, {
    form: aForm(archive),
  });
  expect(same.body).toMatchObject({ imported: [], deleted: [], errors: [] });
  expect(await state(id)).toEqual(whole);
  const wiped = Object.fromEntries(
    Object.keys(TEXTS)
      .filter((path) => !["index.yml", "security.yml"].includes(path))
      .map((path) => [path, null]),
  );
  await call("PATCH", `/${id}/sources`, { files: wiped });
  expect(await state(id)).not.toEqual(whole);
  await instance.call("POST", `/v2/workspaces/${id}/import`, { form: aForm(archive) });
  expect(await state(id)).toEqual(whole);
  const copy = await instance.call("POST", "/v2/workspaces/import", { form: aForm(archive) });
  const { createdWorkspaceIds } = copy.body as { createdWorkspaceIds: string[] };
  expect(await state(createdWorkspaceIds[0] ?? "")).toEqual(whole);

  // By version, and by git again.
  await call("POST", `/${id}/versions?timeout=60`, { name: "v2", repository: { id: "fleet" } });
  await call("PATCH", `/${id}/sources`, { files: { "pages/home.yaml": "slug: other\n" } });
  await call("POST", `/${id}/versions/v2/rollback?timeout=60`, { repository: { id: "fleet" } });
  expect(await state(id)).toEqual(whole);
  await call("DELETE", `/${id}`);
  await call("DELETE", `/${createdWorkspaceIds[0] ?? ""}`);
  const back = await call("POST", "/platform/versions/latest/pull?timeout=60", {
    repository: { id: "fleet" },
  });
  expect(back.body).toMatchObject({ createdWorkspaceIds: [id], errors: [] });
  expect(await state(id)).toEqual(whole);
});

async function withExecutable(id: string, path: string) {
  const stored = (await instance.engine.store.workspaces.files([id])).get(id) ?? [];
  const files = stored.map((file) => (file.path === path ? { ...file, mode: "100755" as const } : file));
  return { ...buildTree(files), files };
}
