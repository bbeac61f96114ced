import { account } from "@/lib/contract/people";
import { Reply } from "@/lib/http/reply";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { clearedCookies, cookieScope } from "@/lib/http/session/cookies";
import { endSessions, listSessions } from "@/lib/server/access/users/account";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(account.listSessions, async ({ engine, viewer }) => listSessions(engine, viewer)),
  route(account.endSessions, async ({ engine, request, viewer, query }) => {
    const ended = await endSessions(engine, viewer, query);
    const cookies = query.everywhere ? clearedCookies(cookieScope(request, engine.env.publicUrl)) : [];
    return new Reply({ ended }, { cookies });
  }),
);
