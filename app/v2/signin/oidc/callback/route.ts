import { session } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { cookieScope, flowCookie, flowOf, originOf, sessionCookies } from "@/lib/http/session/cookies";
import { redirect, redirectProblem } from "@/lib/http/session/redirect";
import { finishOidc } from "@/lib/server/access/oidc/flow";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(session.finishOidc, async ({ engine, request, client }) => {
    const { publicUrl } = engine.env;
    const scope = cookieScope(request, publicUrl);
    const done = flowCookie(null, scope);
    const origin = originOf(request, publicUrl);
    const { search } = new URL(request.url);
    try {
      const { session, next } = await finishOidc(
        engine,
        { origin, search, flow: flowOf(request, scope) },
        client,
      );
      return redirect(next, [done, ...sessionCookies(session, scope)]);
    } catch (error) {
      return redirectProblem(error, "oidc", [done]);
    }
  }),
);
