import { AppError } from "@/lib/domain/error";
import type { UserRecord } from "@/lib/store/contract";
import { NOBODY, writeAudit } from "../audit/audit";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";
import { TOKEN_FORM } from "./access-tokens";
import { digest } from "./digest";
import type { Client } from "./sessions";

type AccessEngine = Pick<Engine, "store">;
type TokenEngine = Pick<Engine, "store" | "redactor" | "log">;

/** What of a user a request carries. */
function person({ id, email, firstName, lastName, superAdmin, groups }: UserRecord): Viewer["user"] {
  return { id, email, firstName, lastName, superAdmin, groups };
}

/** A viewer with what the request needs of their session. */
export interface SessionViewer {
  viewer: Viewer;
  csrfToken: string;
}

/** Writes down that a token was refused, and whose it was if it has expired. */
async function refusedToken(engine: TokenEngine, token: string, client: Client): Promise<void> {
  const known = TOKEN_FORM.test(token) ? await engine.store.accounts.expiredTokenByHash(digest(token)) : null;
  await writeAudit(engine, {
    userId: known?.user.id ?? NOBODY,
    ...(known ? { email: known.user.email } : {}),
    action: "token.refused",
    outcome: "refused",
    ...(client.address === undefined ? {} : { address: client.address }),
    ...(client.correlationId === undefined ? {} : { correlationId: client.correlationId }),
    details: known ? { reason: "expired", tokenId: known.token.id } : { reason: "unknown" },
  });
}

/** The viewer behind a bearer token. Throws Unauthenticated. */
export async function viewerOfToken(
  engine: TokenEngine,
  token: string,
  client: Client & { correlationId: string },
): Promise<Viewer> {
  const { correlationId } = client;
  const found = TOKEN_FORM.test(token)
    ? await engine.store.accounts.accessTokenByHash(digest(token), new Date())
    : null;
  if (!found) {
    await refusedToken(engine, token, client);
    throw new AppError(
      "Unauthenticated",
      "This access token is unknown or has expired. Create one under Account, Access tokens.",
    );
  }
  return {
    user: person(found.user),
    tokenId: found.token.id,
    ...(found.token.expiresAt ? { tokenExpiresAt: found.token.expiresAt } : {}),
    scopes: found.token.scopes,
    initiator: "token",
    correlationId,
  };
}

/** The viewer behind a session cookie's value, or null when it has ended. */
export async function viewerOfSession(
  engine: AccessEngine,
  value: string,
  correlationId: string,
): Promise<SessionViewer | null> {
  const found = await engine.store.accounts.session(digest(value), new Date());
  if (!found) return null;
  return {
    viewer: {
      user: person(found.user),
      sessionId: found.session.id,
      sessionExpiresAt: found.session.expiresAt,
      initiator: "user",
      correlationId,
    },
    csrfToken: found.session.csrfToken,
  };
}
