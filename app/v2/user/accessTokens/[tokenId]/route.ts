import { account } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { deleteAccessToken } from "@/lib/server/access";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(account.deleteToken, async ({ engine, viewer, params }) =>
    deleteAccessToken(engine, viewer, params.tokenId),
  ),
);
