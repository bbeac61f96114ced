import { nanoid } from "nanoid";
import { z } from "zod";
import { AppError } from "@/lib/domain/error";
import type { AccessTokenRecord } from "@/lib/store/contract";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";
import { digest, randomValue } from "./digest";
import { ACTIONS, FULL_SCOPE } from "./roles";

type AccessEngine = Pick<Engine, "store">;

const MAX_TOKENS = 100;

/** What a bearer token looks like; the environment may bring one of its own. */
export const TOKEN_FORM = /^at:[A-Za-z0-9._~-]{20,200}$/;

export const CreateAccessToken = z.strictObject({
  name: z.string().trim().min(1).max(100),
  /** Actions the token may be used for; none given: all that its user may do. */
  scopes: z
    .array(z.enum([FULL_SCOPE, ...ACTIONS]))
    .max(20)
    .optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});

export const AccessTokenView = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.string(),
  expiresAt: z.string().optional(),
  lastUsedAt: z.string().optional(),
});
export type AccessTokenView = z.infer<typeof AccessTokenView>;

/** The answer to a creation: the only time the token itself is shown. */
export const CreatedAccessToken = AccessTokenView.extend({ token: z.string() });

function view(token: AccessTokenRecord): AccessTokenView {
  const { id, name, scopes, createdAt, expiresAt, lastUsedAt } = token;
  return {
    id,
    name,
    scopes,
    createdAt,
    ...(expiresAt ? { expiresAt } : {}),
    ...(lastUsedAt ? { lastUsedAt } : {}),
  };
}

// A token must not be able to make one that may do more, or that outlives it.
function refuseToken(viewer: Viewer): void {
  if (viewer.tokenId && !viewer.scopes?.includes(FULL_SCOPE))
    throw new AppError("PermissionDenied", "Access tokens are managed with a session or an unscoped token.");
}

/** The viewer's own tokens, without their values. */
export async function listAccessTokens(engine: AccessEngine, viewer: Viewer): Promise<AccessTokenView[]> {
  refuseToken(viewer);
  return (await engine.store.accounts.accessTokens(viewer.user.id)).map(view);
}

/** Makes a token of the viewer's; its value is answered once and never kept. */
export async function createAccessToken(
  engine: AccessEngine,
  viewer: Viewer,
  input: z.infer<typeof CreateAccessToken>,
): Promise<z.infer<typeof CreatedAccessToken>> {
  refuseToken(viewer);
  const expiresAt = input.expiresAt ? new Date(input.expiresAt) : null;
  if (expiresAt && expiresAt.getTime() <= Date.now())
    throw new AppError("InvalidRequest", "The token would expire in the past. Choose a later expiresAt.");
  if ((await engine.store.accounts.accessTokens(viewer.user.id)).length >= MAX_TOKENS)
    throw new AppError("InvalidRequest", `You have ${String(MAX_TOKENS)} access tokens. Delete one first.`);
  const token = `at:${randomValue()}`;
  const record = await storeAccessToken(engine, viewer.user.id, token, {
    name: input.name,
    scopes: input.scopes?.length ? input.scopes : [FULL_SCOPE],
    expiresAt: expiresAt?.toISOString() ?? null,
  });
  return { ...view(record), token };
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

/** Deletes one of the viewer's tokens. Throws NotFound. */
export async function deleteAccessToken(engine: AccessEngine, viewer: Viewer, id: string): Promise<void> {
  refuseToken(viewer);
  if (!(await engine.store.accounts.deleteAccessToken(viewer.user.id, id)))
    throw new AppError("NotFound", "You have no access token of that id.", { id });
}
