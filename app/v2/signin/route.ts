import { session } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { signedIn } from "@/lib/http/session/signed-in";
import { signIn } from "@/lib/server/access";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(session.signIn, async ({ engine, viewer, request, client, body }) =>
    signedIn(engine, request, await signIn(engine, body, client, viewer)),
  ),
);
