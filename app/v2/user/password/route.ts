import { account } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { changePassword } from "@/lib/server/access/users/account";
import { routes } from "@/lib/http/routes";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(account.changePassword, async ({ engine, viewer, body }) => changePassword(engine, viewer, body)),
);
