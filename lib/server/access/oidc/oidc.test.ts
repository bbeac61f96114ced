import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { describeOnDatabases } from "@/lib/testing/database";
import { startEngine, type TestInstance } from "@/lib/testing/engine";
import { oidcProvider, type OidcProvider, type ProviderAccount } from "@/lib/testing/oidc";
import { personOf } from "./flow";

const CALLBACK = "http://localhost:3000/v2/signin/oidc/callback";
const ADA: ProviderAccount = {
  sub: "ada-1",
  email: "Ada@larkfield.example",
  email_verified: true,
  given_name: "Ada",
  family_name: "Larkfield",
};

test("An address counts as verified only where the address itself comes from", () => {
  const settings = { issuer: "https://id.example", groupsClaim: "groups", trustEmail: false };
  const certain = (idToken: object, userInfo: object) => {
    const { email, isEmailCertain } = personOf(settings, { sub: "1", ...idToken }, { ...userInfo });
    return [email, isEmailCertain];
  };
  const [own, other] = ["eve@larkfield.example", "ada@larkfield.example"];
  expect(certain({ email: other }, { email: own, email_verified: true })).toEqual([other, false]);
  expect(certain({ email_verified: true }, { email: other })).toEqual([other, false]);
  expect(certain({ email: own, email_verified: true }, { email: other })).toEqual([own, true]);
  expect(certain({}, { email: own, email_verified: true })).toEqual([own, true]);
});

let provider: OidcProvider;
beforeAll(async () => {
  provider = await oidcProvider(CALLBACK);
});
afterAll(() => provider.close());

await describeOnDatabases("OIDC", (database) => {
  let instance: TestInstance;
  const env = () => ({
    SWITCHYARD_OIDC_ISSUER: provider.issuer,
    SWITCHYARD_OIDC_CLIENT_ID: provider.clientId,
    SWITCHYARD_OIDC_CLIENT_SECRET: provider.clientSecret,
    SWITCHYARD_OIDC_SCOPES: "openid email profile groups",
    SWITCHYARD_OIDC_ROLES: "ops=super_admin,staff=viewer",
    SUPER_ADMIN_EMAILS: "grace@larkfield.example",
  });
  beforeEach(async () => {
    instance = await startEngine({ database, env: env() });
  });
  afterEach(() => instance.close());

  async function begin(next = "/workspaces/shop") {
    const answer = await instance.call("GET", `/v2/signin/oidc?next=${encodeURIComponent(next)}`, {
      token: null,
    });
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    return { location: answer.headers.get("location") ?? "", cookie };
  }

  async function comeBack(back: string, cookie: string) {
    const { pathname, search } = new URL(back);
    const answer = await instance.call("GET", pathname + search, { token: null, headers: { cookie } });
    const session = answer.headers.getSetCookie().find((one) => one.startsWith("switchyard_session"));
    const me = session
      ? (
          await instance.call("GET", "/v2/me", {
            token: null,
            headers: { cookie: session.split(";")[0] ?? "" },
          })
        ).body
      : undefined;
    return { location: answer.headers.get("location"), me };
  }

  async function signIn(account: ProviderAccount, next?: string) {
    provider.account = account;
    const { location, cookie } = await begin(next);
    return comeBack(await provider.approve(location), cookie);
  }

  test("someone new signs in through the provider, gets an account, and is recognised again", async () => {
    const { location } = await begin();
    const asked = new URL(location).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: "code",
      code_challenge_method: "S256",
      redirect_uri: CALLBACK,
      client_id: "switchyard",
    });
    expect(asked.get("state")).toBeTruthy();
    expect(asked.get("nonce")).toBeTruthy();
    const first = await signIn(ADA);
    expect(first).toMatchObject({
      location: "/workspaces/shop",
      me: { email: "ada@larkfield.example", firstName: "Ada", lastName: "Larkfield", superAdmin: false },
    });
    const renamed = await signIn({ ...ADA, email: "other@larkfield.example" });
    expect((renamed.me as { id: string }).id).toBe((first.me as { id: string }).id);
    for (const next of ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example"])
      expect((await signIn(ADA, next)).location).toBe("/");
    const entries = await instance.call("GET", "/v2/audit?action=session.created&limit=1");
    expect(entries.body).toMatchObject({
      entries: [{ email: "ada@larkfield.example", details: { method: "oidc" } }],
    });
  });

  test("a verified address leads to the account that has it; an unverified or a taken one to none", async () => {
    const known = await instance.user({ email: "ada@larkfield.example" });
    const unverified = await signIn({ ...ADA, email_verified: false });
    expect(unverified).toEqual({ location: "/sign-in?problem=oidc", me: undefined });
    expect((await signIn(ADA)).me).toMatchObject({ id: known.id });
    expect((await signIn({ ...ADA, sub: "eve-1" })).me).toBeUndefined();
    await instance.engine.store.accounts.updateUser(known.id, { disabledAt: new Date().toISOString() });
    expect((await signIn(ADA)).me).toBeUndefined();
    const refused = await instance.call("GET", "/v2/audit?action=session.refused");
    expect((refused.body as { entries: unknown[] }).entries.length).toBeGreaterThanOrEqual(3);
  });

  test("groups give roles everywhere on the instance as long as the provider names them", async () => {
    const created = await instance.call("POST", "/v2/workspaces", { json: { name: "Shop" } });
    const { id } = created.body as { id: string };
    const boss = await signIn({ ...ADA, groups: ["ops"] });
    expect(boss.me).toMatchObject({ superAdmin: true });
    const { id: userId } = boss.me as { id: string };
    expect((await signIn({ ...ADA, groups: ["staff"] })).me).toMatchObject({ superAdmin: false });
    const bindings = () => instance.engine.store.accounts.bindings(userId, ["staff"]);
    expect(await bindings()).toMatchObject([{ scopeKind: "platform", role: "viewer", createdBy: "oidc" }]);
    await signIn({ ...ADA, groups: [] });
    expect(await bindings()).toEqual([]);
    expect(await instance.engine.store.accounts.user(userId)).toMatchObject({ groups: [] });
    expect(id).toBeTruthy();
    const grace = await signIn({ sub: "grace-1", email: "grace@larkfield.example", email_verified: true });
    expect(grace.me).toMatchObject({ superAdmin: true });
  });

  test("an answer without its beginning, with another state, or used twice lets nobody in", async () => {
    provider.account = ADA;
    const { location, cookie } = await begin();
    const back = await provider.approve(location);
    expect((await comeBack(back, "")).me).toBeUndefined();
    const foreign = new URL(back);
    foreign.searchParams.set("state", "somebody-elses");
    expect((await comeBack(foreign.href, cookie)).me).toBeUndefined();
    const other = await begin();
    expect((await comeBack(back, other.cookie)).location).toBe("/sign-in?problem=oidc");
    expect((await comeBack(back, cookie)).me).toMatchObject({ email: "ada@larkfield.example" });
    expect((await comeBack(back, cookie)).me).toBeUndefined();
  });

  test("without a provider the path is not there, and one that does not answer leads back to the page", async () => {
    const plain = await startEngine();
    expect((await plain.call("GET", "/v2/signin/oidc", { token: null })).status).toBe(404);
    await plain.close();
    const dead = await startEngine({ env: { ...env(), SWITCHYARD_OIDC_ISSUER: "http://127.0.0.1:9" } });
    const answer = await dead.call("GET", "/v2/signin/oidc", { token: null });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/sign-in?problem=oidc"]);
    await dead.close();
  });
});
