import { z } from "zod";
import { SignedIn } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { redirect } from "@/lib/http/session/redirect";
import { route } from "@/lib/http/route";
import { signedIn } from "@/lib/http/session/signed-in";
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
    summary: "Go to the page that signs in with a one-time link",
    description: "The link stays good: programs that look at links in e-mails follow them too.",
    answers: { 303: "To the page, with the token where no server sees it" },
    query: z.object({ token: z.string().max(200) }),
  },
  ({ query }) => Promise.resolve(redirect(`/sign-in?next=/#link=${encodeURIComponent(query.token)}`)),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
