import { z } from "zod";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { cookieScope, flowCookie, originOf } from "@/lib/http/session/cookies";
import { redirect, redirectProblem } from "@/lib/http/session/redirect";
import { beginOidc } from "@/lib/server/access/oidc/flow";

export const GET = route(
  {
    access: "public",
    summary: "Go to the OIDC provider to sign in",
    answers: { 303: "On to the provider, or to the sign-in page that says what went wrong" },
    query: z.object({ next: z.string().max(2000).optional() }),
  },
  async ({ engine, request, query }) => {
    const { publicUrl } = engine.env;
    try {
      const { location, flow } = await beginOidc(engine, originOf(request, publicUrl), query.next);
      return redirect(location, [flowCookie(flow, cookieScope(request, publicUrl))]);
    } catch (error) {
      return redirectProblem(error, "oidc");
    }
  },
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
