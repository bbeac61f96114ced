import { z } from "zod";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { signOutUser } from "@/lib/server/access/users/users";

export const DELETE = route(
  {
    access: "super-admin",
    summary: "Sign a user out everywhere",
    params: z.object({ userId: z.string().max(100) }),
    response: z.object({ ended: z.number() }),
  },
  async ({ engine, params }) => ({ ended: await signOutUser(engine, params.userId) }),
);

export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
