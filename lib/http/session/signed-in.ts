import { z } from "zod";
import type { NewSession } from "@/lib/server/access";
import type { Engine } from "@/lib/server/engine";
import { cookieScope, sessionCookies } from "./cookies";
import { Reply } from "../reply";

export const SignedIn = z.object({ id: z.string(), email: z.string(), expires: z.string() });

/** The answer to a sign-in, with the cookies of its session. */
export function signedIn(
  engine: Pick<Engine, "env">,
  request: Request,
  session: NewSession,
): Reply<z.infer<typeof SignedIn>> {
  const { id, email } = session.user;
  return new Reply(
    { id, email, expires: session.expiresAt.toISOString() },
    { cookies: sessionCookies(session, cookieScope(request, engine.env.publicUrl)) },
  );
}
