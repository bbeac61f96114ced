import { z } from "zod";
import { AppError } from "@/lib/domain/error";
import { cookieScope, sessionCookies } from "@/lib/http/session/cookies";
import { route } from "@/lib/http/route";
import { signedIn, SignedIn } from "@/lib/http/session/signed-in";
import { redeemSignInLink } from "@/lib/server/access";

function redirect(location: string, cookies: readonly string[] = []): Response {
  // The address holds the token; it must not travel on as a referrer.
  const headers = new Headers({ location, "referrer-policy": "no-referrer" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

/** The page's way: the token comes in the body, having been in the fragment of the address only. */
export const POST = route(
  { access: "public", body: z.strictObject({ token: z.string().max(200) }), response: SignedIn },
  async ({ engine, request, client, body }) =>
    signedIn(engine, request, await redeemSignInLink(engine, body.token, client)),
);

export const GET = route(
  { access: "public", query: z.object({ token: z.string().max(200) }) },
  async ({ engine, request, client, query }) => {
    try {
      const session = await redeemSignInLink(engine, query.token, client);
      return redirect("/", sessionCookies(session, cookieScope(request, engine.env.publicUrl)));
    } catch (error) {
      if (error instanceof AppError && error.code === "Unauthenticated")
        return redirect("/sign-in?problem=link");
      throw error;
    }
  },
);
