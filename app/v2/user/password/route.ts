import { account } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { changePassword } from "@/lib/server/access/users/account";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(account.changePassword, async ({ engine, viewer, body }) => changePassword(engine, viewer, body)),
);
