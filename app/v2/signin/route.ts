import { z } from "zod";
import { SignIn } from "@/lib/domain/api";
import { cookieScope, sessionCookies } from "@/lib/http/cookies";
import { Reply } from "@/lib/http/reply";
import { route } from "@/lib/http/route";
import { signIn } from "@/lib/server/access";

export const POST = route(
  {
    access: "public",
    body: SignIn,
    response: z.object({ id: z.string(), email: z.string(), expires: z.string() }),
  },
  async ({ engine, request, body }) => {
    const session = await signIn(engine, body);
    const { id, email } = session.user;
    return new Reply(
      { id, email, expires: session.expiresAt.toISOString() },
      { cookies: sessionCookies(session, cookieScope(request, engine.env.publicUrl)) },
    );
  },
);
