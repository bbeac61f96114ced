import { beforeEach, expect, test } from "vitest";
import type { Store } from "@/lib/store";
import { describeOnDatabases } from "@/lib/testing/database";
import { aNewWorkspace, anEvent } from "@/lib/testing/store-builders";

const NOW = new Date("2026-01-01T00:00:00Z");
const SOON = "2026-01-01T01:00:00.000Z";
const AFTER = new Date("2026-01-01T02:00:00Z");

await describeOnDatabases("Accounts", (database) => {
  let store: Store;

  beforeEach(async () => {
    store = await database.open({ clock: () => NOW });
    await store.accounts.createUser({
      id: "u1",
      email: "Ada@Example.org",
      firstName: "Ada",
      lastName: "L",
      passwordHash: "scrypt$1",
      superAdmin: false,
    });
  });

  test("a user is found by id and by address in any case, and an address belongs to one user", async () => {
    const user = await store.accounts.userByEmail("ADA@example.org");
    expect(user).toEqual({
      id: "u1",
      email: "ada@example.org",
      firstName: "Ada",
      lastName: "L",
      passwordHash: "scrypt$1",
      superAdmin: false,
      createdAt: NOW.toISOString(),
      lastSeenAt: null,
      disabledAt: null,
      oidcSubject: null,
      groups: [],
    });
    expect(await store.accounts.user("u1")).toEqual(user);
    expect(await store.accounts.users(["u1", "u2"])).toEqual([user]);
    expect(await store.accounts.countUsers()).toBe(1);
    if (!user) throw new Error("The user is there.");
    await expect(store.accounts.createUser({ ...user, id: "u2" })).rejects.toMatchObject({
      code: "PreconditionFailed",
    });
    await store.accounts.setSuperAdmin(["ADA@EXAMPLE.ORG", "nobody@example.org"]);
    await store.accounts.setPassword("u1", "scrypt$2");
    expect(await store.accounts.user("u1")).toMatchObject({ superAdmin: true, passwordHash: "scrypt$2" });
    await store.accounts.replacePasswordHash("u1", "scrypt$1", "scrypt$3");
    expect(await store.accounts.user("u1")).toMatchObject({ passwordHash: "scrypt$2" });
    await store.accounts.replacePasswordHash("u1", "scrypt$2", "scrypt$4");
    expect(await store.accounts.user("u1")).toMatchObject({ passwordHash: "scrypt$4" });
  });

  test("a session lives until it expires or is deleted", async () => {
    const session = { id: "s1", userId: "u1", csrfToken: "t", createdAt: NOW.toISOString(), expiresAt: SOON };
    await store.accounts.createSession(session);
    expect(await store.accounts.session("s1", NOW)).toMatchObject({ session, user: { id: "u1" } });
    expect(await store.accounts.session("s1", AFTER)).toBeNull();
    await store.accounts.deleteSession("s1");
    expect(await store.accounts.session("s1", NOW)).toBeNull();
  });

  test("an access token is found by its hash until it expires, and remembers when it was used", async () => {
    const token = {
      id: "t1",
      userId: "u1",
      name: "CI",
      scopes: ["workspaces:write"],
      createdAt: NOW.toISOString(),
      expiresAt: SOON,
      lastUsedAt: null,
    };
    await store.accounts.createAccessToken({ ...token, hash: "h1" });
    expect(await store.accounts.accessTokens("u1")).toEqual([token]);
    expect(await store.accounts.accessTokenByHash("h1", NOW)).toMatchObject({ token, user: { id: "u1" } });
    expect((await store.accounts.accessTokens("u1"))[0]?.lastUsedAt).toBe(NOW.toISOString());
    expect(await store.accounts.accessTokenByHash("h1", AFTER)).toBeNull();
    expect(await store.accounts.accessTokenByHash("h2", NOW)).toBeNull();
    expect(await store.accounts.deleteAccessToken("u2", "t1")).toBe(false);
    expect(await store.accounts.deleteAccessToken("u1", "t1")).toBe(true);
    expect(await store.accounts.accessTokenByHash("h1", NOW)).toBeNull();
  });

  test("a disabled user has neither session, token nor sign-in link until they are enabled again", async () => {
    const createdAt = NOW.toISOString();
    const token = {
      id: "t1",
      userId: "u1",
      name: "CI",
      scopes: ["*"],
      createdAt,
      expiresAt: null,
      lastUsedAt: null,
    };
    await store.accounts.createAccessToken({ ...token, hash: "h1" });
    await store.accounts.createSession({
      id: "s1",
      userId: "u1",
      csrfToken: "t",
      createdAt,
      expiresAt: SOON,
    });
    await store.accounts.createSignInLink({ hash: "l1", userId: "u1", expiresAt: new Date(SOON) });
    const disabled = await store.accounts.updateUser("u1", { disabledAt: createdAt });
    expect(disabled).toMatchObject({ disabledAt: createdAt });
    expect(await store.accounts.session("s1", NOW)).toBeNull();
    expect(await store.accounts.accessTokenByHash("h1", NOW)).toBeNull();
    expect(await store.accounts.redeemSignInLink("l1", NOW)).toBeNull();
    await store.accounts.updateUser("u1", { disabledAt: null });
    expect(await store.accounts.accessTokenByHash("h1", NOW)).toMatchObject({ user: { id: "u1" } });
    expect(await store.accounts.session("s1", NOW)).toBeNull();
    expect(await store.accounts.updateUser("nobody", { disabledAt: null })).toBeNull();
  });

  test("sessions are listed and ended one by one, or all but the present one", async () => {
    for (const id of ["s1", "s2", "s3"])
      await store.accounts.createSession({
        id,
        userId: "u1",
        csrfToken: "t",
        createdAt: NOW.toISOString(),
        expiresAt: SOON,
        publicId: `public-${id}`,
        address: "192.0.2.7",
      });
    expect(await store.accounts.sessions("u1", NOW)).toMatchObject([
      { publicId: "public-s1", address: "192.0.2.7" },
      { publicId: "public-s2" },
      { publicId: "public-s3" },
    ]);
    expect(await store.accounts.deleteSessions("u2", { publicId: "public-s1" })).toBe(0);
    expect(await store.accounts.deleteSessions("u1", { publicId: "public-s1" })).toBe(1);
    expect(await store.accounts.deleteSessions("u1", { keep: "s2" })).toBe(1);
    expect((await store.accounts.sessions("u1", NOW)).map(({ id }) => id)).toEqual(["s2"]);
    expect(await store.accounts.sessions("u1", AFTER)).toEqual([]);
  });

  test("a group's role is its members', and what a provider's groups gave replaces only itself", async () => {
    const binding = {
      id: "b1",
      subjectKind: "group",
      subject: "ops",
      scopeKind: "workspace",
      scope: "shop",
    } as const;
    await store.accounts.bind({ ...binding, role: "editor", createdBy: "root" });
    expect(await store.accounts.bindings("u1")).toEqual([]);
    expect(await store.accounts.bindings("u1", ["ops", "dev"])).toMatchObject([{ role: "editor" }]);
    const own = {
      id: "b2",
      subjectKind: "user",
      subject: "u1",
      scopeKind: "platform",
      scope: "",
      role: "viewer",
    } as const;
    await store.accounts.rebind("u1", [own], "oidc");
    expect(await store.accounts.bindings("u1")).toMatchObject([{ role: "viewer", createdBy: "oidc" }]);
    await store.accounts.rebind("u1", [], "oidc");
    expect(await store.accounts.bindings("u1")).toEqual([]);
    await store.accounts.bind({ ...own, role: "owner", createdBy: "root" });
    await store.accounts.rebind("u1", [own], "oidc");
    expect(await store.accounts.bindings("u1")).toMatchObject([{ role: "owner", createdBy: "root" }]);
  });

  test("a sign-in link lets one in once, and not after its time", async () => {
    const there = await database.open({ clock: () => NOW });
    await store.accounts.createSignInLink({ hash: "l1", userId: "u1", expiresAt: new Date(SOON) });
    await store.accounts.createSignInLink({ hash: "l2", userId: "u1", expiresAt: new Date(SOON) });
    const entered = await Promise.all([
      store.accounts.redeemSignInLink("l1", NOW),
      there.accounts.redeemSignInLink("l1", NOW),
    ]);
    expect(entered.filter((user) => user?.id === "u1")).toHaveLength(1);
    expect(await store.accounts.redeemSignInLink("l2", AFTER)).toBeNull();
    expect(await store.accounts.redeemSignInLink("unknown", NOW)).toBeNull();
  });

  test("a subject has one role in a scope; giving another replaces it", async () => {
    const binding = {
      id: "b1",
      subjectKind: "user",
      subject: "u1",
      scopeKind: "workspace",
      scope: "shop",
    } as const;
    await store.accounts.bind({ ...binding, role: "viewer", createdBy: "root" });
    await store.accounts.bind({ ...binding, id: "b2", role: "editor", createdBy: "root" });
    expect(await store.accounts.bindings("u1")).toMatchObject([{ ...binding, role: "editor" }]);
    expect(await store.accounts.bindingsOf("workspace", "shop")).toHaveLength(1);
    expect(await store.accounts.bindingsOf("platform", "shop")).toEqual([]);
    await store.accounts.unbind("b1");
    expect(await store.accounts.bindings("u1")).toEqual([]);
  });

  test("secrets are kept as ciphertext of one workspace, replaced by name and deleted with their event", async () => {
    await store.workspaces.create(aNewWorkspace("shop"));
    const secret = {
      name: "token",
      version: 1,
      keyId: "k1",
      nonce: Uint8Array.from([1, 2, 3]),
      ciphertext: Uint8Array.from([0, 255, 7]),
      description: null,
      origin: "https://git.example.org",
    };
    await store.secrets.put("shop", [secret, { ...secret, name: "other" }], "u1", [anEvent("updated")]);
    const next = { ...secret, version: 2, ciphertext: Uint8Array.from([9]), origin: null };
    await store.secrets.put("shop", [next], "u1", []);
    const listed = await store.secrets.list("shop");
    expect(listed.map(({ name, version, origin }) => [name, version, origin])).toEqual([
      ["other", 1, "https://git.example.org"],
      ["token", 2, null],
    ]);
    expect([...(listed[0]?.ciphertext ?? [])]).toEqual([0, 255, 7]);
    await store.secrets.delete("shop", ["token"], [anEvent("deleted")]);
    expect((await store.secrets.list("shop")).map(({ name }) => name)).toEqual(["other"]);
    expect(await store.secrets.list("blog")).toEqual([]);
    expect(await store.events.lastCursor()).toBe("2");
  });
});
