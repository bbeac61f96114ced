import { AppError } from "@/lib/domain/error";
import { viewerOfSession, viewerOfToken } from "@/lib/server/access";
import type { Engine } from "@/lib/server/engine";
import type { Viewer } from "@/lib/server/viewer";
import { cookieOf, cookieScope, sessionCookieName } from "./cookies";
import { refuseForeignOrigin, requireCsrfToken } from "./csrf";

const at = (viewer: Viewer, address: string | undefined): Viewer =>
  address === undefined ? viewer : { ...viewer, address };

/** Who sends a request: by its bearer token, else by its session's cookie. Throws Unauthenticated, PermissionDenied. */
export async function identify(
  engine: Engine,
  request: Request,
  correlationId: string,
  address: string | undefined,
): Promise<Viewer | null> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    const token = /^Bearer (\S+)$/i.exec(authorization.trim())?.[1];
    if (token === undefined)
      throw new AppError("Unauthenticated", "Send the access token as `Authorization: Bearer at:…`.");
    return at(await viewerOfToken(engine, token, { correlationId, address }), address);
  }
  refuseForeignOrigin(request, engine.env.publicUrl);
  const value = cookieOf(request, sessionCookieName(cookieScope(request, engine.env.publicUrl)));
  const session = value === null ? null : await viewerOfSession(engine, value, correlationId);
  if (!session) return null;
  requireCsrfToken(request, session.csrfToken);
  return at(session.viewer, address);
}

/**
 * The viewer behind a request that is being answered for long. Throws Unauthenticated once they are let in no more:
 * signed out, disabled, or their token deleted or expired.
 */
export async function identifyAgain(
  engine: Engine,
  request: Request,
  correlationId: string,
): Promise<Viewer> {
  const viewer = await identify(engine, request, correlationId, undefined);
  if (viewer) return viewer;
  throw new AppError("Unauthenticated", "The session has ended. Sign in again.");
}
