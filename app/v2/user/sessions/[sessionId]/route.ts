import { account } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { endSession } from "@/lib/server/access/users/account";
import { routes } from "@/lib/http/routes";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(account.endSession, async ({ engine, viewer, params }) => {
    await endSession(engine, viewer, params.sessionId);
    return { id: params.sessionId };
  }),
);
