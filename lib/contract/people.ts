import { z } from "zod";
import { SignedIn, SignIn, Me } from "@/lib/domain/wire/api";
import {
  AccessTokenView,
  AuditPage,
  CreatedAccessToken,
  Person,
  SessionView,
  UserView,
  UserWithLink,
} from "@/lib/domain/access";
import { ChangePassword, InviteUser, PatchUser, CreateAccessToken } from "@/lib/domain/access/requests";
import { param, field } from "./endpoint/audit";
import { Flag, whole, Instant } from "./endpoint/query";
import { endpointsOf } from "./endpoint";

const endpoint = endpointsOf("People");

const exact = z.string().max(320).optional();

export const AUDIT_TYPES = {
  csv: "text/csv; charset=utf-8",
  jsonl: "application/x-ndjson; charset=utf-8",
} as const;

/** The filters of the audit log; `action` may end in `*`. */
const AuditQuery = z.object({
  userId: exact,
  email: exact,
  action: exact,
  outcome: z.enum(["succeeded", "refused", "failed"]).optional(),
  workspaceId: exact,
  target: exact,
  correlationId: exact,
  afterDate: Instant.optional(),
  beforeDate: Instant.optional(),
  cursor: z.string().max(400).optional(),
  limit: whole(1, 500).default(50),
});

export const auditLog = {
  read: endpoint({
    method: "GET",
    path: "/v2/audit",
    access: "super-admin",
    summary: "Who did what, newest first",
    description: "`next` in a response is the `cursor` of the next page.",
    query: AuditQuery,
    response: AuditPage,
    audit: { action: "audit.read" },
  }),
  export: endpoint({
    method: "GET",
    path: "/v2/audit/export",
    access: "super-admin",
    summary: "The audit log as a file, with the same filters",
    query: AuditQuery.extend({ format: z.enum(["csv", "jsonl"]).default("csv") }),
    produces: Object.values(AUDIT_TYPES),
    audit: { action: "audit.exported" },
  }),
};

export const people = {
  list: endpoint({
    method: "GET",
    path: "/v2/users",
    access: "signed-in",
    summary: "List the people you can see; super admins see every account",
    response: z.array(Person),
  }),
  invite: endpoint({
    method: "POST",
    path: "/v2/users",
    access: "super-admin",
    summary: "Invite a user",
    description:
      "Without a password, the response contains the path of a one-time sign-in link, shown only here.",
    body: InviteUser,
    response: UserWithLink,
    confidential: true,
    audit: {
      action: "user.invited",
      target: field("email"),
      details: ({ superAdmin }) => ({ superAdmin: superAdmin === true }),
    },
  }),
  patch: endpoint({
    method: "PATCH",
    path: "/v2/users/[userId]",
    access: "super-admin",
    summary: "Rename, disable, enable or promote a user",
    params: z.object({ userId: z.string().max(100) }),
    body: PatchUser,
    response: UserView,
    audit: {
      action: "user.updated",
      target: param("userId"),
      details: ({ superAdmin, disabled }) => ({ superAdmin: superAdmin ?? null, disabled: disabled ?? null }),
    },
  }),
  resetPassword: endpoint({
    method: "POST",
    path: "/v2/users/[userId]/password",
    access: "super-admin",
    summary: "Reset a user's password and create a sign-in link",
    params: z.object({ userId: z.string().max(100) }),
    response: UserWithLink,
    confidential: true,
    audit: { action: "user.password.reset", target: param("userId") },
  }),
  signOut: endpoint({
    method: "DELETE",
    path: "/v2/users/[userId]/sessions",
    access: "super-admin",
    summary: "Sign a user out everywhere",
    params: z.object({ userId: z.string().max(100) }),
    response: z.object({ ended: z.number() }),
    audit: { action: "user.signedOut", target: param("userId") },
  }),
};

