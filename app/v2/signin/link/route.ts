import { z } from "zod";
import { otherMethods } from "@/lib/http/methods";
import { cookieScope, sessionCookies } from "@/lib/http/session/cookies";
import { redirect, redirectProblem } from "@/lib/http/session/redirect";
import { route } from "@/lib/http/route";
import { signedIn, SignedIn } from "@/lib/http/session/signed-in";
import { redeemSignInLink } from "@/lib/server/access";

/** The page's way: the token comes in the body, having been in the fragment of the address only. */
export const POST = route(
  {
    access: "public",
    summary: "Sign in with a one-time link's token",
    body: z.strictObject({ token: z.string().max(200) }),
    response: SignedIn,
  },
  async ({ engine, request, client, body }) =>
    signedIn(engine, request, await redeemSignInLink(engine, body.token, client)),
);

export const GET = route(
  {
    access: "public",
    summary: "Follow a one-time sign-in link",
    produces: ["text/html"],
    query: z.object({ token: z.string().max(200) }),
  },
  async ({ engine, request, client, query }) => {
    try {
      const session = await redeemSignInLink(engine, query.token, client);
      return redirect("/", sessionCookies(session, cookieScope(request, engine.env.publicUrl)));
    } catch (error) {
      return redirectProblem(error, "link");
    }
  },
);

export const { PUT, PATCH, DELETE } = otherMethods("GET", "POST");
