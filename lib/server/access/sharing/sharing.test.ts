import { afterEach, beforeEach, expect, test } from "vitest";
import { rolesIn } from "@/lib/server/access/custom-roles";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { describeOnDatabases } from "@/lib/testing/database";

const SECURITY = `authorizations:
  roles:
    releaser: {}
    editor: {}
  rules:
    - role: releaser
      action: [read, update, manage_repositories]
      subject: workspaces
    - role: editor
      action: manage
      subject: workspaces
`;

test("A custom role is what the rules on workspaces make of it, the last one deciding", () => {
  const rule = (action: string | string[], more: object = {}) => ({
    role: "ops",
    action,
    subject: "workspaces",
    ...more,
  });
  const actions = (...rules: object[]) =>
    rolesIn({ authorizations: { roles: { ops: {} }, rules } }).get("ops");
  expect(actions(rule("read"), rule(["update", "get_usage"]))).toEqual(["read", "update"]);
  expect(actions(rule("manage"), rule("delete", { inverted: true }))).not.toContain("delete");
  expect(actions(rule("delete", { inverted: true }), rule("manage"))).toContain("delete");
  // Whether a condition holds is not known here: such a rule may take away, and gives nothing.
  const conditions = { slug: "production" };
  expect(actions(rule("manage"), rule("delete", { inverted: true, conditions }))).not.toContain("delete");
  expect(actions(rule("delete", { conditions }))).not.toContain("delete");
  expect(actions(rule("update", { conditions: { id: "x" } }))).toEqual([]);
  expect(actions(rule("update", { subject: "pages" }))).toEqual([]);
  expect(rolesIn({ authorizations: { roles: { owner: {} } } }).size).toBe(0);
  for (const broken of [
    null,
    [],
    "text",
    { authorizations: 3 },
    { authorizations: { roles: [], rules: {} } },
  ])
    expect(rolesIn(broken).size).toBe(0);
});

