import { z } from "zod";
import { otherMethods } from "@/lib/http/methods";
import { clearedCookies, cookieScope } from "@/lib/http/session/cookies";
import { Reply } from "@/lib/http/reply";
import { route } from "@/lib/http/route";
import { signOut } from "@/lib/server/access";

export const POST = route(
  { access: "public", summary: "End the session", response: z.object({ signedOut: z.literal(true) }) },
  async ({ engine, request, viewer }) => {
    if (viewer?.sessionId) await signOut(engine, viewer.sessionId);
    return new Reply(
      { signedOut: true as const },
      { cookies: clearedCookies(cookieScope(request, engine.env.publicUrl)) },
    );
  },
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
