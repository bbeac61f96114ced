import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { aForm, aZip } from "@/lib/testing/zip/zip";

let instance: TestInstance;
let id = "";
let path = "";

beforeAll(async () => {
  instance = await startEngine({ env: { WORKSPACE_SECRET_shop_prismeai_key: "platform-only-value" } });
});
afterAll(() => instance.close());
beforeEach(async () => {
  const made = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop", slug: "shop" } });
  ({ id } = made.body as { id: string });
  path = `/v2/workspaces/${id}`;
  await write(security("[read, update]"));
  return async () => {
    expect((await instance.call("DELETE", path)).status).toBe(200);
  };
});

const security = (actions: string) =>
  `authorizations:\n  roles:\n    ops: {}\n  rules:\n    - { role: ops, action: ${actions}, subject: workspaces }\n`;
const index = (secret: string, url = "https://git.example.com/x.git") =>
  `name: Shop\nslug: shop\nrepositories:\n  mine:\n    config: { url: "${url}", auth: { password: "{{secret.${secret}}}" } }\n`;

async function write(text: string, token?: string, file = "security.yml") {
  const body = { files: { [file]: text } };
  const { status } = await instance.call("PATCH", `${path}/sources`, {
    json: body,
    ...(token ? { token } : {}),
  });
  return status;
}

async function upload(files: Record<string, string>, token: string) {
  const answer = await instance.call("POST", `${path}/import`, { form: aForm(await aZip(files)), token });
  expect(answer.status).toBe(200);
  return (answer.body as { errors: { err: string; path: string }[] }).errors.map((error) => [
    error.err,
    error.path,
  ]);
}

const read = async (file: string) => (await instance.call("GET", `${path}/sources/${file}`)).text;

/** Somebody who may do just these things here. */
async function someone(...actions: string[]) {
  const user = await instance.user();
  const policies = Object.fromEntries(actions.map((action) => [action, true]));
  const json = { target: { id: user.id }, permissions: { policies } };
  expect((await instance.call("POST", `${path}/permissions`, { json })).status).toBe(200);
  return user.token;
}

test("Whoever may manage security lets no role do what they may not do themselves, by hand or by an archive", async () => {
  const token = await someone("update", "manage_security");
  expect(await write(security("manage"), token)).toBe(403);
  expect(await write(security("[read, update, manage_permissions]"), token)).toBe(403);
  const archive = (actions: string) => ({
    "current/index.yml": "name: Shop\nslug: shop\n",
    "current/security.yml": security(actions),
  });
  expect(await upload(archive("[read, delete]"), token)).toEqual([["PermissionDenied", "security.yml"]]);
  expect(await read("security.yml")).toBe(security("[read, update]"));

  expect(await write(security("[read]"), token)).toBe(200);
  expect(await upload(archive("[update, manage_security]"), token)).toEqual([]);
  expect(await read("security.yml")).toBe(security("[update, manage_security]"));
  const owner = await instance.user({ role: "owner", workspaceId: id });
  expect(await write(security("manage"), owner.token)).toBe(200);
  // What stands there already is no gain.
  expect(await write(`${security("manage")}# looked at\n`, token)).toBe(200);
});

test("Whoever may change repositories but read no secrets sends none to where it was not sent before", async () => {
  const token = await someone("update", "manage_repositories");
  const plain =
    "name: Shop\nslug: shop\nrepositories:\n  mine:\n    config: { url: https://git.example.com/x.git }\n";
  expect(await write(plain, token, "index.yml")).toBe(200);
  expect(await write(index("token"), token, "index.yml")).toBe(403);
  const evil = index("token", "https://git.evil.example/x.git");
  expect(await upload({ "current/index.yml": evil }, token)).toEqual([["PermissionDenied", "index.yml"]]);
  expect(await read("index.yml")).toContain("https://git.example.com/x.git");

  const owner = await instance.user({ role: "owner", workspaceId: id });
  expect(await write(index("token"), owner.token, "index.yml")).toBe(200);
  expect(await write(evil, token, "index.yml")).toBe(403);
  expect(await write(index("token", "https://git.example.com/other.git"), token, "index.yml")).toBe(200);
});

test("A secret of the platform goes nowhere before a super admin used it there", async () => {
  const owner = await instance.user({ role: "owner", workspaceId: id });
  expect(await write(index("prismeai_key", "https://127.0.0.1:9/x.git"), owner.token, "index.yml")).toBe(200);
  const tried = (token?: string) =>
    instance.call("POST", `${path}/repositories/mine/test`, token ? { token } : {});
  const push = { token: owner.token, json: { repository: { id: "mine" } } };
  expect(await tried(owner.token)).toMatchObject({ status: 403, body: { error: "PermissionDenied" } });
  expect((await instance.call("POST", `${path}/versions`, push)).status).toBe(403);
  expect((await tried()).status).toBe(200);
  expect((await tried(owner.token)).status).toBe(200);
});
