import { account } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { createAccessToken, deleteAccessToken, listAccessTokens } from "@/lib/server/access";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(account.listTokens, async ({ engine, viewer }) => listAccessTokens(engine, viewer)),
  route(account.createToken, async ({ engine, viewer, body }) => createAccessToken(engine, viewer, body)),
  route(account.deleteNamedToken, async ({ engine, viewer, query }) =>
    deleteAccessToken(engine, viewer, query.id),
  ),
);
