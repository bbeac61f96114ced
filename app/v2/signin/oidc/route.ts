import { session } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { cookieScope, flowCookie, originOf } from "@/lib/http/session/cookies";
import { redirect, redirectProblem } from "@/lib/http/session/redirect";
import { beginOidc } from "@/lib/server/access/oidc/flow";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(session.beginOidc, async ({ engine, request, query }) => {
    const { publicUrl } = engine.env;
    try {
      const { location, flow } = await beginOidc(engine, originOf(request, publicUrl), query.next);
      return redirect(location, [flowCookie(flow, cookieScope(request, publicUrl))]);
    } catch (error) {
      return redirectProblem(error, "oidc");
    }
  }),
);
