import { expect, test } from "vitest";
import { bootstrapAccounts, createSignInLink, redeemSignInLink } from "@/lib/server/access";
import { ADMIN, ADMIN_TOKEN, startEngine, type TestInstance } from "@/lib/testing/engine";
import { describeOnDatabases } from "@/lib/testing/database";

await describeOnDatabases("Access", (database) => {
  async function withInstance(run: (instance: TestInstance) => Promise<void>, env?: Record<string, string>) {
    const instance = await startEngine({ database, ...(env ? { env } : {}) });
    try {
      await run(instance);
    } finally {
      await instance.close();
    }
  }

  async function newWorkspace(instance: TestInstance, token: string, name = "Shop"): Promise<string> {
    const created = await instance.call("POST", "/v2/workspaces", { token, json: { name } });
    expect(created.status).toBe(200);
    return (created.body as { id: string }).id;
  }

  test("The first start makes one super admin and their token, a second start nothing more", () =>
    withInstance(async (instance) => {
      const me = await instance.call("GET", "/v2/me", { token: ADMIN_TOKEN });
      expect(me.body).toMatchObject({ email: ADMIN.email, superAdmin: true });
      await bootstrapAccounts(instance.engine);
      expect(await instance.engine.store.accounts.countUsers()).toBe(1);
      const { id } = me.body as { id: string };
      expect(await instance.engine.store.accounts.accessTokens(id)).toHaveLength(1);
    }));

  test("A creator owns the workspace; a stranger sees nothing of it, a viewer reads, an editor changes", () =>
    withInstance(async (instance) => {
      const owner = await instance.user();
      const id = await newWorkspace(instance, owner.token);
      const stranger = await instance.user();
      const viewer = await instance.user({ role: "viewer", workspaceId: id });
      const editor = await instance.user({ role: "editor", workspaceId: id });
      const path = `/v2/workspaces/${id}`;
      const status = async (token: string, method: string, at = path, json?: unknown) =>
        (await instance.call(method, at, { token, ...(json ? { json } : {}) })).status;

      expect(await status(stranger.token, "GET")).toBe(404);
      expect(await status(stranger.token, "DELETE")).toBe(404);
      expect(await status(viewer.token, "GET")).toBe(200);
      expect(await status(viewer.token, "PATCH", path, { name: "Mine" })).toBe(403);
      expect(await status(editor.token, "PATCH", path, { name: "Ours" })).toBe(200);
      expect(await status(editor.token, "DELETE")).toBe(403);
      expect(await status(editor.token, "POST", `${path}/writeLock`, { reason: "no" })).toBe(403);
      expect(await status(owner.token, "POST", `${path}/writeLock`, { reason: "yes" })).toBe(200);
      expect(await status(owner.token, "DELETE", `${path}/writeLock`)).toBe(200);
      expect(await status(owner.token, "DELETE")).toBe(200);

      const list = await instance.call("GET", "/v2/workspaces", { token: stranger.token });
      expect(list.body).toEqual([]);
    }));

  test("The platform workspace is for super admins until it is shared", () =>
    withInstance(async (instance) => {
      const stranger = await instance.user();
      const shared = await instance.user({ role: "viewer", workspaceId: "platform" });
      const read = async (token: string) =>
        (await instance.call("GET", "/v2/workspaces/platform", { token })).status;
      expect(await read(stranger.token)).toBe(404);
      expect(await read(shared.token)).toBe(200);
      expect(await read(ADMIN_TOKEN)).toBe(200);
      const bulk = (token: string) =>
        instance.call("POST", "/v2/workspaces/platform/versions", { token, json: { groups: ["base"] } });
      expect((await bulk(shared.token)).status).toBe(403);
    }));

  test("A token does only what its scopes say, and makes no further tokens", () =>
    withInstance(async (instance) => {
      const owner = await instance.user();
      const id = await newWorkspace(instance, owner.token);
      const made = await instance.call("POST", "/v2/user/accessTokens", {
        token: owner.token,
        json: { name: "read only", scopes: ["read"] },
      });
      const { token, id: tokenId } = made.body as { token: string; id: string };
      expect(token).toMatch(/^at:[\w-]{43}$/);
      expect((await instance.call("GET", `/v2/workspaces/${id}`, { token })).status).toBe(200);
      const patch = await instance.call("PATCH", `/v2/workspaces/${id}`, { token, json: { name: "No" } });
      expect(patch.status).toBe(403);
      for (const method of ["GET", "POST"])
        expect(
          (
            await instance.call(method, "/v2/user/accessTokens", {
              token,
              ...(method === "POST" ? { json: { name: "x" } } : {}),
            })
          ).status,
        ).toBe(403);
      const listed = await instance.call("GET", "/v2/user/accessTokens", { token: owner.token });
      expect(JSON.stringify(listed.body)).not.toContain(token);
      expect(
        (await instance.call("DELETE", `/v2/user/accessTokens/${tokenId}`, { token: owner.token })).status,
      ).toBe(200);
      expect((await instance.call("GET", "/v2/me", { token })).status).toBe(401);
    }));

  test("A token that expires makes no token that lasts longer", () =>
    withInstance(async (instance) => {
      const { token } = await instance.user();
      const [soon, later] = [1, 2].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
      const make = async (by: string, expiresAt?: string) =>
        instance.call("POST", "/v2/user/accessTokens", { token: by, json: { name: "x", expiresAt } });
      const ending = ((await make(token, soon)).body as { token: string }).token;
      expect((await make(ending)).status).toBe(403);
      expect((await make(ending, later)).status).toBe(403);
      expect((await make(ending, soon)).status).toBe(200);
      expect((await make(token)).status).toBe(200);
    }));

  test("A token does not choose the first password of an account, which would outlast it", () =>
    withInstance(async (instance) => {
      const { token, email } = await instance.user();
      const newPassword = "a-good-long-password";
      const chosen = await instance.call("POST", "/v2/user/password", { token, json: { newPassword } });
      expect(chosen.status).toBe(403);
      const json = { email, password: newPassword };
      expect((await instance.call("POST", "/v2/signin", { token: null, json })).status).toBe(401);
    }));

  test("An empty list of scopes is refused, for it must not mean all of them", () =>
    withInstance(async (instance) => {
      const { token } = await instance.user();
      const json = { name: "nothing", scopes: [] };
      expect(await instance.call("POST", "/v2/user/accessTokens", { token, json })).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining("at least one scope") as string },
      });
    }));

  test("A token of somebody else cannot be deleted", () =>
    withInstance(async (instance) => {
      const [ada, eve] = [await instance.user(), await instance.user()];
      const [token] = await instance.engine.store.accounts.accessTokens(ada.id);
      const answer = await instance.call("DELETE", `/v2/user/accessTokens/${token?.id ?? ""}`, {
        token: eve.token,
      });
      expect(answer.status).toBe(404);
      expect((await instance.call("GET", "/v2/me", { token: ada.token })).status).toBe(200);
    }));

  test("A sign-in link works once, and looking at it does not use it up", () =>
    withInstance(async (instance) => {
      const { id } = await instance.user();
      const token = await createSignInLink(instance.engine, id);
      for (let looks = 0; looks < 2; looks++) {
        const seen = await instance.call("GET", `/v2/signin/link?token=${token}`, { token: null });
        expect([seen.status, seen.headers.get("location"), seen.headers.getSetCookie()]).toEqual([
          303,
          `/sign-in?next=/#link=${token}`,
          [],
        ]);
      }
      const use = () => instance.call("POST", "/v2/signin/link", { token: null, json: { token } });
      const first = await use();
      expect([first.status, first.headers.getSetCookie().length]).toEqual([200, 2]);
      const second = await use();
      expect([second.status, second.headers.getSetCookie()]).toEqual([401, []]);
      await expect(redeemSignInLink(instance.engine, token)).rejects.toMatchObject({
        code: "Unauthenticated",
      });
    }));

  test("SUPER_ADMIN_EMAILS makes further super admins at the next start", () =>
    withInstance(
      async (instance) => {
        const grace = await instance.user({ email: "grace@larkfield.example" });
        const me = async () => (await instance.call("GET", "/v2/me", { token: grace.token })).body;
        expect(await me()).toMatchObject({ superAdmin: false });
        await bootstrapAccounts(instance.engine);
        expect(await me()).toMatchObject({ superAdmin: true });
      },
      { SUPER_ADMIN_EMAILS: "Grace@larkfield.example" },
    ));

  test("Neither passwords nor tokens are stored as they are", () =>
    withInstance(async (instance) => {
      const user = await instance.engine.store.accounts.userByEmail(ADMIN.email);
      expect(user?.passwordHash).toMatch(/^scrypt\$/);
      expect(JSON.stringify(user)).not.toContain(ADMIN.password);
      const tokens = await instance.engine.store.accounts.accessTokens(user?.id ?? "");
      expect(JSON.stringify(tokens)).not.toContain(ADMIN_TOKEN);
    }));
});
