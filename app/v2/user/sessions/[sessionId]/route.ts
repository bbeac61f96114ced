import { account } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { endSession } from "@/lib/server/access/users/account";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(account.endSession, async ({ engine, viewer, params }) => {
    await endSession(engine, viewer, params.sessionId);
    return { id: params.sessionId };
  }),
);
