import { account } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { deleteAccessToken } from "@/lib/server/access";
import { routes } from "@/lib/http/routes";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(account.deleteToken, async ({ engine, viewer, params }) =>
    deleteAccessToken(engine, viewer, params.tokenId),
  ),
);
