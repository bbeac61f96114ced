import { SignIn, SignedIn } from "@/lib/domain/wire/api";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { signedIn } from "@/lib/http/session/signed-in";
import { signIn } from "@/lib/server/access";

export const POST = route(
  { access: "public", summary: "Sign in with e-mail and password", body: SignIn, response: SignedIn },
  async ({ engine, viewer, request, client, body }) =>
    signedIn(engine, request, await signIn(engine, body, client, viewer)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
