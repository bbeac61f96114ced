import { afterEach, beforeEach, expect, test } from "vitest";
import { startEngine, type Answer, type TestInstance } from "@/lib/testing/engine";
import { describeOnDatabases } from "@/lib/testing/database";

await describeOnDatabases("Users", (database) => {
  let instance: TestInstance;
  beforeEach(async () => {
    instance = await startEngine({ database, env: { SUPER_ADMIN_EMAILS: "grace@larkfield.example" } });
  });
  afterEach(() => instance.close());

  const session = (answer: Answer) => {
    const pairs = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
    const csrf = pairs.find((pair) => pair.startsWith("switchyard_csrf"))?.split("=")[1] ?? "";
    return { cookie: pairs.join("; "), "x-csrf-token": csrf };
  };
  const signIn = (email: string, password: string) =>
    instance.call("POST", "/v2/signin", {
      token: null,
      json: { email, password },
      headers: { "user-agent": "Test", "x-switchyard-peer": "192.0.2.7" },
    });
  const as = (headers: Record<string, string>, method: string, path: string, json?: unknown) =>
    instance.call(method, path, { token: null, headers, ...(json ? { json } : {}) });

  test("an invited user signs in once by link, chooses a password, and signs in with it", async () => {
    const invited = await instance.call("POST", "/v2/users", { json: { email: "Ada@larkfield.example" } });
    const { id, signInPath } = invited.body as { id: string; signInPath: string };
    expect(invited.body).toMatchObject({
      email: "ada@larkfield.example",
      hasPassword: false,
      superAdmin: false,
    });
    const token = signInPath.replace("/sign-in#link=", "");
    const link = await instance.call("POST", "/v2/signin/link", { token: null, json: { token } });
    const own = session(link);
    expect((await as(own, "POST", "/v2/user/password", { newPassword: "short" })).status).toBe(400);
    const newPassword = "a-good-long-password";
    expect((await as(own, "POST", "/v2/user/password", { newPassword })).body).toEqual({ endedSessions: 0 });
    expect((await signIn("ada@larkfield.example", newPassword)).status).toBe(200);
    const people = await instance.call("GET", "/v2/users");
    expect(people.body).toContainEqual(expect.objectContaining({ id, hasPassword: true, disabled: false }));
    expect(JSON.stringify(people.body)).not.toMatch(/scrypt|passwordHash/);
    const again = await instance.call("POST", "/v2/users", { json: { email: "ada@larkfield.example" } });
    expect(again.status).toBe(400);
    const named = await instance.call("POST", "/v2/users", { json: { email: "grace@larkfield.example" } });
    expect(named.body).toMatchObject({ superAdmin: true });
  });

  test("a password reset ends sessions and earlier links; access tokens stay until they are deleted", async () => {
    const invited = await instance.call("POST", "/v2/users", { json: { email: "lin@larkfield.example" } });
    const { id } = invited.body as { id: string };
    const linkOf = ({ body }: Answer) => {
      const { signInPath } = body as { signInPath: string };
      const json = { token: signInPath.replace("/sign-in#link=", "") };
      return () => instance.call("POST", "/v2/signin/link", { token: null, json });
    };
    const early = session(await linkOf(invited)());
    const made = await as(early, "POST", "/v2/user/accessTokens", { name: "ci" });
    const { token } = made.body as { token: string };
    const forgotten = linkOf(await instance.call("POST", `/v2/users/${id}/password`));
    const reset = linkOf(await instance.call("POST", `/v2/users/${id}/password`));
    expect((await as(early, "GET", "/v2/me")).status).toBe(401);
    expect((await forgotten()).status).toBe(401);
    expect((await instance.call("GET", "/v2/me", { token })).status).toBe(200);
    expect((await reset()).status).toBe(200);
  });

  test("a token for one workspace tells of its people only, and one that may not read of nobody", async () => {
    const owner = await instance.user();
    const workspaceIds: string[] = [];
    const met: string[] = [];
    for (const name of ["Shop", "Desk"]) {
      const made = await instance.call("POST", "/v2/workspaces", { token: owner.token, json: { name } });
      const workspaceId = (made.body as { id: string }).id;
      workspaceIds.push(workspaceId);
      met.push((await instance.user({ role: "viewer", workspaceId })).id);
    }
    const seen = async (scopes?: string[]) => {
      const json = { name: "narrow", ...(scopes ? { scopes } : {}) };
      const made = await instance.call("POST", "/v2/user/accessTokens", { token: owner.token, json });
      const { token } = made.body as { token: string };
      const people = (await instance.call("GET", "/v2/users", { token })).body as { id: string }[];
      return met.map((id) => people.some((person) => person.id === id));
    };
    const here = `workspace:${workspaceIds[0] ?? ""}`;
    expect(await seen()).toEqual([true, true]);
    expect(await seen([here])).toEqual([true, false]);
    expect(await seen([here, "read"])).toEqual([true, false]);
    expect(await seen(["update"])).toEqual([false, false]);
  });

  test("sessions are listed, ended one by one and everywhere; a new password ends the others", async () => {
    const email = "ada@larkfield.example";
    const password = "the-first-password";
    await instance.call("POST", "/v2/users", { json: { email, password } });
    const [one, two, three] = [
      session(await signIn(email, password)),
      session(await signIn(email, password)),
      session(await signIn(email, password)),
    ];
    const list = (await as(one, "GET", "/v2/user/sessions")).body as { id: string; current: boolean }[];
    expect(list).toHaveLength(3);
    expect(list.filter(({ current }) => current)).toMatchObject([
      { method: "password", address: "192.0.2.7", userAgent: "Test" },
    ]);
    const [other] = ((await as(two, "GET", "/v2/user/sessions")).body as typeof list).filter(
      (s) => s.current,
    );
    expect((await as(one, "DELETE", `/v2/user/sessions/${other?.id ?? ""}`)).status).toBe(200);
    expect((await as(two, "GET", "/v2/me")).status).toBe(401);
    const wrong = { currentPassword: "not it", newPassword: "the-second-password" };
    expect((await as(one, "POST", "/v2/user/password", wrong)).status).toBe(403);
    const right = { currentPassword: password, newPassword: "the-second-password" };
    expect((await as(one, "POST", "/v2/user/password", right)).body).toEqual({ endedSessions: 1 });
    expect((await as(three, "GET", "/v2/me")).status).toBe(401);
    expect((await signIn(email, password)).status).toBe(401);
    expect((await as(one, "DELETE", "/v2/user/sessions?everywhere=true")).body).toEqual({ ended: 1 });
    expect((await as(one, "GET", "/v2/me")).status).toBe(401);
  });

  test("a disabled user is out at once, with session and token; only super admins administer users", async () => {
    const { id, email, token } = await instance.user();
    await instance.call("POST", `/v2/users/${id}/password`);
    expect((await instance.call("GET", "/v2/me", { token })).status).toBe(200);
    const disabled = await instance.call("PATCH", `/v2/users/${id}`, { json: { disabled: true } });
    expect(disabled.body).toMatchObject({ id, email, disabled: true });
    expect((await instance.call("GET", "/v2/me", { token })).status).toBe(401);
    await instance.call("PATCH", `/v2/users/${id}`, { json: { disabled: false, firstName: "Eve" } });
    expect((await instance.call("GET", "/v2/me", { token })).body).toMatchObject({ firstName: "Eve" });
    const me = (await instance.call("GET", "/v2/me")).body as { id: string };
    for (const json of [{ disabled: true }, { superAdmin: false }])
      expect((await instance.call("PATCH", `/v2/users/${me.id}`, { json })).status).toBe(400);
    for (const [method, path, json] of [
      ["POST", "/v2/users", { email: "x@larkfield.example" }],
      ["PATCH", `/v2/users/${me.id}`, { disabled: true }],
      ["POST", `/v2/users/${me.id}/password`, undefined],
      ["DELETE", `/v2/users/${me.id}/sessions`, undefined],
      ["GET", "/v2/audit", undefined],
    ] as const)
      expect((await instance.call(method, path, { token, ...(json ? { json } : {}) })).status).toBe(403);
    const people = (await instance.call("GET", "/v2/users", { token })).body;
    expect(people).toEqual([{ id, email, firstName: "Eve", lastName: "Larkfield" }]);
  });

  test("a reset takes the password and the sessions away, and gives a link", async () => {
    const [email, password] = ["ada@larkfield.example", "the-first-password"];
    const { id } = (await instance.call("POST", "/v2/users", { json: { email, password } })).body as {
      id: string;
    };
    const before = session(await signIn(email, password));
    const reset = await instance.call("POST", `/v2/users/${id}/password`);
    expect(reset.body).toMatchObject({
      hasPassword: false,
      signInPath: expect.stringMatching(/^\/sign-in#link=/) as unknown,
    });
    expect((await as(before, "GET", "/v2/me")).status).toBe(401);
    expect((await signIn(email, password)).status).toBe(401);
  });
});
