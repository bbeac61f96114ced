import { people } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { resetPassword } from "@/lib/server/access/users/users";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(people.resetPassword, async ({ engine, params }) => resetPassword(engine, params.userId)),
);
