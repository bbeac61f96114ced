import { nanoid } from "nanoid";
import type { CreateAccessToken } from "@/lib/domain/access/requests";
import type { AccessTokenView, CreatedAccessToken } from "@/lib/domain/access";
import { ago } from "@/lib/domain/words/ago";
import { AppError } from "@/lib/domain/error";
import type { AccessTokenRecord } from "@/lib/store/contract";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";
import { digest, randomValue } from "./digest";
import { grantsOf } from "./permissions";
import { FULL_SCOPE, scopedWorkspaces } from "@/lib/domain/access/roles";

type AccessEngine = Pick<Engine, "store">;

const MAX_TOKENS = 100;

/** What a bearer token looks like; the environment may bring one of its own. */
export const TOKEN_FORM = /^at:[A-Za-z0-9._~-]{20,200}$/;

function view(token: AccessTokenRecord): AccessTokenView {
  const { id, userId, name, scopes, createdAt, expiresAt, lastUsedAt } = token;
  return {
    id,
    userId,
    name,
    scopes,
    createdAt,
    ...(expiresAt ? { expiresAt } : {}),
    ...(lastUsedAt ? { lastUsedAt } : {}),
  };
}

/** The viewer's own tokens, without their values. */
export async function listAccessTokens(engine: AccessEngine, viewer: Viewer): Promise<AccessTokenView[]> {
  return (await engine.store.accounts.accessTokens(viewer.user.id)).map(view);
}

/** Makes a token of the viewer's; its value is answered once and never kept. */
export async function createAccessToken(
  engine: Pick<Engine, "store" | "env">,
  viewer: Viewer,
  input: CreateAccessToken,
): Promise<CreatedAccessToken> {
  const expiresAt = input.expiresAt ? new Date(input.expiresAt) : null;
  if (expiresAt && expiresAt.getTime() <= Date.now())
    throw new AppError("InvalidRequest", "expiresAt is in the past. Choose a later time.");
  if ((await engine.store.accounts.accessTokens(viewer.user.id)).length >= MAX_TOKENS)
    throw new AppError(
      "InvalidRequest",
      `You have ${String(MAX_TOKENS)} access tokens, which is the limit. Delete one first.`,
    );
  refuseOutliving(viewer, expiresAt);
  await refuseUnknownWorkspaces(engine, viewer, input.scopes);
  const token = `at:${randomValue()}`;
  const record = await storeAccessToken(engine, viewer.user.id, token, {
    name: input.name,
    scopes: input.scopes?.length ? input.scopes : [FULL_SCOPE],
    expiresAt: expiresAt?.toISOString() ?? null,
  });
  return { ...view(record), token };
}

/** A token that ends would not end, if it could make another that goes on. */
function refuseOutliving({ tokenExpiresAt }: Viewer, expiresAt: Date | null): void {
  if (tokenExpiresAt === undefined) return;
  if (expiresAt && expiresAt.getTime() <= new Date(tokenExpiresAt).getTime()) return;
  throw new AppError(
    "PermissionDenied",
    `The token you use expires ${ago(tokenExpiresAt, Date.now())}, and cannot create tokens that last longer. Choose an earlier expiresAt, or sign in.`,
    { expiresAt: tokenExpiresAt },
  );
}

async function refuseUnknownWorkspaces(
  engine: Pick<Engine, "store" | "env">,
  viewer: Viewer,
  scopes: readonly string[] | undefined,
): Promise<void> {
  const ids = [...(scopedWorkspaces(scopes) ?? [])];
  if (ids.length === 0) return;
  const grants = await grantsOf(engine, viewer);
  const unknown = ids.filter((id) => !grants.may("read", id));
  if (unknown.length > 0)
    throw new AppError("NotFound", `You cannot see a workspace with the id ${unknown.join(", ")}.`, {
      unknown,
    });
}

/** Stores the hash of a token whose value is known elsewhere. */
export async function storeAccessToken(
  engine: AccessEngine,
  userId: string,
  token: string,
  facts: Pick<AccessTokenRecord, "name" | "scopes" | "expiresAt">,
): Promise<AccessTokenRecord> {
  const record: AccessTokenRecord = {
    id: nanoid(12),
    userId,
    ...facts,
    createdAt: new Date().toISOString(),
    lastUsedAt: null,
  };
  await engine.store.accounts.createAccessToken({ ...record, hash: digest(token) });
  return record;
}

/** Deletes one of the viewer's tokens, named by its id or by itself, and answers what it was. Throws NotFound. */
export async function deleteAccessToken(
  engine: AccessEngine,
  viewer: Viewer,
  idOrToken: string,
): Promise<AccessTokenView> {
  const { accounts } = engine.store;
  const named = TOKEN_FORM.test(idOrToken)
    ? (await accounts.accessTokenByHash(digest(idOrToken), new Date()))?.token.id
    : idOrToken;
  const token = (await accounts.accessTokens(viewer.user.id)).find(({ id }) => id === named);
  if (!token || !(await accounts.deleteAccessToken(viewer.user.id, token.id)))
    throw new AppError("NotFound", "You have no access token with that id.");
  return view(token);
}
