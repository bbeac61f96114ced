import { people } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { patchUser } from "@/lib/server/access/users/users";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(people.patch, async ({ engine, viewer, params, body }) =>
    patchUser(engine, viewer, params.userId, body),
  ),
);
