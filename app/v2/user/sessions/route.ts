import { z } from "zod";
import { otherMethods } from "@/lib/http/methods";
import { Flag } from "@/lib/http/parse";
import { Reply } from "@/lib/http/reply";
import { SessionView } from "@/lib/domain/access";
import { route } from "@/lib/http/route";
import { clearedCookies, cookieScope } from "@/lib/http/session/cookies";
import { endSessions, listSessions } from "@/lib/server/access/users/account";

export const GET = route(
  { access: "account", summary: "Where one is signed in", response: z.array(SessionView) },
  async ({ engine, viewer }) => listSessions(engine, viewer),
);

export const DELETE = route(
  {
    access: "account",
    summary: "Sign out everywhere else, or everywhere",
    query: z.object({ everywhere: Flag.default(false) }),
    response: z.object({ ended: z.number() }),
  },
  async ({ engine, request, viewer, query }) => {
    const ended = await endSessions(engine, viewer, query);
    const cookies = query.everywhere ? clearedCookies(cookieScope(request, engine.env.publicUrl)) : [];
    return new Reply({ ended }, { cookies });
  },
);

export const { POST, PUT, PATCH, OPTIONS } = otherMethods("GET", "DELETE");
