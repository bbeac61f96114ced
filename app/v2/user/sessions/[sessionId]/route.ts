import { z } from "zod";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { endSession } from "@/lib/server/access/users/account";

export const DELETE = route(
  {
    access: "account",
    summary: "End one of one's sessions",
    params: z.object({ sessionId: z.string().max(100) }),
    response: z.object({ id: z.string() }),
  },
  async ({ engine, viewer, params }) => {
    await endSession(engine, viewer, params.sessionId);
    return { id: params.sessionId };
  },
);

export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
