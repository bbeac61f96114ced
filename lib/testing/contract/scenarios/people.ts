import { ADMIN } from "@/lib/testing/engine";
import type { Scenarios } from "../world";

const NAME = { name: "ci" };

/** Sign-in, accounts, sessions, tokens and the audit log. */
export const PEOPLE: Scenarios = {
  "GET /v2/me": (world) => world.send("GET", "/v2/me"),
  "POST /v2/signin": (world) =>
    world.send("POST", "/v2/signin", { token: null, json: { email: ADMIN.email, password: ADMIN.password } }),
  "GET /v2/signin/link": async (world) => {
    const { link } = await world.invited();
    return world.send("GET", `/v2/signin/link?token=${link}`, { token: null });
  },
  "POST /v2/signin/link": async (world) => {
    const { link } = await world.invited();
    return world.send("POST", "/v2/signin/link", { token: null, json: { token: link } });
  },
  "GET /v2/signin/oidc": (world) => world.send("GET", "/v2/signin/oidc", { token: null }),
  "GET /v2/signin/oidc/callback": async (world) => {
    world.oidc.account = { sub: "ada", email: "ada@larkfield.example", email_verified: true };
    const begun = await world.send("GET", "/v2/signin/oidc?next=/operations", { token: null });
    const back = new URL(await world.oidc.approve(begun.headers.get("location") ?? ""));
    const cookie = begun.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    return world.send("GET", back.pathname + back.search, { token: null, headers: { cookie } });
  },
  "POST /v2/signout": async (world) =>
    world.send("POST", "/v2/signout", { token: null, headers: await world.session() }),
  "GET /v2/user/accessTokens": async (world) => {
    await world.done("POST", "/v2/user/accessTokens", { json: NAME });
    return world.send("GET", "/v2/user/accessTokens");
  },
  "POST /v2/user/accessTokens": (world) =>
    world.send("POST", "/v2/user/accessTokens", { json: { ...NAME, scopes: ["read"] } }),
  "DELETE /v2/user/accessTokens": async (world) => {
    const { id } = await world.done<{ id: string }>("POST", "/v2/user/accessTokens", { json: NAME });
    return world.send("DELETE", `/v2/user/accessTokens?id=${id}`);
  },
  "DELETE /v2/user/accessTokens/{tokenId}": async (world) => {
    const { id } = await world.done<{ id: string }>("POST", "/v2/user/accessTokens", { json: NAME });
    return world.send("DELETE", `/v2/user/accessTokens/${id}`);
  },
  "POST /v2/user/password": async (world) =>
    world.send("POST", "/v2/user/password", {
      token: null,
      headers: await world.session(),
      json: { newPassword: "a-good-long-password" },
    }),
  "GET /v2/user/sessions": async (world) =>
    world.send("GET", "/v2/user/sessions", { token: null, headers: await world.session() }),
  "DELETE /v2/user/sessions": async (world) =>
    world.send("DELETE", "/v2/user/sessions?everywhere=true", {
      token: null,
      headers: await world.session(),
    }),
  "DELETE /v2/user/sessions/{sessionId}": async (world) => {
    const headers = await world.session();
    const { sessionId } = await world.done<{ sessionId: string }>("GET", "/v2/me", { token: null, headers });
    return world.send("DELETE", `/v2/user/sessions/${sessionId}`, { token: null, headers });
  },
  "GET /v2/users": async (world) => {
    await world.invited();
    return world.send("GET", "/v2/users");
  },
  "POST /v2/users": (world) => world.send("POST", "/v2/users", { json: { email: "bo@larkfield.example" } }),
  "PATCH /v2/users/{userId}": async (world) => {
    const { id } = await world.invited();
    return world.send("PATCH", `/v2/users/${id}`, { json: { firstName: "Bo", disabled: true } });
  },
  "POST /v2/users/{userId}/password": async (world) => {
    const { id } = await world.invited();
    return world.send("POST", `/v2/users/${id}/password`);
  },
  "DELETE /v2/users/{userId}/sessions": async (world) => {
    const { id } = await world.invited();
    return world.send("DELETE", `/v2/users/${id}/sessions`);
  },
  "GET /v2/audit": (world) => world.send("GET", "/v2/audit?limit=5"),
  "GET /v2/audit/export": (world) => world.send("GET", "/v2/audit/export?format=jsonl"),
};
