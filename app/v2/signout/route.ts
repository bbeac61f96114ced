import { session } from "@/lib/contract/people";
import { clearedCookies, cookieScope } from "@/lib/http/session/cookies";
import { Reply } from "@/lib/http/reply";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { signOut } from "@/lib/server/access";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(session.signOut, async ({ engine, request, viewer }) => {
    if (viewer?.sessionId) await signOut(engine, viewer.sessionId);
    return new Reply(
      { signedOut: true as const },
      { cookies: clearedCookies(cookieScope(request, engine.env.publicUrl)) },
    );
  }),
);