export const account = {
  me: endpoint({
    method: "GET",
    path: "/v2/me",
    access: "signed-in",
    summary: "Read the signed-in user",
    response: Me,
  }),
  listTokens: endpoint({
    method: "GET",
    path: "/v2/user/accessTokens",
    access: "account",
    summary: "List your access tokens, without their values",
    response: z.array(AccessTokenView),
  }),
  createToken: endpoint({
    method: "POST",
    path: "/v2/user/accessTokens",
    access: "account",
    summary: "Create an access token; its value is shown once",
    description:
      "Scopes are actions (`read`, `update`, …), `workspace:{id}`, or `*`. Without scopes, the token can do everything its owner can.",
    body: CreateAccessToken,
    response: CreatedAccessToken,
    confidential: true,
    audit: {
      action: "token.created",
      target: field("name"),
      details: ({ scopes, expiresAt }) => ({ scopes: scopes ?? ["*"], expiresAt: expiresAt ?? null }),
    },
  }),
  deleteNamedToken: endpoint({
    method: "DELETE",
    path: "/v2/user/accessTokens",
    access: "account",
    summary: "Delete an access token named in the query",
    query: z.object({ id: z.string().min(1).max(300) }),
    response: AccessTokenView,
    audit: { action: "token.deleted" },
  }),
  deleteToken: endpoint({
    method: "DELETE",
    path: "/v2/user/accessTokens/[tokenId]",
    access: "account",
    summary: "Delete an access token, named by its id or by itself",
    params: z.object({ tokenId: z.string().max(300) }),
    response: AccessTokenView,
    // The path may hold the token itself, so it is not told.
    audit: { action: "token.deleted" },
  }),
  changePassword: endpoint({
    method: "POST",
    path: "/v2/user/password",
    access: "account",
    summary: "Change your password and end your other sessions",
    body: ChangePassword,
    response: z.object({ endedSessions: z.number() }),
    audit: { action: "password.changed" },
  }),
  listSessions: endpoint({
    method: "GET",
    path: "/v2/user/sessions",
    access: "account",
    summary: "List your sessions",
    response: z.array(SessionView),
  }),
  endSessions: endpoint({
    method: "DELETE",
    path: "/v2/user/sessions",
    access: "account",
    summary: "Sign out everywhere else, or everywhere",
    query: z.object({ everywhere: Flag.default(false) }),
    response: z.object({ ended: z.number() }),
    audit: { action: "session.revoked" },
  }),
  endSession: endpoint({
    method: "DELETE",
    path: "/v2/user/sessions/[sessionId]",
    access: "account",
    summary: "End one of your sessions",
    params: z.object({ sessionId: z.string().max(100) }),
    response: z.object({ id: z.string() }),
    audit: { action: "session.revoked", target: param("sessionId") },
  }),
};

export const session = {
  signIn: endpoint({
    method: "POST",
    path: "/v2/signin",
    access: "public",
    summary: "Sign in with e-mail and password",
    body: SignIn,
    response: SignedIn,
    audit: { action: null, why: "written where it happens, with the reason" },
  }),
  openLink: endpoint({
    method: "GET",
    path: "/v2/signin/link",
    access: "public",
    summary: "Go to the page that signs in with a one-time link",
    description: "The link stays valid, because programs that check links in e-mails follow them too.",
    answers: { 303: "To the page, with the token where no server sees it" },
    query: z.object({ token: z.string().max(200) }),
  }),
  /** The page's way: the token comes in the body, having been in the fragment of the address only. */
  redeemLink: endpoint({
    method: "POST",
    path: "/v2/signin/link",
    access: "public",
    summary: "Sign in with a one-time link's token",
    body: z.strictObject({ token: z.string().max(200) }),
    response: SignedIn,
    audit: { action: null, why: "written where it happens, with the reason" },
  }),
  beginOidc: endpoint({
    method: "GET",
    path: "/v2/signin/oidc",
    access: "public",
    summary: "Go to the OIDC provider to sign in",
    answers: { 303: "On to the provider, or to the sign-in page that says what went wrong" },
    query: z.object({ next: z.string().max(2000).optional() }),
  }),
  finishOidc: endpoint({
    method: "GET",
    path: "/v2/signin/oidc/callback",
    access: "public",
    summary: "Where the OIDC provider sends the browser back to",
    answers: { 303: "Signed in and on to the console, or to the sign-in page that says what went wrong" },
  }),
  signOut: endpoint({
    method: "POST",
    path: "/v2/signout",
    access: "public",
    summary: "End the session",
    response: z.object({ signedOut: z.literal(true) }),
    audit: { action: "session.ended" },
  }),
};
