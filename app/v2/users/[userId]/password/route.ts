import { z } from "zod";
import { UserWithLink } from "@/lib/domain/access";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { resetPassword } from "@/lib/server/access/users/users";

export const POST = route(
  {
    access: "super-admin",
    summary: "Take a user's password away and give them a sign-in link",
    params: z.object({ userId: z.string().max(100) }),
    response: UserWithLink,
    confidential: true,
  },
  async ({ engine, params }) => resetPassword(engine, params.userId),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
