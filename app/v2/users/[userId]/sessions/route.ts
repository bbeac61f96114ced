import { people } from "@/lib/contract/people";
import { route } from "@/lib/http/route";
import { routes } from "@/lib/http/routes";
import { signOutUser } from "@/lib/server/access/users/users";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(people.signOut, async ({ engine, params }) => ({ ended: await signOutUser(engine, params.userId) })),
);
