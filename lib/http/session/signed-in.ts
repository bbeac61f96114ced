import type { SignedIn } from "@/lib/domain/wire/api";
import type { NewSession } from "@/lib/server/access";
import type { Engine } from "@/lib/server/engine";
import { cookieScope, sessionCookies } from "./cookies";
import { Reply } from "../reply";

/** The answer to a sign-in, with the cookies of its session. */
export function signedIn(
  engine: Pick<Engine, "env">,
  request: Request,
  session: NewSession,
): Reply<SignedIn> {
  const { id, email } = session.user;
  return new Reply(
    { id, email, expires: session.expiresAt.toISOString() },
    { cookies: sessionCookies(session, cookieScope(request, engine.env.publicUrl)) },
  );
}
