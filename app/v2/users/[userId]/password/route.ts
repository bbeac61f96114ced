import { people } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { resetPassword } from "@/lib/server/access/users/users";
import { routes } from "@/lib/http/routes";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(people.resetPassword, async ({ engine, params }) => resetPassword(engine, params.userId)),
);
