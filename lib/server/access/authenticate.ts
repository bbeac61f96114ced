import { AppError } from "@/lib/domain/error";
import type { UserRecord } from "@/lib/store/contract";
import type { Engine } from "../engine";
import type { Viewer } from "../viewer";
import { TOKEN_FORM } from "./access-tokens";
import { digest } from "./digest";

type AccessEngine = Pick<Engine, "store">;

/** What of a user a request carries. */
function person({ id, email, firstName, lastName, superAdmin, groups }: UserRecord): Viewer["user"] {
  return { id, email, firstName, lastName, superAdmin, groups };
}

/** A viewer with what the request needs of their session. */
export interface SessionViewer {
  viewer: Viewer;
  csrfToken: string;
}

/** The viewer behind a bearer token. Throws Unauthenticated. */
export async function viewerOfToken(
  engine: AccessEngine,
  token: string,
  correlationId: string,
): Promise<Viewer> {
  const found = TOKEN_FORM.test(token)
    ? await engine.store.accounts.accessTokenByHash(digest(token), new Date())
    : null;
  if (!found)
    throw new AppError(
      "Unauthenticated",
      "This access token is not known here, or it has expired. Create one under Settings, Access tokens.",
    );
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
