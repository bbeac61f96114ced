import { z } from "zod";
import { PatchUser } from "@/lib/domain/access/requests";
import { UserView } from "@/lib/domain/access";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { patchUser } from "@/lib/server/access/users/users";

export const PATCH = route(
  {
    access: "super-admin",
    summary: "Rename, disable, enable or promote a user",
    params: z.object({ userId: z.string().max(100) }),
    body: PatchUser,
    response: UserView,
  },
  async ({ engine, viewer, params, body }) => patchUser(engine, viewer, params.userId, body),
);

export const { GET, POST, PUT, DELETE, OPTIONS } = otherMethods("PATCH");
