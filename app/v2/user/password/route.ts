import { z } from "zod";
import { ChangePassword } from "@/lib/domain/access/requests";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { changePassword } from "@/lib/server/access/users/account";

export const POST = route(
  {
    access: "account",
    summary: "Change one's own password and end one's other sessions",
    body: ChangePassword,
    response: z.object({ endedSessions: z.number() }),
  },
  async ({ engine, viewer, body }) => changePassword(engine, viewer, body),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