await describeOnDatabases("Sharing", (database) => {
  let instance: TestInstance;
  let owner: { id: string; token: string };
  let id: string;

  beforeEach(async () => {
    instance = await startEngine({ database });
    owner = await instance.user();
    const created = await instance.call("POST", "/v2/workspaces", {
      token: owner.token,
      json: { name: "Shop" },
    });
    id = (created.body as { id: string }).id;
  });
  afterEach(() => instance.close());

  const share = (token: string, target: object, permissions: object) =>
    instance.call("POST", `/v2/workspaces/${id}/permissions`, { token, json: { target, permissions } });
  const status = async (token: string, method: string, path = "", json?: unknown) =>
    (await instance.call(method, `/v2/workspaces/${id}${path}`, { token, ...(json ? { json } : {}) })).status;

  test("sharing gives a role, sharing again replaces it, deleting takes it away; each is an event", async () => {
    const ada = await instance.user();
    expect(await status(ada.token, "GET")).toBe(404);
    const shared = await share(owner.token, { email: ada.email.toUpperCase() }, { role: "viewer" });
    expect(shared.body).toMatchObject({
      target: { id: ada.id, email: ada.email, displayName: "Ada Larkfield" },
      permissions: { role: "viewer" },
      createdBy: owner.id,
    });
    expect(await status(ada.token, "PATCH", "", { name: "Hers" })).toBe(403);
    await share(owner.token, { id: ada.id }, { role: "editor" });
    expect(await status(ada.token, "PATCH", "", { name: "Hers" })).toBe(200);
    const list = await instance.call("GET", `/v2/workspaces/${id}/permissions`, { token: owner.token });
    expect(list.body).toMatchObject({
      result: [{ target: { id: owner.id }, permissions: { role: "owner" } }, { target: { id: ada.id } }],
      roles: [{ name: "owner" }, { name: "editor" }, { name: "viewer" }],
    });
    expect(await status(ada.token, "GET", "/permissions")).toBe(403);
    expect(await status(owner.token, "DELETE", `/permissions/${ada.id}`)).toBe(200);
    expect(await status(ada.token, "GET")).toBe(404);
    expect(await status(owner.token, "DELETE", `/permissions/${ada.id}`)).toBe(404);
    const events = await instance.call("GET", `/v2/workspaces/${id}/events?types=workspaces.permissions.*`, {
      token: owner.token,
    });
    expect(events.body).toMatchObject({
      result: {
        events: [
          { type: "workspaces.permissions.deleted", payload: { subjectId: id, target: { id: ada.id } } },
          { type: "workspaces.permissions.shared", payload: { permissions: { role: "editor" } } },
          { type: "workspaces.permissions.shared", payload: { target: { id: ada.id } } },
        ],
      },
    });
  });

  test("a custom role of security.yml does what its rules say, and built-in roles cannot be redefined", async () => {
    const [ada, eve] = [await instance.user(), await instance.user()];
    expect((await share(owner.token, { id: ada.id }, { role: "releaser" })).status).toBe(400);
    const written = await instance.call("PUT", `/v2/workspaces/${id}/sources/security.yml`, {
      token: owner.token,
      text: SECURITY,
    });
    expect(written.status).toBe(200);
    expect((await share(owner.token, { id: ada.id }, { role: "releaser" })).status).toBe(200);
    await share(owner.token, { id: eve.id }, { role: "editor" });
    const detail = await instance.call("GET", `/v2/workspaces/${id}`, { token: ada.token });
    expect(detail.body).toMatchObject({ permissions: ["read", "update", "manage_repositories"] });
    expect(await status(ada.token, "POST", "/writeLock", { reason: "x" })).toBe(403);
    expect(await status(eve.token, "DELETE")).toBe(403);
    const list = await instance.call("GET", "/v2/workspaces", { token: ada.token });
    expect(list.body).toMatchObject([{ id }]);
    await instance.call("PUT", `/v2/workspaces/${id}/sources/security.yml`, {
      token: owner.token,
      text: "authorizations: {}\n",
    });
    expect(await status(ada.token, "GET")).toBe(404);
  });

  test("single actions can be given, and a group of the provider", async () => {
    const ada = await instance.user();
    await share(owner.token, { id: ada.id }, { policies: { manage_security: true, update: false } });
    const detail = await instance.call("GET", `/v2/workspaces/${id}`, { token: ada.token });
    expect(detail.body).toMatchObject({ permissions: ["read", "manage_security"] });
    const grace = await instance.user();
    expect((await share(owner.token, { group: "ops" }, { role: "editor" })).body).toMatchObject({
      target: { id: "group:ops", group: "ops" },
    });
    expect(await status(grace.token, "GET")).toBe(404);
    await instance.engine.store.accounts.updateUser(grace.id, { groups: ["ops"] });
    expect(await status(grace.token, "PATCH", "", { name: "Group's" })).toBe(200);
    expect(await status(owner.token, "DELETE", "/permissions/group:ops")).toBe(200);
    expect(await status(grace.token, "GET")).toBe(404);
  });

  test("nobody gives or takes away what they may not do themselves, and the last owner stays", async () => {
    const [ada, eve] = [await instance.user(), await instance.user()];
    await share(owner.token, { id: ada.id }, { policies: { update: true, manage_permissions: true } });
    expect((await share(ada.token, { id: eve.id }, { role: "editor" })).status).toBe(200);
    expect((await share(ada.token, { id: eve.id }, { role: "owner" })).status).toBe(403);
    expect((await share(ada.token, { id: ada.id }, { role: "owner" })).status).toBe(403);
    expect((await share(ada.token, { id: owner.id }, { role: "viewer" })).status).toBe(403);
    expect(await status(ada.token, "DELETE", `/permissions/${owner.id}`)).toBe(403);
    expect(await status(owner.token, "DELETE", `/permissions/${owner.id}`)).toBe(400);
    expect((await share(owner.token, { id: owner.id }, { role: "viewer" })).status).toBe(400);
    await share(owner.token, { id: eve.id }, { role: "owner" });
    expect(await status(eve.token, "DELETE", `/permissions/${owner.id}`)).toBe(200);
    for (const [target, permissions] of [
      [{}, { role: "viewer" }],
      [{ id: ada.id, email: ada.email }, { role: "viewer" }],
      [{ id: ada.id }, {}],
      [{ id: ada.id }, { role: "king" }],
    ] as const)
      expect((await share(eve.token, target, permissions)).status).toBe(400);
    expect((await share(eve.token, { email: "nobody@larkfield.example" }, { role: "viewer" })).status).toBe(
      404,
    );
  });

  test("a token narrowed to workspaces sees and changes those only, and creates none", async () => {
    const second = await instance.call("POST", "/v2/workspaces", {
      token: owner.token,
      json: { name: "Blog" },
    });
    const other = (second.body as { id: string }).id;
    const make = async (scopes: string[]) =>
      (
        await instance.call("POST", "/v2/user/accessTokens", {
          token: owner.token,
          json: { name: "ci", scopes },
        })
      ).body as { token: string; id: string; userId: string };
    const { token, userId } = await make([`workspace:${id}`, "read", "update"]);
    expect(userId).toBe(owner.id);
    expect(await status(token, "PATCH", "", { name: "By token" })).toBe(200);
    expect(await status(token, "DELETE")).toBe(403);
    expect((await instance.call("GET", `/v2/workspaces/${other}`, { token })).status).toBe(404);
    expect((await instance.call("GET", "/v2/workspaces", { token })).body).toMatchObject([{ id }]);
    expect((await instance.call("POST", "/v2/workspaces", { token, json: { name: "New" } })).status).toBe(
      403,
    );
    const whole = await make([`workspace:${id}`]);
    expect(await status(whole.token, "POST", "/writeLock", { reason: "x" })).toBe(200);
    expect((await instance.call("GET", "/v2/user/accessTokens", { token: whole.token })).status).toBe(403);
    const deleted = await instance.call("DELETE", `/v2/user/accessTokens/${whole.token}`, {
      token: owner.token,
    });
    expect(deleted.body).toMatchObject({ id: whole.id, name: "ci" });
    expect(await status(whole.token, "GET")).toBe(401);
    const admins = await instance.call("POST", "/v2/user/accessTokens", {
      json: { name: "narrow", scopes: [`workspace:${id}`] },
    });
    const narrow = (admins.body as { token: string }).token;
    expect((await instance.call("GET", "/v2/workspaces", { token: narrow })).body).toMatchObject([{ id }]);
    expect((await instance.call("GET", "/v2/audit", { token: narrow })).status).toBe(403);
    const stranger = await instance.user();
    const foreign = await instance.call("POST", "/v2/user/accessTokens", {
      token: stranger.token,
      json: { name: "x", scopes: [`workspace:${id}`] },
    });
    expect(foreign.status).toBe(404);
  });
});
