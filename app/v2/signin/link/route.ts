import { session } from "@/lib/contract/people";
import { redirect } from "@/lib/http/session/redirect";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { signedIn } from "@/lib/http/session/signed-in";
import { redeemSignInLink } from "@/lib/server/access";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  /** The page's way: the token comes in the body, having been in the fragment of the address only. */
  route(session.redeemLink, async ({ engine, request, client, body }) =>
    signedIn(engine, request, await redeemSignInLink(engine, body.token, client)),
  ),
  route(session.openLink, ({ query }) =>
    Promise.resolve(redirect(`/sign-in?next=/#link=${encodeURIComponent(query.token)}`)),
  ),
);
