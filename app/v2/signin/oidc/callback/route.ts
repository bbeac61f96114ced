import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { cookieScope, flowCookie, flowOf, originOf, sessionCookies } from "@/lib/http/session/cookies";
import { redirect, redirectProblem } from "@/lib/http/session/redirect";
import { finishOidc } from "@/lib/server/access/oidc/flow";

export const GET = route(
  {
    access: "public",
    summary: "Where the OIDC provider sends the browser back to",
    answers: { 303: "Signed in and on to the console, or to the sign-in page that says what went wrong" },
  },
  async ({ engine, request, client }) => {
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
  },
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
