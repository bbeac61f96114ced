import { z } from "zod";
import { InviteUser } from "@/lib/domain/access/requests";
import { Person, UserWithLink } from "@/lib/domain/access";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { listPeople } from "@/lib/server/access/users/people";
import { inviteUser } from "@/lib/server/access/users/users";

export const GET = route(
  {
    access: "signed-in",
    summary: "The people one may know by name; for super admins every account",
    response: z.array(Person),
  },
  async ({ engine, viewer }) => listPeople(engine, viewer),
);

export const POST = route(
  {
    access: "super-admin",
    summary: "Invite a user",
    description:
      "Without a password the answer holds the path of a link that signs them in once, shown only here.",
    body: InviteUser,
    response: UserWithLink,
    confidential: true,
  },
  async ({ engine, body }) => inviteUser(engine, body),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
