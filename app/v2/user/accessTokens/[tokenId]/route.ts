import { z } from "zod";
import { AccessTokenView } from "@/lib/domain/access";
import { otherMethods } from "@/lib/http/methods";
import { route } from "@/lib/http/route";
import { deleteAccessToken } from "@/lib/server/access";

export const DELETE = route(
  {
    access: "account",
    summary: "Delete an access token, named by its id or by itself",
    params: z.object({ tokenId: z.string().max(300) }),
    response: AccessTokenView,
  },
  async ({ engine, viewer, params }) => deleteAccessToken(engine, viewer, params.tokenId),
);

export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
