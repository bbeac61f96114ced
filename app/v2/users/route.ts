import { people } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { listPeople } from "@/lib/server/access/users/people";
import { inviteUser } from "@/lib/server/access/users/users";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(people.list, async ({ engine, viewer }) => listPeople(engine, viewer)),
  route(people.invite, async ({ engine, body }) => inviteUser(engine, body)),
);
